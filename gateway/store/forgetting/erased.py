"""What is erased: rows that go, and what is wiped in rows that stay. In this order, since some is
found by what goes later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Table, null, or_, select

from commands.model.tickets import OVER
from gateway.store.forgetting.number import ForgottenNumber, in_some
from gateway.store.messages import LEAVING, WAITING
from gateway.store.tables import (
    boss_events,
    calls,
    codes,
    dialogues,
    door_requests,
    errands,
    fragments,
    inbox,
    inbox_details,
    links,
    list_entries,
    list_import_lines,
    lookups,
    notice_numbers,
    notice_people,
    outbox,
    profiles,
    receipts,
    reminder_marks,
    reminders,
    ticket_steps,
    tickets,
    unasked,
)

Condition = Callable[[ForgottenNumber], ColumnElement[bool]]


class Erasure(NamedTuple):
    """`what` is for people. `wipes`: columns and what they become; empty: the rows go."""

    table: Table
    what: str
    where: Condition
    wipes: Mapping[str, Any] = {}


_DONE: Final = tickets.c.state.in_([state.value for state in OVER])


def _is(column: Any) -> Condition:
    return lambda number: number.is_(column)


def _stands_in(column: Any) -> Condition:
    return lambda number: number.stands_in(column)


def _old_inbox(number: ForgottenNumber) -> ColumnElement[bool]:
    return number.is_(inbox.c.phone) & (inbox.c.id < number.old)


def _details_of_old(number: ForgottenNumber) -> ColumnElement[bool]:
    return inbox_details.c.id.in_(select(inbox.c.id).where(_old_inbox(number)))


def _done_tickets(number: ForgottenNumber) -> ColumnElement[bool]:
    return number.is_(tickets.c.phone) & _DONE


def _worded_tickets(number: ForgottenNumber) -> ColumnElement[bool]:
    worded = or_(tickets.c.content_sealed.is_not(None), tickets.c.place_sealed.is_not(None),
                 tickets.c.result != "", tickets.c.recording != "")  # fmt: skip
    return _done_tickets(number) & worded


def _steps_of_done(number: ForgottenNumber) -> ColumnElement[bool]:
    mine = ticket_steps.c.ticket.in_(select(tickets.c.id).where(_done_tickets(number)))
    return mine & ticket_steps.c.words_sealed.is_not(None)


def _answered(number: ForgottenNumber) -> ColumnElement[bool]:
    return number.is_(door_requests.c.subject) & door_requests.c.answer_sealed.is_not(None)


def _told_errands(number: ForgottenNumber) -> ColumnElement[bool]:
    mine = number.is_(errands.c.phone) | number.is_(errands.c.subject)
    return mine & (errands.c.settled_at > 0) & errands.c.said_sealed.is_not(None)


def _worded_inbox(number: ForgottenNumber) -> ColumnElement[bool]:
    return number.is_(inbox.c.phone) & inbox.c.text_sealed.is_not(None)


def _stands_there(number: ForgottenNumber) -> ColumnElement[bool]:
    return number.stands_in(dialogues.c.who) | number.hidden_in(dialogues.c.state)


ERASED: Final = (
    Erasure(inbox_details, "how messages older than six months ended", _details_of_old),
    Erasure(inbox, "messages older than six months", _old_inbox),
    Erasure(inbox, "words that were sent to the hall", _worded_inbox, {"text_sealed": null()}),
    Erasure(calls, "calls older than six months",
            lambda number: number.is_(calls.c.phone) & (calls.c.id < number.old)),
    Erasure(fragments, "parts of messages", _stands_in(fragments.c.source)),
    Erasure(receipts, "receipts that came for it and are of no message that we know",
            _stands_in(receipts.c.speaks_of)),
    Erasure(dialogues, "open dialogues, menus and calls", _stands_there),
    Erasure(codes, "random codes", _is(codes.c.msisdn)),
    Erasure(links, "links that open once", _is(links.c.msisdn)),
    Erasure(list_entries, "its places in customer lists", _is(list_entries.c.msisdn)),
    Erasure(list_import_lines, "lines of files for customer lists",
            _is(list_import_lines.c.msisdn)),
    Erasure(unasked, "reminders and notices, told and waiting", _is(unasked.c.phone)),
    Erasure(notice_people, "its places in notices", _is(notice_people.c.phone)),
    Erasure(notice_numbers, "lines of files for notices", _is(notice_numbers.c.phone)),
    Erasure(boss_events, "what the BOSS told of it", _is(boss_events.c.msisdn)),
    Erasure(reminders, "what it was reminded of", _is(reminders.c.msisdn)),
    Erasure(lookups, "looks of operators at it, still open", _is(lookups.c.msisdn)),
    Erasure(ticket_steps, "words in the steps of tickets that are done", _steps_of_done,
            {"words_sealed": null()}),
    Erasure(tickets, "words, addresses and recordings of tickets that are done", _worded_tickets,
            {"content_sealed": null(), "place_sealed": null(), "result": "", "recording": ""}),
    Erasure(door_requests, "answers to other interfaces", _answered, {"answer_sealed": null()}),
    Erasure(errands, "words that told what the BOSS had done", _told_errands,
            {"said_sealed": null()}),
    Erasure(profiles, "its e-mail address",
            lambda number: number.is_(profiles.c.msisdn) & (profiles.c.email != ""), {"email": ""}),
    # last: triggers may have written them for what was changed above
    Erasure(reminder_marks, "marks of changes that were to be looked at",
            _is(reminder_marks.c.msisdn)),
)  # fmt: skip


def erased_of_sent(number: ForgottenNumber) -> Iterator[Erasure]:
    """Messages to it, by their ids."""
    for ids in in_some(number.sent):
        some = outbox.c.id.in_(ids)
        settled = some & outbox.c.state.not_in((WAITING, LEAVING))
        old = settled & (outbox.c.id < number.old)
        yield Erasure(outbox, "answers older than six months", _just(old))
        worded = settled & or_(outbox.c.text_sealed.is_not(None), outbox.c.screen.is_not(None))
        gone = {"text_sealed": null(), "screen": null()}
        yield Erasure(outbox, "words that the hall sent", _just(worded), gone)
        # as for what carries a password: their words go as soon as the network has them
        going = outbox.c.state.in_((WAITING, LEAVING))
        waits = some & going & outbox.c.secret.is_(False)
        what = "words that still wait to be sent: erased once they are"
        yield Erasure(outbox, what, _just(waits), {"secret": True})


def _just(condition: ColumnElement[bool]) -> Condition:
    return lambda _number: condition
