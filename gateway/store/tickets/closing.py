"""A ticket ends: those that were joined to it end with it, and whoever opened them hears of it."""

from __future__ import annotations

from typing import Final

from commands.care.ticket_news import News
from gateway.model.ticket_record import HALL, TicketRecord, TicketStep
from gateway.store.tickets.ticket_rows import TicketRows

_DEEPEST: Final = 10  # of tickets joined to joined ones


def close_joined(
    rows: TicketRows, number: str, result: str, now: int, besides: frozenset[str] = frozenset()
) -> list[TicketRecord]:
    """Those that ended. Nobody hears twice of one cause: a phone among `besides`, or one that has
    been told by now, is told nothing."""
    ended: list[TicketRecord] = []
    numbers, phones = [number], set(besides)
    for _ in range(_DEEPEST):
        below = [one for each in numbers for one in rows.joined(each) if not one.result]
        for one in below:
            step = TicketStep(now, "done", HALL, number, result)
            if rows.move(one, step, result=result, done_at=one.done_at or now):
                ended.append(one)
                if one.phone and one.phone not in phones:
                    phones.add(one.phone)
                    rows.tell(one.id, News.DONE, now)
        numbers = [one.number for one in below]
        if not numbers:
            break
    return ended
