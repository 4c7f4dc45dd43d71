"""Asking how somebody was served, and taking the answer: 10 pleased, 9 fair, 8 not pleased."""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.daily_hours import not_before_opening
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import from_own_phone
from commands.model.turn import TurnOutcome, TurnState

ASKED: Final = "rating.asked"  # counted as these
GIVEN: Final = "rating.given"
WISH: Final = "rating"  # the preference: off for somebody who wants no such messages
RATES: Final = "fb.rate"  # the action that reads the rating sub-port


def asked_for(turn: TurnState, outcome: TurnOutcome) -> tuple[Reply, ...]:
    """After something was done: the question, due a while later. Once a day; not to somebody
    who declined it, nor where nobody could answer."""
    spec = turn.register.specs.get(outcome.action)
    port = turn.register.port_of(RATES)
    hall, phone, now = turn.hall, turn.context.phone, turn.context.now
    if spec is None or spec.operation not in hall.settings.rating.operations or not port:
        return ()
    account = hall.accounts.find(phone)
    if account is None or account.state is not NumberState.NORMAL or not may_ask(phone, hall, now):
        return ()
    return (question(phone, turn.context.channel.value, port, hall, now),)


def may_ask(phone: str, hall: Hall, now: int) -> bool:
    since = now - hall.settings.rating.every
    return (
        not hall.attempts.count(ASKED, phone, since) and hall.preferences.of(phone, WISH) != "off"
    )


def mark_asked(phone: str, hall: Hall, now: int) -> None:
    """This day's other services will not be asked about."""
    hall.attempts.add(ASKED, phone, now)


def question(phone: str, channel: str, port: str, hall: Hall, now: int) -> Reply:
    """A message of its own, which this day's other services will not be asked about."""
    mark_asked(phone, hall, now)
    rules = hall.settings.rating
    at = not_before_opening(now + rules.after, rules.hours, hall.catalogue.zone)
    return Reply("fb.ask", {"channel": channel}, to=phone, at=at, port=port)


def rate(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """PF#10, or 10 at the rating sub-port. One answer to one question. Raises Refusal."""
    from_own_phone(request)
    asked = hall.attempts.last(ASKED, request.phone)
    if not asked or request.now - asked > hall.settings.rating.answer:
        raise Refusal("fb.nothing")
    if hall.attempts.last(GIVEN, request.phone) >= asked:
        raise Refusal("fb.already")
    hall.attempts.add(GIVEN, request.phone, request.now)
    score = str(request.args["score"])
    hall.tickets.rate(request.phone, int(score), asked, request.now)
    hall.preferences.put(request.phone, "rating.score", score, request.interface, request.now)
    return (Reply("fb.thanks", {"score": int(score)}),)


def stop(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """TD at the rating sub-port."""
    from_own_phone(request)
    hall.preferences.put(request.phone, WISH, "off", request.interface, request.now)
    return (Reply("fb.stopped"),)
