"""What the network told of our messages, answers and binds, and what the outbox reads, in one
transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from gateway.model.cluster_view import ClusterView
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    BindNote,
    BindOverlaps,
    DeleteExpired,
    LoadHanded,
    LoadOutbox,
    LookForHanded,
    MarkLeaving,
    OutgoingMessage,
    PeerHasRead,
    ReceiptArrived,
    SendOutcome,
    SendOutcomes,
    SmscOf,
    UnmarkLeaving,
)
from gateway.serving.redelivery import RepetitionCheck
from gateway.serving.unit_context import UnitContext
from gateway.store.connection import Connection
from gateway.store.open_binds import smsc_of
from gateway.store.receipts import SqlReceipts
from gateway.store.retention import tidy
from gateway.store.store import TransactionPorts
from gateway.store.unasked import SqlUnasked

DeliveryWork = (
    SendOutcomes
    | ReceiptArrived
    | PeerHasRead
    | BindNote
    | LoadOutbox
    | MarkLeaving
    | UnmarkLeaving
    | LookForHanded
    | LoadHanded
    | SmscOf
    | DeleteExpired
)
LEFT_BEHIND: Final = "its gateway ended before the answer was kept"
DeliveryResult = list[OutgoingMessage] | frozenset[int] | int | str | None


class DeliveryDesk:
    def __init__(
        self,
        context: UnitContext,
        connection: Connection,
        view: ClusterView,
        ports: TransactionPorts,
        repetitions: RepetitionCheck,
        events: list[dict[str, object]],
    ) -> None:
        """What is to be logged once it is kept is added to `events`."""
        self._context = context
        self._connection = connection
        self._view = view
        self._ports = ports
        self._repetitions = repetitions
        self._events = events
        self._messages = context.store.messages

    def do(self, work: DeliveryWork) -> DeliveryResult:
        return self.DOES[type(work)](self, work)

    def settle(self, settled: Sequence[SendOutcome]) -> None:
        """Before all else of a batch: who answers may be among it."""
        self._messages.settle(self._connection, settled)
        receipts = SqlReceipts(self._connection, self._context.smscs)
        for one in settled:
            if one.asks_for and one.accepted:
                self._ports.orders.taken(one.asks_for, one.id, one.at_ms // 1000)
            self._events.append(_event(one))
            if one.message_ids:
                for state in receipts.expect(one):
                    self._events.append(_told(one.id, state))
        waited_for = [one.id for one in settled if one.unknown or one.message_ids]
        for known in receipts.known_at_last(waited_for):
            self._events.append(_told(known.id, known.state))

    def catch_up(
        self, doubtful: list[int], owed: Sequence[BindNote], taken: Sequence[SendOutcome]
    ) -> None:
        """After the store was away: perhaps it has kept what the peers were asked to send again."""
        for one in taken:
            self._ports.orders.taken(one.asks_for, one.id, one.at_ms // 1000)
        for note in owed:
            self._bind(note)
        if doubtful:
            self._messages.decided(self._connection, doubtful)
            self._repetitions.refused(doubtful)

    def _settled(self, work: SendOutcomes) -> None:
        """Done by `settle`."""

    def _receipt(self, receipt: ReceiptArrived) -> None:
        id = SqlReceipts(self._connection, self._context.smscs).note(receipt)
        self._events.append(
            {"event": "receipt", "id": id, "link": receipt.link, "state": receipt.state}
        )

    def _proven(self, work: PeerHasRead) -> None:
        self._messages.proven(self._connection, work)
        self._repetitions.proven(work.bind, work.upto)
        if work.late:
            self._repetitions.late(work.late)

    def _bind(self, work: BindNote) -> None:
        self._messages.noted(self._connection, work)
        if isinstance(work, BindEnded):
            self._repetitions.ended(work)

    def _load(self, work: LoadOutbox) -> list[OutgoingMessage]:
        """What the outbox does not have in hand, and was about to leave, was another's, or our own
        before we were killed."""
        slots = self._view.held
        left = self._messages.left_behind(self._connection, slots, work.in_hand)
        if left:
            self.settle([_unknown(id, link, work.now_ms) for id, link in left])
        return self._messages.waiting(self._connection, slots, work.limit, work.now_ms)

    def _mark(self, work: MarkLeaving) -> frozenset[int]:
        stopped = SqlUnasked(self._connection, self._context.store.seal).stopped(work.ids)
        these = [id for id in work.ids if id not in stopped]
        return self._messages.mark_leaving(self._connection, these)

    def _unmark(self, work: UnmarkLeaving) -> None:
        self._messages.unmark_leaving(self._connection, work.ids)

    def _is_handed(self, _work: LookForHanded) -> int:
        return int(self._messages.is_handed(self._connection, self._view.held))

    def _load_handed(self, work: LoadHanded) -> list[OutgoingMessage]:
        return self._messages.handed(self._connection, self._view.held, work.limit)

    def _smsc(self, work: SmscOf) -> str:
        return smsc_of(self._connection, work.link)

    def _tidy(self, work: DeleteExpired) -> int:
        return tidy(self._connection, work.now, self._context.retention)

    DOES: ClassVar[dict[type[DeliveryWork], Callable[..., DeliveryResult]]]


def _event(one: SendOutcome) -> dict[str, object]:
    """Of the log."""
    facts: dict[str, object] = {"id": one.id, "link": one.link, "reason": one.reason}
    if one.accepted:
        return {"event": "sent", **facts}
    if one.unknown:
        return {"event": "perhaps sent", **facts}
    return {"event": "unsent", **facts}


def _told(id: int, state: str) -> dict[str, object]:
    return {"event": "receipt", "id": id, "state": state}


def _unknown(id: int, link: str, now_ms: int) -> SendOutcome:
    return SendOutcome(id, False, now_ms, link, reason=LEFT_BEHIND, unknown=True)


DeliveryDesk.DOES = {
    SendOutcomes: DeliveryDesk._settled,
    ReceiptArrived: DeliveryDesk._receipt,
    PeerHasRead: DeliveryDesk._proven,
    BindBegan: DeliveryDesk._bind,
    BindOverlaps: DeliveryDesk._bind,
    BindEnded: DeliveryDesk._bind,
    LoadOutbox: DeliveryDesk._load,
    MarkLeaving: DeliveryDesk._mark,
    UnmarkLeaving: DeliveryDesk._unmark,
    LookForHanded: DeliveryDesk._is_handed,
    LoadHanded: DeliveryDesk._load_handed,
    SmscOf: DeliveryDesk._smsc,
    DeleteExpired: DeliveryDesk._tidy,
}
