"""CXCZK: whether a recharge card is good, by the number printed on it. When it was used, and for
whom, is told to nobody."""

from __future__ import annotations

from typing import Final

from commands.model.care.due_times import due_after
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.tickets import TicketDetails

ASKED: Final = "card_check"  # each question is counted as this
DAY: Final = 24 * 3600
DOUBTFUL: Final = "17"  # as sixth and seventh digit: such cards are looked at by people


def card_check(request: Request, hall: Hall) -> Reply:
    attempts, now = hall.attempts, request.now
    if request.phone:  # calls that show no number are not one and the same
        if attempts.count(ASKED, request.phone, now - DAY) >= hall.settings.card_checks_a_day:
            raise Refusal("q.card.limit", {"times": hall.settings.card_checks_a_day})
        attempts.add(ASKED, request.phone, now)
    serial = str(request.args["serial"])
    if serial[5:7] == DOUBTFUL:
        return _ticket(serial, request, hall)
    card = hall.cards.by_serial(serial)
    good = card is not None and card.state == "good"
    return Reply("q.card.ok" if good else "q.card.bad")


def _ticket(serial: str, request: Request, hall: Hall) -> Reply:
    """Nothing is promised about the card."""
    rules, zone = hall.settings.tickets, hall.catalogue.zone
    due_at = due_after(request.now, rules.kind("card").due, zone, hall.workdays, rules.hours)
    details = TicketDetails(
        region=str(hall.regions.of(request.phone) or ""), origin=request.interface
    )
    ticket = hall.tickets.open(
        "card", request.phone, serial, due_at, request.now, request.id, details=details
    )
    return Reply("q.card.ticket", {"number": ticket.number})
