"""A ticket is done: whoever opened it is told how it ended. Staff call this, not subscribers."""

from __future__ import annotations

from commands.care.ticket_news import News, TicketNews, told
from commands.model.hall import Hall
from commands.model.request import Reply


def close(
    number: str, result: str, hall: Hall, now: int, rating_port: str = ""
) -> tuple[Reply, ...]:
    """The messages to send; none if there is no such ticket or it is closed already.

    `rating_port`: the sub-port that takes ratings; with it the subscriber is asked for one later,
    unless they were asked today or have declined."""
    closed = hall.tickets.close(number, result, now)
    if closed is None:
        return ()
    return told(TicketNews(News.DONE, closed.phone, closed.ticket), hall, now, rating_port)
