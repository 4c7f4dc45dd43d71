"""What nobody asked for leaves at most once: before it does, the store knows that it is about to.

    ready ─ a place is free ─▶ asked for ─ the store has marked it ─▶ may leave ─▶ its link
      ▲                                                                  │
      └──────── it was surely not taken: the mark is taken away ◀────────┘

A gateway that dies leaves marks behind. Whoever takes up its rows finds marks of which nothing is
in hand: those may have arrived, and are not sent again. Places are few, and so are such marks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, Protocol

from gateway.delivery.lines import DeliveryLines
from gateway.delivery.link_states import LinkStates
from gateway.delivery.route import UNASKED, Delivery, LeavingMark, Route, class_of
from gateway.delivery.timers import Timers

SHARE: Final = 4  # of a window, a quarter at most; and a quarter stays free for answers that come
AGAIN: Final = 1.0  # seconds until a mark is asked for again that was not given


class MarksLeaving(Protocol):
    """The store. What is asked for first is done first."""

    def mark(self, ids: tuple[int, ...], told: Callable[[Collection[int] | None], None]) -> None:
        """`told` hears which are marked: not those that were stopped meanwhile; None: the store is
        away, and it may or may not have marked them."""
        ...

    def unmark(self, ids: tuple[int, ...]) -> None:
        """These are surely with us, and wait as before."""
        ...


class UnaskedLeaving:
    """Each message takes a place from when its mark is asked for until the peer has answered."""

    def __init__(
        self,
        links: LinkStates,
        lines: DeliveryLines,
        timers: Timers,
        marks: MarksLeaving,
        pump: Callable[[], None],
    ) -> None:
        """`pump` is called when more may leave."""
        self._links, self._lines = links, lines
        self._timers, self._marks, self._pump = timers, marks, pump
        self._on_the_way: set[int] = set()
        self._asking = False  # one question at a time: so what is taken away is marked no more

    # -- places ----------------------------------------------------------------------------------

    def room(self, route: Route) -> Callable[[Delivery], bool]:
        """Whether this route may take the next part of a message."""
        return lambda delivery: self._has_place(delivery, route)

    def _has_place(self, delivery: Delivery, route: Route) -> bool:
        if not _leaves_room(route):
            return False
        return delivery.message.id in self._on_the_way or self._places() > 0

    def _places(self) -> int:
        most = sum(max(1, each.window // SHARE) for each in self._links.routes)
        return most - len(self._on_the_way)

    def sent(self, delivery: Delivery) -> None:
        if class_of(delivery.message) == UNASKED:
            self._on_the_way.add(delivery.message.id)

    def done(self, id: int) -> None:
        """The peer has answered, or nobody waits for that any more."""
        self._on_the_way.discard(id)

    def forget(self) -> None:
        """Others have all of it."""
        self._on_the_way.clear()

    # -- marks -----------------------------------------------------------------------------------

    def ask(self, rested: Callable[[Route], bool]) -> None:
        """For the first that wait, as many as there are places; `rested`: a link may send."""
        if not self._links.routes:
            self.release()
        if self._asking or (places := self._places()) <= 0:
            return
        chosen: list[Delivery] = []
        for delivery in self._waiting(rested):
            if len(chosen) == places:
                break
            if delivery.mark is LeavingMark.NONE:
                delivery.mark = LeavingMark.ASKED
                chosen.append(delivery)
        if chosen:
            self._asking = True
            self._on_the_way.update(each.message.id for each in chosen)
            ids = tuple(each.message.id for each in chosen)
            self._marks.mark(ids, lambda marked: self._told(chosen, marked))

    def _waiting(self, rested: Callable[[Route], bool]) -> Iterator[Delivery]:
        for route in tuple(self._links.routes):
            links = (route.link, *self._links.sends_for(route.link))
            ready = [self._lines.ready.get((link, UNASKED)) for link in links]
            if any(ready) and _leaves_room(route) and rested(route):
                for some in ready:
                    yield from some or ()

    def _told(self, chosen: Sequence[Delivery], marked: Collection[int] | None) -> None:
        self._asking = False
        held = []
        for delivery in chosen:
            if delivery.mark is not LeavingMark.ASKED or delivery.over:
                continue  # it was withdrawn, or released, meanwhile
            if marked and delivery.message.id in marked:
                self._lines.queue(delivery).remove(delivery)
                delivery.mark = LeavingMark.MARKED
                self._lines.queue(delivery).append(delivery)
            else:
                self.done(delivery.message.id)
                held.append(delivery)
        if held:
            self._timers.after(AGAIN, self._wait_again, held)
        self._pump()

    def _wait_again(self, held: Sequence[Delivery]) -> None:
        for delivery in held:
            if delivery.mark is LeavingMark.ASKED:
                delivery.mark = LeavingMark.NONE
        self._pump()

    def not_taken(self, delivery: Delivery) -> None:
        """It is tried again: the peer surely has none of it. Where it has a part, the mark
        stays."""
        if delivery.mark is LeavingMark.MARKED and not delivery.names:
            delivery.mark = LeavingMark.NONE
            self._marks.unmark((delivery.message.id,))

    def release(self) -> None:
        """What has a mark and has not left waits as before, for whoever sends it."""
        free = [
            each
            for each in self._lines
            if each.mark is not LeavingMark.NONE and not each.may_be_there
        ]
        for delivery in free:
            queued = delivery.mark is LeavingMark.MARKED and delivery.wait is None
            if queued:
                self._lines.queue(delivery).remove(delivery)
            delivery.mark = LeavingMark.NONE
            if queued:
                self._lines.queue(delivery).appendleft(delivery)
            self.done(delivery.message.id)
        if free:
            self._marks.unmark(tuple(each.message.id for each in free))


def _leaves_room(route: Route) -> bool:
    return route.free > route.window // SHARE
