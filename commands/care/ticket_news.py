"""What a subscriber hears of a ticket: that it is seen to, when somebody comes, that it takes
longer, how it ended. Nothing at night, unless it is urgent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commands.care import satisfaction_rating
from commands.model.care.ticket_rules import TicketRules
from commands.model.daily_hours import not_before_opening
from commands.model.hall import Hall
from commands.model.request import Reply
from commands.model.tickets import Ticket


class News(StrEnum):
    OPENED = "opened"  # by a colleague, for the subscriber
    ACCEPTED = "accepted"
    APPOINTED = "appointed"
    DELAYED = "delayed"
    REOPENED = "reopened"
    JOINED = "joined"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TicketNews:
    """`place`: where somebody comes to, or is expected."""

    what: News
    phone: str
    ticket: Ticket
    appointed_until: int = 0
    place: str = ""


def told(news: TicketNews, hall: Hall, now: int, rating_port: str = "") -> tuple[Reply, ...]:
    """The messages to send; none for what is no longer so."""
    ticket = news.ticket
    if _outdated(news):
        return ()
    at = polite(now, ticket.kind, hall)
    first = Reply(f"tk.told.{news.what}", _facts(news, hall), to=news.phone, at=at)
    if news.what is not News.DONE:
        return (first,)
    first = done(ticket, news.phone, hall, at)
    if not rating_port or ticket.joined_to:
        return (first,)
    if not satisfaction_rating.may_ask(news.phone, hall, now):
        return (first,)
    hall.tickets.asked(ticket.number, now)
    asked = satisfaction_rating.question(news.phone, "ticket", rating_port, hall, now)
    return (first, asked)


def done(ticket: Ticket, phone: str, hall: Hall, at: int) -> Reply:
    kind = hall.settings.tickets.kind(ticket.kind).name
    facts = {"kind": kind, "number": ticket.number, "result": ticket.result}
    return Reply("tk.done", facts, to=phone, at=at)


def polite(now: int, kind: str, hall: Hall) -> int:
    """From when on a message may leave; 0: at once."""
    at = polite_moment(hall.settings.tickets, kind, now, hall)
    return at if at > now else 0


def polite_moment(rules: TicketRules, kind: str, now: int, hall: Hall) -> int:
    if rules.kind(kind).urgent:
        return now
    return not_before_opening(now, rules.tell, hall.catalogue.zone)


def _outdated(news: TicketNews) -> bool:
    """It is over meanwhile, which is told instead; or it is not done any more."""
    if news.what is News.DONE:
        return not (news.ticket.over and news.ticket.result)
    return news.ticket.over and news.what is not News.JOINED


def _facts(news: TicketNews, hall: Hall) -> Mapping[str, object]:
    ticket = news.ticket
    facts: dict[str, object] = {
        "kind": hall.settings.tickets.kind(ticket.kind).name,
        "number": ticket.number,
        "due": ticket.due_at,
    }
    if news.what is News.APPOINTED:
        facts |= {
            "at": ticket.appointed_at, "until": news.appointed_until, "place": news.place,
        }  # fmt: skip
    if news.what is News.JOINED:
        facts["other"] = ticket.joined_to
    return facts
