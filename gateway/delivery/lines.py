"""The order of messages: a subscriber's one after the other; by link, those whose turn it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from gateway.delivery.route import Delivery, line_of
from gateway.model.address import Address
from gateway.model.messages import ScreenAct


class DeliveryLines:
    def __init__(self) -> None:
        # a subscriber's messages, and their screens; the first is being sent
        self._lines: dict[tuple[Address, bool], deque[Delivery]] = {}
        self.ready: dict[tuple[str, bool], deque[Delivery]] = {}
        """With a part to send, by link; screens apart."""

    def __iter__(self) -> Iterator[Delivery]:
        for line in self._lines.values():
            yield from line

    def join(self, delivery: Delivery) -> bool:
        """At the end of its line; true if it is its turn already."""
        name = line_of(delivery.message)
        if (line := self._lines.get(name)) is not None:
            line.append(delivery)
            return False
        self._lines[name] = deque((delivery,))
        return True

    def leave(self, delivery: Delivery) -> Delivery | None:
        """The next of its line, whose turn it is now."""
        name = line_of(delivery.message)
        line = self._lines[name]
        line.popleft()
        if line:
            return line[0]
        del self._lines[name]
        return None

    def queue(self, delivery: Delivery) -> deque[Delivery]:
        """What waits for the same link."""
        message = delivery.message
        name = (message.link, message.screen is not None)
        queue = self.ready.get(name)
        if queue is None:
            queue = self.ready[name] = deque()
        return queue

    def screens(self) -> list[deque[Delivery]]:
        """What waits for a link, where these are screens."""
        return [ready for (_, screens), ready in self.ready.items() if screens]

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
        return (address, False) in self._lines or (address, True) in self._lines

    def unsent_screen(self, address: Address) -> bool:
        """Whether a screen of a dialogue has not left yet for it."""
        return any(
            not (one.sent or one.back)
            and one.message.screen
            and one.message.screen.act != ScreenAct.NOTE
            for one in self._lines.get((address, True), ())
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
