"""A ticket that somebody who works here opens for a subscriber: 投诉, and what the hotline arranges
at a hall (绿色通道)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from commands.auth.password_check import CLOSED, ELSEWHERE
from commands.care.ticket_news import News
from commands.model.care.ticket_rules import TicketKind
from commands.model.daily_hours import not_before_opening
from commands.model.request import Secret
from commands.model.settings import HallSettings
from commands.model.tickets import TicketDetails
from gateway.model.cluster_view import SLOTS
from gateway.model.message_id import COUNT_BITS, MessageIds, spoken_number
from gateway.model.operators.audit import DONE
from gateway.model.ticket_record import TicketRecord
from gateway.store.operators.audit import SqlAudit
from gateway.store.ports.accounts import SqlAccounts
from gateway.store.store import Store, TransactionPorts
from gateway.tickets.handling import TicketHandling
from gateway.tickets.refusals import StepForbidden, TicketRefusal, UnprovenSubscriber
from tariffs.file_problem import one_of

INTERFACE: Final = "staff"  # where it was opened
_TRIES: Final = 50
_LIMITS: Final = HallSettings()


@dataclass(frozen=True, slots=True)
class NewTicket:
    """`password`: the subscriber's service password, where the kind asks for it."""

    kind: str
    phone: str
    said: str
    category: str = ""
    password: Secret | None = None
    reason: str = ""


def open_for(handling: TicketHandling, store: Store, wanted: NewTicket) -> TicketRecord:
    """Raises TicketRefusal. After UnprovenSubscriber the transaction is to be kept: the wrong
    password counts."""
    kind = handling.book.rules.kinds.get(wanted.kind)
    if not handling.may("change"):
        raise StepForbidden("this takes the right tickets.change", wanted.phone)
    if kind is None:
        known = one_of(handling.book.rules.kinds, wanted.kind)
        raise TicketRefusal(f"there is no kind of ticket '{wanted.kind}'. {known}", wanted.phone)
    _check(wanted, kind)
    if SqlAccounts(handling.connection, store.calendar, lock=False).find(wanted.phone) is None:
        raise TicketRefusal("that number is nobody's here", wanted.phone)
    ports = store.ports(handling.connection)
    if kind.password:
        _proven(ports, wanted, handling.now)
    now, book = handling.now, handling.book
    details = TicketDetails(
        wanted.category or kind.category_of(wanted.said),
        book.home(wanted.phone),
        INTERFACE,
        handling.actor.operator,
        kind.hand_over,
        accept_by=book.after(book.rules.accept, now),
    )
    id, due = _new_id(handling), book.due(kind, now)
    made = ports.tickets.open(wanted.kind, wanted.phone, wanted.said, due, now, id, "", details)
    at = now if kind.urgent else not_before_opening(now, book.rules.tell, book.zone)
    handling.rows.tell(id, News.OPENED, at)
    entry = handling.actor.did(
        "tickets.open", now, subscriber=wanted.phone, reason=wanted.reason,
        result=f"{DONE}: ticket {made.number} {wanted.kind}",
    )  # fmt: skip
    SqlAudit(handling.connection, handling.seal).append(entry)
    return handling.find(made.number)


def _check(wanted: NewTicket, kind: TicketKind) -> None:
    """Raises TicketRefusal."""
    if not wanted.said.strip():
        raise TicketRefusal("a ticket says what it is about", wanted.phone)
    if wanted.category and wanted.category not in kind.categories:
        known = one_of(kind.categories, wanted.category)
        why = f"{wanted.kind} has no category '{wanted.category}'. {known}"
        raise TicketRefusal(why, wanted.phone)
    if kind.password and wanted.password is None:
        why = f"{wanted.kind} takes the subscriber's service password"
        raise TicketRefusal(why, wanted.phone)


def _proven(ports: TransactionPorts, wanted: NewTicket, now: int) -> None:
    """Counted with the wrong ones that came from other phones. Raises UnprovenSubscriber."""
    attempts, phone = ports.strikes, wanted.phone
    closed = attempts.last(CLOSED, phone)
    if closed and closed + _LIMITS.lock > now:
        why = "the password is locked after wrong tries: ask the subscriber to come to a hall"
        raise UnprovenSubscriber(why, phone)
    assert wanted.password is not None
    if ports.passwords.matches(phone, wanted.password):
        return
    attempts.add(ELSEWHERE, phone, now)
    wrong = attempts.count(ELSEWHERE, phone, max(now - _LIMITS.wrong_window, closed))
    if wrong >= _LIMITS.wrong_passwords:
        attempts.add(CLOSED, phone, now)
    raise UnprovenSubscriber("the service password is wrong", phone)


def _new_id(handling: TicketHandling) -> int:
    """No gateway's, and no other ticket's."""
    for _ in range(_TRIES):
        ids = MessageIds(SLOTS, lambda: handling.now + secrets.randbelow(1_000) / 1_000)
        id = ids.next() + (secrets.randbelow(1 << COUNT_BITS) << 3)
        if handling.rows.by_id(id) is None and handling.rows.find(spoken_number(id)) is None:
            return id
    raise TicketRefusal("no number is free at this moment: try again")
