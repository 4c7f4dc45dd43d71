"""Which gateway sends a new row of the outbox, and in which turn."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from gateway.model.cluster_view import ClusterView, Place
from gateway.model.messages import OutgoingMessage
from gateway.serving.boss_work import Settlement
from gateway.serving.ticket_work import NewsTold
from gateway.serving.work import Served, WorkResult
from gateway.store.connection import Connection
from gateway.store.placement import lock_destinations, waiting_for


def placed(
    connection: Connection,
    messages: Sequence[OutgoingMessage],
    view: ClusterView,
    *,
    sends: bool,
) -> dict[int, Place]:
    """By id, unless all stand in our own slot in the order of their ids. Behind what waits for the
    same subscriber, whoever has it; else ours, if one of our binds `sends`. Screens stay with
    whoever served the dialogue."""
    letters = [each for each in messages if each.screen is None]
    if view.alone or not letters:
        return {}
    destinations = {each.id: str(each.destination) for each in letters}
    names = set(destinations.values())
    lock_destinations(connection, names)
    last = waiting_for(connection, names)
    places: dict[int, Place] = {}
    for each in letters:
        name = destinations[each.id]
        place = places[each.id] = _behind(last.get(name), each, name, view, sends=sends)
        if not each.after_ms:
            last[name] = place
    return places


def _behind(
    last: Place | None, message: OutgoingMessage, name: str, view: ClusterView, *, sends: bool
) -> Place:
    """Where the last has not been read by its holder yet, the next must not go before it."""
    if last is not None:
        handed = last.handed or last.owner not in view.held
        return Place(last.owner, max(message.id, last.turn + 1), handed)
    if sends or not view.senders:
        return view.default_place(message.id)
    return Place(view.senders[crc32(name.encode()) % len(view.senders)], message.id, True)


def without(results: Sequence[WorkResult], handed: frozenset[int]) -> Sequence[WorkResult]:
    """The results of a batch, of which others send some answers."""
    if not handed:
        return results
    return [_without(result, handed) for result in results]


def _without(result: WorkResult, handed: frozenset[int]) -> WorkResult:
    if isinstance(result, Served | Settlement | NewsTold):
        kept = tuple(each for each in result.answers if each.id not in handed)
        return result._replace(answers=kept)
    return result
