"""What must be so at the end of every story, whatever went wrong in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, create_engine, select

from commands.model.request import Secret
from gateway.model.message_id import moment_of
from gateway.security.encryption import Seal
from gateway.store.messages import ACCEPTED, words_of
from gateway.store.ports.passwords import password_mark
from gateway.store.tables import (
    cards,
    inbox,
    ledger,
    orders,
    outbox,
    receipts,
    subscribers,
    subscriptions,
    tickets,
)
from simulators.smsc.audit import AuditedSubmit, national_number
from tests.simulation.conversations import RECHARGE, yuan
from tests.simulation.diallers import Dialler
from tests.simulation.excuses import Excuses
from tests.simulation.hall import Hall
from tests.simulation.left_behind import left_behind
from tests.simulation.people import Belief, Person, Shown
from tests.simulation.template import KEY

PROMPT: Final = 6.0
"""Seconds within which a message has its answer on the way, where nothing goes wrong."""


@dataclass(frozen=True)
class Looked:
    """A hall whose gateways have ended, and its store."""

    hall: Hall
    connection: Connection
    seal: Seal
    excuses: Excuses
    calm: bool

    def rows(self, query: Any) -> Sequence[Any]:
        return self.connection.execute(query).all()


def findings(hall: Hall, *, calm: bool) -> list[str]:
    """Each in words; none if all is well. `calm`: nothing has gone wrong."""
    found = [f"nobody handled: {error}" for error in hall.world.errors]
    engine = create_engine(f"sqlite:///{hall.store}")
    with engine.connect() as connection:
        looked = Looked(hall, connection, Seal(bytes.fromhex(KEY)), Excuses(hall, calm=calm), calm)
        for person in hall.people:
            found += [f"{person.number}: {what}" for what in _person(looked, person)]
        for dialler in hall.diallers:
            for look in (_dialled, _recharged):
                found += [f"{dialler.number}: {what}" for what in look(looked, dialler)]
        for caller in hall.callers:
            found += [f"{caller.number}: {what}" for what in caller.wrong(calm=calm)]
        for whole in (_outbox, _receipts, _cards, _late):
            found += whole(looked)
    engine.dispose()
    return [*found, *left_behind(hall)]


# -- what a subscriber notices ---------------------------------------------------------------------


def _person(looked: Looked, person: Person) -> Iterator[str]:
    """What he read may often be understood in several ways: one of them must be right."""
    person.ends()
    ways = [
        [
            what
            for check in (_answers, _repeats, _passed, _account)
            for what in check(looked, person, belief)
        ]
        for belief in person.best
    ]
    yield from min(ways, key=len)
    yield from _journal(looked, person)
    yield from _consent(looked, person)


def _answers(looked: Looked, person: Person, belief: Belief) -> Iterator[str]:
    """Each turn has its answer, and they came in the order of the turns."""
    for text in person.strange:
        yield f"reads what answers nothing: {text}"
    for turn in person.turns[belief.answered : person.written]:
        yield f"no answer to {turn.text[:40]}"
        break  # those behind it wait for it
    if person.written < len(person.turns):
        yield f"waits for an answer before {person.turns[person.written].text[:40]}"


def _repeats(looked: Looked, person: Person, belief: Belief) -> Iterator[str]:
    """Nothing is said twice but what may have been lost, or was asked for in the same words."""
    used: set[object] = set()
    for repeat in belief.repeats:
        excuse = looked.excuses.of(person.number, repeat, used)
        if excuse is None:
            told = _told_again(looked, person, belief, repeat)
            excuse = next((place for place in told if place not in used), None)
        if excuse is None:
            yield f"reads again, without a reason: {repeat.text}"
        used.add(excuse)


def _told_again(looked: Looked, person: Person, belief: Belief, repeat: Shown) -> Iterator[int]:
    """Turns that may have been taken for an earlier one: what had answered that answered them."""
    answers = person.answers(belief)
    for place in belief.passed:
        before = [answers[each].text for each in person.like(place) if each in answers]
        if repeat.text in before and _taken_for_an_earlier(looked, person, place, repeat.at):
            yield place


def _taken_for_an_earlier(
    looked: Looked, person: Person, place: int, until: float = math.inf
) -> bool:
    """Whether that turn, if it was sent before, may have been."""
    written = [one for one in looked.hall.smsc.audit.sent if one.msisdn == person.number]
    sent = [mo for mo in looked.hall.smsc.audit.written() if mo.lane == person.number]
    return any(
        mo.attempts[0].sent_at <= until and looked.excuses.looks_alike(mo, sent)
        for mo in written[place].mos
    )


def _passed(looked: Looked, person: Person, belief: Belief) -> Iterator[str]:
    """What looks like an earlier turn is answered too, unless it may have been that one again."""
    for place in belief.passed:
        if not _taken_for_an_earlier(looked, person, place):
            yield f"no answer to {person.turns[place].text[:40]}, though it is said again"


# -- what the store says ---------------------------------------------------------------------------


def _journal(looked: Looked, person: Person) -> Iterator[str]:
    """What was acknowledged was taken in once."""
    mine = select(inbox).where(inbox.c.phone == int(person.number), inbox.c.same_as == 0)
    kept = len(looked.rows(mine))
    sent = [mo for mo in looked.hall.smsc.audit.written() if mo.lane == person.number]
    if any(mo.outcome != 0 for mo in sent):
        yield "what he wrote was not taken"
    if not len(sent) - looked.excuses.lookalikes(sent) <= kept <= len(sent):
        yield f"wrote {len(sent)} parts, and {kept} were served as new"


def _account(looked: Looked, person: Person, belief: Belief) -> Iterator[str]:
    """Money, services, complaints and password are as the answers said."""
    number, account = int(person.number), belief.account
    (row,) = looked.rows(select(subscribers).where(subscribers.c.msisdn == number))
    booked = sum(row.fen for row in looked.rows(select(ledger).where(ledger.c.msisdn == number)))
    if row.balance_fen != account.balance:
        yield f"has {yuan(row.balance_fen)}, and was told {yuan(account.balance)}"
    if row.balance_fen != person.began.balance + booked:
        yield f"has {yuan(row.balance_fen)}, and the ledger {yuan(person.began.balance + booked)}"
    if row.password_mark != password_mark(looked.seal, person.number, Secret(account.password)):
        yield "has another password than he was told"
    held = looked.rows(
        select(subscriptions).where(subscriptions.c.msisdn == number, subscriptions.c.order_id > 0)
    )
    if sorted(each.service for each in held) != sorted(account.services):
        yield f"has {[each.service for each in held]}, and was told {sorted(account.services)}"
    told = looked.rows(select(tickets).where(tickets.c.phone == number))
    kept = [looked.seal.open(row.content_sealed) for row in told if row.content_sealed]
    # their numbers are of the gateways' clocks, which need not agree: the answers have the order
    if sorted(kept) != sorted(account.complaints):
        yield f"complained of {account.complaints}, and {kept} is noted"


def _consent(looked: Looked, person: Person) -> Iterator[str]:
    """Whatever costs or ends something was shown, read and agreed to before."""
    number = int(person.number)
    done = {
        row.id: row
        for row in looked.rows(select(orders).where(orders.c.phone == number))
        if row.state == "done"
    }
    held = looked.rows(select(subscriptions).where(subscriptions.c.msisdn == number))
    paid = looked.rows(select(ledger).where(ledger.c.msisdn == number, ledger.c.kind == "fee"))
    changed = {row.order_id for row in [*held, *paid]} | {row.close_order_id for row in held}
    for order in changed - {0}:
        if order not in done:
            yield f"something was changed by order {order}, to which nobody agreed"
            continue
        words = looked.seal.open(done[order].shown_sealed) if done[order].shown_sealed else ""
        moment = done[order].answered_at - looked.hall.world.wall() + looked.hall.world.now + 1.0
        if not any(one.text in words and one.at <= moment for one in person.shown):
            yield f"agreed to order {order} before he had read what it is"


def _outbox(looked: Looked) -> Iterator[str]:
    """All is settled, and what counts as taken was on the phone."""
    read = {person.number: {one.text for one in person.shown} for person in looked.hall.people}
    for row in looked.rows(select(outbox)):
        number = national_number(row.destination.rpartition(".")[2])
        if row.after_ms > looked.hall.world.wall() * 1000:
            continue  # it leaves another day
        if row.screen is not None or number not in read:
            continue  # a screen that nobody looked at any more
        if row.state != ACCEPTED:
            yield f"{number}: an answer was not taken: state {row.state}, {row.reason}"
        elif row.text_sealed is not None:
            words = words_of(looked.seal.open(row.text_sealed))
            if words not in read.get(number, ()):
                yield f"{number}: counts as taken, and was never read: {words}"


def _late(looked: Looked) -> Iterator[str]:
    """Where nothing goes wrong nobody waits, whichever gateway sends an answer."""
    for row in looked.rows(select(outbox).where(outbox.c.after_ms == 0)) if looked.calm else ():
        waited = row.settled_ms / 1000 - moment_of(row.id)
        if waited > PROMPT:
            yield f"{row.destination}: an answer took {waited:.1f} s, though nothing went wrong"


def _receipts(looked: Looked) -> Iterator[str]:
    """Each is noted for the message that it is about."""
    smsc = looked.hall.smsc
    base = 16 if looked.hall.hex_ids else 10
    sent: dict[int, AuditedSubmit] = {
        int(mt.message_id, base): mt for mt in smsc.audit.mts if mt.message_id
    }
    of = {row.id: row for row in looked.rows(select(outbox))}
    noted = {row.outbox_id for row in looked.rows(select(receipts)) if row.state == "delivered"}
    for row in looked.rows(select(receipts).where(receipts.c.outbox_id > 0)):
        mt = sent.get(int(row.message_id, base))
        message = of[row.outbox_id]
        if mt is None or not message.destination.endswith(national_number(mt.message.destination)):
            yield f"a receipt was noted for another's message: {row.message_id}"
    if looked.hall.all_receipts:
        taken = {id for id, row in of.items() if row.state == ACCEPTED and row.screen is None}
        missed = taken - noted
        if missed:
            yield f"{len(missed)} receipts were not noted"


def _cards(looked: Looked) -> Iterator[str]:
    """Each is used once, and its money is somebody's."""
    booked = looked.rows(select(ledger).where(ledger.c.kind == "recharge"))
    used = looked.rows(select(cards).where(cards.c.state == "used"))
    if sum(row.fen for row in booked) != sum(row.face_fen for row in used):
        yield f"{len(used)} cards were used, and {len(booked)} recharges booked"


def _dialled(looked: Looked, dialler: Dialler) -> Iterator[str]:
    """A screen for each step, and where nothing goes wrong every path to its end."""
    yield from dialler.wrong()
    if looked.calm and dialler.finished < len(dialler.paths):
        yield "did not see all screens, though nothing went wrong"


def _recharged(looked: Looked, dialler: Dialler) -> Iterator[str]:
    """Money is what the ledger says, and who got some was told of it, on the screen or by SMS."""
    number = int(dialler.number)
    (row,) = looked.rows(select(subscribers).where(subscribers.c.msisdn == number))
    booked = looked.rows(select(ledger).where(ledger.c.msisdn == number))
    if row.balance_fen != dialler.began + sum(each.fen for each in booked):
        yield f"has {yuan(row.balance_fen)}, and the ledger something else"
    told = [screen.text for dialogue in dialler.dialogues for screen in dialogue.screens]
    told += [one.text for one in looked.hall.smsc.phone(dialler.number).received]
    for count in range(1, len(booked) + 1):
        money = f"充值50.00元,当前余额{yuan(dialler.began + RECHARGE * count)}元"
        if not any(money in text for text in told):
            yield f"was recharged for the {count}. time, and was not told"
