"""Tickets as they are shown: in full to who may see that, else masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from commands.model.care.ticket_rules import Promise
from commands.parser.masking import masked_number, without_digits
from gateway.config.tickets.ticket_book import TicketBook
from gateway.model.ticket_record import TicketRecord, TicketStep
from gateway.wording.told_moments import minute_told

_SPAN: Final = re.compile("([0-9]{1,11})-([0-9]{1,11})")  # seconds since 1970


def shown_phone(ticket: TicketRecord, *, full: bool) -> str:
    return ticket.phone if full or not ticket.phone else masked_number(ticket.phone)


def shown_steps(steps: Sequence[TicketStep], *, full: bool) -> list[TicketStep]:
    """Words without what could be a number or a secret, unless in full."""
    if full:
        return list(steps)
    return [
        TicketStep(each.at, each.step, each.who, each.detail, without_digits(each.words))
        for each in steps
    ]


def detail_told(step: TicketStep, zone: tzinfo) -> str:
    """Of an appointment from when to when, on the hall's clock; else as it is kept."""
    found = _SPAN.fullmatch(step.detail)
    if found is None or step.step not in ("appoint", "boss appointed"):
        return step.detail
    begins, ends = (minute_told(int(moment), zone) for moment in found.groups())
    return f"{begins} – {ends}"


def category_name(ticket: TicketRecord, book: TicketBook) -> str:
    found = book.rules.kind(ticket.kind).categories.get(ticket.category)
    return str(found.name) if found else ticket.category


def ticket_lines(found: Sequence[TicketRecord], now: int, zone: tzinfo) -> Iterator[str]:
    """A line for each: what is late says so, and who has it."""
    for one in found:
        due = f"{datetime.fromtimestamp(one.due_at, zone):%m-%d %H:%M}"
        late = "  LATE" if one.late(now) else ""
        level = f"  level {one.level}" if one.level else ""
        where = f"  {one.team or one.region}" if one.team or one.region else ""
        has = f"  {one.holder}" if one.holder else ""
        what = one.said or one.recording
        yield (
            f"{one.number}  {one.kind:<10}  {one.state:<9}  {one.phone}  due {due}{late}{level}"
            f"{where}{has}  {what}"
        ).rstrip()


def at(moment: int, zone: tzinfo) -> str:
    """Empty for what has not been."""
    return datetime.fromtimestamp(moment, zone).isoformat(sep=" ") if moment else ""


def promised(due: Promise) -> str:
    """As conf/tickets.yaml writes it."""
    if due.working_days:
        return f"{due.working_days} working days"
    if due.working_seconds:
        return f"{due.working_seconds // 3600} working hours"
    return f"{due.seconds // 3600} h" if due.seconds % 3600 == 0 else f"{due.seconds // 60} min"
