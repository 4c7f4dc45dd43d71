"""TS, JY, GZ, JB, YYWX: a complaint, a suggestion, a fault, an unwanted message, a repair. Each
becomes a ticket with a number and a time by which it is looked after; the same once more does
not."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from commands.model.care.due_times import due_after
from commands.model.care.ticket_rules import Promise, TicketKind
from commands.model.hall import Hall
from commands.model.request import Channel, Refusal, Reply, Request
from commands.model.tickets import RecentTicket, Ticket, TicketDetails

OPENED: Final = "ticket"  # each is counted as this
_DAY: Final = 24 * 3600
_RECORDING: Final = re.compile(r"r[0-9]+")
_NO_WORDS: Final = re.compile(r"[\W_]+")
_DAYS_AHEAD: Final = 30  # a repair can be asked for


def complaint(request: Request, hall: Hall) -> tuple[Reply, ...]:
    return (_taken("complaint", request, hall),)


def fault(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Out in the country it takes longer to get there."""
    rules = hall.settings.tickets
    far = any(word in str(request.args["content"]) for word in rules.country_words)
    return (_taken("fault", request, hall, Promise(rules.country_due) if far else None),)


def suggestion(request: Request, hall: Hall) -> tuple[Reply, ...]:
    ticket = _open("suggestion", request, hall, _told(request))
    return (Reply("tk.suggestion.ok", {"number": ticket.number}),)


def spam(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """The number that sent it, and what it said."""
    ticket = _open("spam", request, hall, _told(request))
    return (Reply("tk.spam.ok", {"number": ticket.number}),)


def repair(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Somebody comes, on the day that is wished for if that can be. Raises Refusal."""
    now = datetime.fromtimestamp(request.now, hall.catalogue.zone).date()
    day = coming_day(str(request.args["day"]), now)
    if day is None:
        raise Refusal("tk.repair.day", {"days": _DAYS_AHEAD})
    told = f"希望{day:%m月%d日}上门。{request.args['content']}"
    ticket = _open("repair", request, hall, told)
    wished = int(datetime(day.year, day.month, day.day, 12, tzinfo=hall.catalogue.zone).timestamp())
    facts = {"number": ticket.number, "day": wished, "due": ticket.due_at}
    return (Reply("tk.repair.ok", facts),)


def coming_day(written: str, today: date) -> date | None:
    """MMDD within the coming month; None: it is not."""
    for year in (today.year, today.year + 1):
        try:
            day = date(year, int(written[:2]), int(written[2:]))
        except ValueError:
            continue
        if timedelta(0) <= day - today <= timedelta(_DAYS_AHEAD):
            return day
    return None


def _taken(kind: str, request: Request, hall: Hall, due: Promise | None = None) -> Reply:
    """Opened, or the same as one that is there."""
    told = _told(request)
    same = _same(kind, told, request, hall)
    if same is None:
        return _promise(_open(kind, request, hall, told, due), request)
    before = same.ticket
    name = hall.settings.tickets.kind(kind).name
    if not same.done_at:
        _open(kind, request, hall, told, due, joined_to=before.number)
        return Reply("tk.joined", {"kind": name, "number": before.number, "due": before.due_at})
    _within_the_days_count(request, hall)
    again = _due_at(hall.settings.tickets.kind(kind), request.now, hall, due)
    hall.tickets.reopen(request.contact, before.number, told, again, request.now)
    return Reply("tk.reopened", {"kind": name, "number": before.number, "due": again})


def _same(kind: str, told: str, request: Request, hall: Hall) -> RecentTicket | None:
    """About the same: in the same words, or of the same category. What was spoken is compared with
    nothing."""
    rules = hall.settings.tickets
    described = rules.kind(kind)
    if not described.joins or _spoken(request, told):
        return None
    category, words = described.category_of(told), _NO_WORDS.sub("", told)
    for each in hall.tickets.recent(request.contact, kind, request.now - rules.again):
        if each.done_at and each.done_at <= request.now - rules.again:
            continue
        if category and each.ticket.category == category:
            return each
        if words and words == _NO_WORDS.sub("", each.said):
            return each
    return None


def _open(
    kind: str, request: Request, hall: Hall, told: str, due: Promise | None = None,
    joined_to: str = "",
) -> Ticket:  # fmt: skip
    """Raises Refusal from somebody who writes one after the other."""
    _within_the_days_count(request, hall)
    phone, now, described = request.contact, request.now, hall.settings.tickets.kind(kind)
    due_at = _due_at(described, now, hall, due)
    recording = told if _spoken(request, told) else ""
    said = "" if recording else told
    details = TicketDetails(
        described.category_of(said),
        str(hall.regions.of(phone) or ""),
        request.interface,
        hand_over=described.hand_over and not joined_to,
        joined_to=joined_to,
        accept_by=_due_at(described, now, hall, hall.settings.tickets.accept),
    )
    return hall.tickets.open(kind, phone, said, due_at, now, request.id, recording, details)


def _within_the_days_count(request: Request, hall: Hall) -> None:
    phone, now = request.contact, request.now
    if hall.attempts.count(OPENED, phone, now - _DAY) >= hall.settings.tickets.a_day:
        raise Refusal("tk.many")
    hall.attempts.add(OPENED, phone, now)


def _due_at(kind: TicketKind, now: int, hall: Hall, due: Promise | None) -> int:
    hours = hall.settings.tickets.hours
    return due_after(now, due or kind.due, hall.catalogue.zone, hall.workdays, hours)


def _told(request: Request) -> str:
    return " ".join(str(request.args[n]) for n in ("sender", "content") if n in request.args)


def _spoken(request: Request, told: str) -> bool:
    return request.channel is Channel.VOICE and _RECORDING.fullmatch(told) is not None


def _promise(ticket: Ticket, request: Request) -> Reply:
    hours = (ticket.due_at - request.now) // 3600
    return Reply("tk.ok", {"name": request.spec.name, "number": ticket.number, "hours": hours})
