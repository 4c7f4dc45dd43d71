"""Mistakes that are made on purpose: each is one that somebody might make, and none may go unseen.

A mistake is a change to the running program, taken back when the story is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from commands.dispatch import confirmation, dispatcher
from commands.model.request import ConfirmRule
from gateway.channels.smpp.sms import OK, BoundLink
from gateway.delivery import outbox as outbox_module
from gateway.delivery.lines import DeliveryLines
from gateway.delivery.outbox import Outbox
from gateway.delivery.retrying import GiveUp
from gateway.model.message_id import MessageIds
from gateway.model.messages import SendOutcome
from gateway.security.encryption import Seal
from gateway.serving.batch import BatchServer
from gateway.serving.desk import Unavailable
from gateway.serving.redelivery import RepetitionCheck
from gateway.serving.unit_of_work import UnitOfWork
from gateway.serving.work import Served
from gateway.store import message_parts
from gateway.store.messages import Messages
from gateway.store.ports.accounts import SqlAccounts
from gateway.store.receipts import SqlReceipts
from gateway.store.tables import ledger, receipts
from smpp.statuses import StatusVerdict, Treatment
from tests.simulation.plants_of_several import OF_SEVERAL, Change, Plant
from tests.simulation.troubles import CALM


def _colliding_ids() -> list[Change]:
    def next_id(ids: Any) -> int:
        return (int(ids._wall() * 100) * 10 << 21) | 8

    return [(MessageIds, "next", next_id)]


def _watermark_forgotten() -> list[Change]:
    return [(Messages, "proven", lambda messages, connection, proven: None)]


def _redelivery_not_recognised() -> list[Change]:
    return [(RepetitionCheck, "verdict", lambda check, message: None)]


def _start_forgets_what_may_come_again() -> list[Change]:
    return [(BatchServer, "remember_unproven", lambda server: None)]


def _lines_without_order() -> list[Change]:
    def join(lines: Any, delivery: Any) -> bool:
        return True

    return [(DeliveryLines, "join", join), (DeliveryLines, "leave", lambda lines, delivery: None)]


def _replies_swapped() -> list[Change]:
    kept = Messages.waiting

    def waiting(messages: Any, connection: Any, slots: Any, limit: int, now_ms: int) -> Any:
        return kept(messages, connection, slots, limit, now_ms)[::-1]

    return [(Messages, "waiting", waiting)]


def _effect_outside_the_transaction() -> list[Change]:
    keep = UnitOfWork.keep

    def in_two(unit: Any) -> None:
        driver = unit._connection.connection.driver_connection
        driver.execute("COMMIT")
        driver.execute("BEGIN IMMEDIATE")
        keep(unit)

    return [(UnitOfWork, "keep", in_two)]


def _settled_before_the_answer() -> list[Change]:
    submit = BoundLink.submit

    def submitted(link: Any, part: Any) -> None:
        submit(link, part)
        taken = StatusVerdict(Treatment.ACCEPTED, "")
        if part.delivery.unanswered:
            link.channel.outbox.answered(link, part, taken, "")

    def ignored(outbox: Any, *_: Any) -> None:
        """It has been told already."""

    return [(BoundLink, "submit", submitted), (Outbox, "detach", _only_detached)]


def _only_detached(outbox: Any, route: Any, unanswered: Any) -> None:
    outbox.links.detach(route)


def _acknowledged_before_it_is_kept() -> list[Change]:
    delivered = BoundLink._delivered

    def at_once(link: Any, connection: Any, sequence: int, pdu: Any) -> Any:
        connection.answer(sequence, OK)
        return delivered(link, connection, sequence, pdu)

    return [(BoundLink, "_delivered", at_once)]


def _failure_taken_for_success() -> list[Change]:
    serve = BatchServer.serve

    def served(server: Any, batch: Any, *, again: bool = True) -> Any:
        try:
            return serve(server, batch, again=again)
        except Unavailable:
            return [Served()] * len(batch)

    return [(BatchServer, "serve", served)]


def _outbox_not_read_at_the_start() -> list[Change]:
    return [
        (Outbox, "start", lambda outbox: setattr(outbox, "behind", False)),
        (Outbox, "look", lambda outbox: None),
    ]


def _settled_and_not_kept() -> list[Change]:
    return [(Messages, "settle", lambda messages, connection, settled: None)]


def _known_messages_taken_again() -> list[Change]:
    loaded = Outbox.loaded

    def all_taken(outbox: Any, messages: Any, asked: int) -> None:
        outbox._known.difference_update(one.id for one in messages)
        loaded(outbox, messages, asked)

    return [(Outbox, "loaded", all_taken)]


def _given_up_when_throttled() -> list[Change]:
    return [(outbox_module, "after_failure", lambda *_, **__: GiveUp("not now"))]


def _consent_not_checked() -> list[Change]:
    """Who asks for something has agreed to it: the confirm is not waited for."""
    perform = dispatcher._perform

    def at_once(turn: Any, request: Any) -> Any:
        free = replace(request.spec, confirm=ConfirmRule.NONE)
        return perform(turn, replace(request, spec=free))

    return [(dispatcher, "_perform", at_once)]


def _declined_is_agreed() -> list[Change]:
    def agreed(turn: Any, said: Any, *_: Any) -> Any:
        order = turn.hall.orders.consume(said.pending.order, said.word, turn.context.now)
        return confirmation._carry_out(turn, order)

    return [(confirmation, "_declined", agreed)]


def _receipts_of_the_wrong_message() -> list[Change]:
    expect, last = SqlReceipts.expect, [0]

    def of_another(noted: Any, settled: SendOutcome) -> Any:
        before, last[0] = last[0] or settled.id, settled.id
        return expect(noted, settled._replace(id=before))

    return [(SqlReceipts, "expect", of_another)]


def _parts_without_the_sender() -> list[Change]:
    keep = message_parts.SqlParts.keep

    def of_anybody(parts: Any, part: Any, fragment: Any) -> Any:
        return keep(parts, part._replace(source=part.port), fragment)

    return [(message_parts.SqlParts, "keep", of_anybody)]


def _words_in_the_log() -> list[Change]:
    kept = UnitOfWork._kept

    def told(unit: Any, entry: Any, *more: Any, **named: Any) -> Any:
        result = kept(unit, entry, *more, **named)
        unit.events[-1]["text"] = getattr(entry.message, "text", "")
        return result

    return [(UnitOfWork, "_kept", told)]


def _store_in_plain() -> list[Change]:
    return [
        (Seal, "seal", lambda seal, text: b"plain" + text.encode()),
        (Seal, "open", _opened),
    ]


def _opened(seal: Any, sealed: bytes, kept: Any = Seal.open) -> str:
    return sealed[5:].decode() if sealed.startswith(b"plain") else kept(seal, sealed)


def _money_not_booked() -> list[Change]:
    book = SqlAccounts._book

    def unbooked(accounts: Any, msisdn: str, kind: str, fen: int, *more: Any) -> Any:
        account = book(accounts, msisdn, kind, fen, *more)
        last = select(func.max(ledger.c.id)).scalar_subquery()
        accounts._connection.execute(delete(ledger).where(ledger.c.id == last))
        return account

    return [(SqlAccounts, "_book", unbooked)]


def _receipt_lost_when_settled_twice() -> list[Change]:
    kept = SqlReceipts._expect

    def forgotten(self: Any, settled: SendOutcome, message_id: str) -> Any:
        smsc = self._smscs.of(settled.link)
        mine = (receipts.c.smsc == smsc) & (receipts.c.message_id == message_id)
        known = receipts.c.outbox_id == settled.id
        self._connection.execute(update(receipts).where(mine, known).values(state=""))
        return kept(self, settled, message_id)

    return [(SqlReceipts, "_expect", forgotten)]


PLANTS: Final[dict[str, Plant]] = {
    **OF_SEVERAL,
    "colliding ids": _colliding_ids,
    "watermark forgotten": _watermark_forgotten,
    "redelivery not recognised": _redelivery_not_recognised,
    "a start forgets what may come again": _start_forgets_what_may_come_again,
    "lines without order": _lines_without_order,
    "replies swapped": _replies_swapped,
    "effect outside the transaction": _effect_outside_the_transaction,
    "settled before the answer came": _settled_before_the_answer,
    "acknowledged before it is kept": _acknowledged_before_it_is_kept,
    "failure taken for success": _failure_taken_for_success,
    "outbox not read at the start": _outbox_not_read_at_the_start,
    "settled and not kept": _settled_and_not_kept,
    "known messages taken again": _known_messages_taken_again,
    "given up when throttled": _given_up_when_throttled,
    "consent not checked": _consent_not_checked,
    "declined is agreed": _declined_is_agreed,
    "receipts of the wrong message": _receipts_of_the_wrong_message,
    "a receipt is lost when it is settled twice": _receipt_lost_when_settled_twice,
    "parts joined without the sender": _parts_without_the_sender,
    "money not booked": _money_not_booked,
    "words in the log": _words_in_the_log,
    "store in plain": _store_in_plain,
}


SEEN_AT: Final[dict[str, int]] = {
    "a receipt is lost when it is settled twice": 2,
    "a start forgets what may come again": 11,
    "acknowledged before it is kept": 4,
    "binds of the dead stay up": 44,
    "declined is agreed": 6,
    "doubt is not noted": 12,
    "effect outside the transaction": 17,
    "everybody sends all": 17,
    "failure taken for success": 4,
    "given up when throttled": 11,
    "handed rows forgotten": 99,
    "handed rows not looked for": 99,
    "known messages taken again": 12,
    "late answers forgotten": 14,
    "lines without order": 45,
    "no fence": 15,
    "nobody asks who has the waiting rows": 16,
    "nobody waits for the verdict": 27,
    "outbox not read at the start": 11,
    "overtaking is not thought of": 17,
    "parts joined without the sender": 4,
    "parts of each bind apart": 6,
    "redelivery by another gateway not recognised": 16,
    "redelivery not recognised": 12,
    "replies swapped": 11,
    "standing still is not noticed": 12,
    "the dead are left alone": 3,
    "the view is not waited for": 16,
    "turns ignored": 64,
    "watermark forgotten": 55,
    "what waited on a link is taken for new": 12,
    "what waits for its answer is taken for new": 12,
}
"""Seeds that found those which many do not, when last somebody looked."""
SHOWN_BY: Final[dict[str, str]] = {
    "a receipt is lost when it is settled twice": "store doubtful",
    "a start forgets what may come again": "dies after a commit",
    "binds of the dead stay up": "dies after a commit",
    "doubt is not noted": "doubts a commit",
    "effect outside the transaction": "dies before a commit",
    "handed rows forgotten": CALM,
    "handed rows not looked for": CALM,
    "late answers forgotten": "busy",
    "no fence": "stands still while nothing leaves",
    "nobody waits for the verdict": "link lost",
    "overtaking is not thought of": "busy",
    "parts joined without the sender": "everybody complains",
    "redelivery by another gateway not recognised": "link lost",
    "redelivery not recognised": "link lost",
    "turns ignored": "killed behind two turns",
    "the view is not waited for": "newcomer loses a link",
    "watermark forgotten": "link lost",
    "what waited on a link is taken for new": "link stands still",
    "what waits for its answer is taken for new": "busy",
}
"""The only trouble in the stories in which these are looked for: among all others they show in one
of a thousand, or in none. What is only late is seen where nothing goes wrong."""


@contextmanager
def planted(name: str) -> Iterator[None]:
    """While it lasts; empty: no mistake."""
    changes = PLANTS[name]() if name else []
    before = [(where, what, where.__dict__[what]) for where, what, _ in changes]
    for where, what, now in changes:
        setattr(where, what, now)
    try:
        yield
    finally:
        for where, what, was in before:
            setattr(where, what, was)
