"""The order of messages: a subscriber's one after the other; by link, those whose turn it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from gateway.delivery.route import (
    ANSWER,
    MARKED,
    SCREEN,
    UNASKED,
    Delivery,
    line_of,
    ready_as,
)
from gateway.model.address import Address
from gateway.model.messages import ScreenAct


class DeliveryLines:
    def __init__(self) -> None:
        # a subscriber's messages, by class; the first is being sent
        self._lines: dict[tuple[Address, int], deque[Delivery]] = {}
        self.ready: dict[tuple[str, int], deque[Delivery]] = {}
        """With a part to send, by link and class."""

    def __iter__(self) -> Iterator[Delivery]:
        for line in self._lines.values():
            yield from line

    def clear(self) -> None:
        """Nothing is in line any more."""
        self._lines.clear()
        self.ready.clear()

    def join(self, delivery: Delivery) -> bool:
        """At the end of its line; true if it is its turn already."""
        name = line_of(delivery.message)
        if (line := self._lines.get(name)) is not None:
            line.append(delivery)
            return False
        self._lines[name] = deque((delivery,))
        return True

    def leave(self, delivery: Delivery) -> Delivery | None:
        """The next of its line, if it is that one's turn now."""
        name = line_of(delivery.message)
        line = self._lines[name]
        was_first = line[0] is delivery
        line.remove(delivery)
        if line:
            return line[0] if was_first else None
        del self._lines[name]
        return None

    def is_first(self, delivery: Delivery) -> bool:
        """Whether it is its turn in its line."""
        return self._lines[line_of(delivery.message)][0] is delivery

    def queue(self, delivery: Delivery) -> deque[Delivery]:
        """What waits for the same link, and is of the same class."""
        name = (delivery.message.link, ready_as(delivery))
        queue = self.ready.get(name)
        if queue is None:
            queue = self.ready[name] = deque()
        return queue

    def next(
        self,
        link: str,
        others: Callable[[str], Iterator[str]],
        *,
        finishing: bool,
    ) -> Delivery | None:
        """The next with a part to send: the link's own, else of one of the `others` that it sends
        for. When `finishing` only what nobody else can end."""
        ready_of = self.ready.get
        for kind in (SCREEN, ANSWER):
            if (ready := ready_of((link, kind))) and may_leave(ready, finishing):
                return ready[0]
        for other in others(link):
            if (ready := ready_of((other, ANSWER))) and may_leave(ready, finishing):
                return ready[0]
        return None

    def next_unasked(
        self,
        link: str,
        others: Callable[[str], Iterator[str]],
        may: Callable[[Delivery], bool],
        *,
        finishing: bool,
    ) -> Delivery | None:
        """The same of what nobody asked for and is marked as about to leave, if it `may`."""
        for one in (link, *others(link)):
            ready = self.ready.get((one, MARKED))
            if ready and may_leave(ready, finishing) and may(ready[0]):
                return ready[0]
        return None

    def screens(self) -> list[deque[Delivery]]:
        """What waits for a link, where these are screens."""
        return [ready for (_, kind), ready in self.ready.items() if kind == SCREEN]

    def put_first(self, delivery: Delivery) -> None:
        """Before all that have not been on their way yet, in the order of their messages."""
        delivery.back = True
        ready = self.queue(delivery)
        place = 0
        for other in ready:
            if not other.back or other.message.id > delivery.message.id:
                break
            place += 1
        ready.insert(place, delivery)

    def busy(self, address: Address) -> bool:
        """Whether the peer has something in hand for it, or we have."""
        return any((address, kind) in self._lines for kind in (ANSWER, SCREEN, UNASKED))

    def unsent_screen(self, address: Address) -> bool:
        """Whether a screen of a dialogue has not left yet for it: nobody can have read it."""
        return any(
            not (one.sent or one.back)
            and one.message.screen
            and one.message.screen.act != ScreenAct.NOTE
            for one in self._lines.get((address, SCREEN), ())
        )


def may_leave(ready: deque[Delivery], finishing: bool) -> bool:
    """Whether the first may; when `finishing` that is the first which only we can end."""
    if not finishing:
        return True
    found = next((each for each in ready if each.is_ours_to_end), None)
    if found is not None and found is not ready[0]:
        ready.remove(found)
        ready.appendleft(found)
    return found is not None
