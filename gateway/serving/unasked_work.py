"""What nobody asked for, moved from its queue to the outbox, and back; each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gateway.model.messages import OutgoingMessage, SendOutcome
from gateway.security.encryption import Seal
from gateway.serving.replying import ReplyAddresses
from gateway.store.connection import Connection
from gateway.store.unasked import SqlUnasked


class MoveUnasked(NamedTuple):
    """Asks for as many messages as there are ids, to be sent under these."""

    ids: tuple[int, ...]
    now: int
    polite: bool  # what is not urgent may leave at this hour


class PutBackUnasked(NamedTuple):
    """These were taken out of the outbox before they left."""

    ended: tuple[SendOutcome, ...]


UnaskedWork = MoveUnasked | PutBackUnasked


def moved(
    connection: Connection, seal: Seal, work: MoveUnasked, replies: ReplyAddresses
) -> list[OutgoingMessage]:
    """Whoever commits this has the only copy: a crash before leaves them in the queue, one after
    leaves them in the outbox."""
    queue = SqlUnasked(connection, seal)
    found = queue.due(work.now, len(work.ids), polite=work.polite)
    pairs = list(zip(found, work.ids, strict=False))
    queue.left([(row.id, id) for row, id in pairs], work.now)
    return [replies.unasked(id, row.message) for row, id in pairs]


def put_back(connection: Connection, seal: Seal, ended: Sequence[SendOutcome]) -> None:
    SqlUnasked(connection, seal).back([one.id for one in ended])
