"""The AGI commands of one call: each behind the last, and who waits for its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from ivr.call.agi import AgiResult, parse_agi_result

WhenAnswered = Callable[[AgiResult, float], None]
WhenDone = Callable[[float], None]


class CallAction(NamedTuple):
    """An AMI action. What becomes of it comes back to the call with `command_id`."""

    action: str
    headers: Mapping[str, str]
    command_id: str


class CallTask(Protocol):
    """What a call does: it says, asks, records or transfers."""

    def begin(self, now: float) -> None: ...


class CommandQueue:
    """`tag` makes the ids of the commands like those of no other call; they begin with it."""

    def __init__(self, channel: str, tag: str) -> None:
        self.orders: list[CallAction] = []
        """To be sent."""
        self.task: CallTask | None = None
        """Whoever queues a command now; once it is another's turn, the result is nobody's."""
        self.connected = True
        self._waking = False  # Asterisk waits for orders, and nothing that it runs will end before
        self._asleep = False  # it has orders for which nobody wakes it
        self._channel = channel
        self._tag = tag
        self._numbered = 0
        self._waiting: dict[str, tuple[CallTask | None, WhenAnswered]] = {}
        self._closed = False

    @property
    def pending(self) -> int:
        """Results that are waited for."""
        return len(self._waiting)

    def run(self, command: str, then: WhenAnswered | None = None) -> str:
        """Queues a command behind those that are on their way; its id, empty if nobody hears us."""
        return self._queue(command, then, self.task)

    def learn(self, command: str, learn: WhenAnswered, then: WhenDone | None = None) -> None:
        """`learn` gets the result in its turn, even behind a task that is over; `then` is not told
        in that case."""
        owner = self.task

        def learnt(result: AgiResult, now: float) -> None:
            learn(result, now)
            if then is not None and owner in (None, self.task):
                then(now)

        self._queue(command, learnt, None)

    def result(self, command_id: str, encoded: str, now: float) -> bool:
        """A command is done; whether anybody waited for it."""
        owner, then = self._waiting.pop(command_id, (None, None))
        # a task that is over wants no answers
        if then is None or owner not in (None, self.task):
            return False
        then(parse_agi_result(encoded), now)
        return True

    def take(self, *, wakes: bool) -> tuple[list[CallAction], CallAction | None]:
        """What is to be sent now, and, if it `wakes`, what brings Asterisk to look for it: it looks
        with each frame of the channel, every 20 ms at best, and this is a frame. None: it looks
        anyway."""
        orders, waking = self.orders[:], self._waking and wakes
        self.orders.clear()
        self._waking = False
        return orders, self.action("SendFlash", {"Receive": "true"}) if waking else None

    def unhurried(self) -> None:
        """What was queued so far may wait for the channel's next frame; what follows may not."""
        self._waking, self._asleep = False, True

    def agi(self, command: str) -> CallAction:
        """The action that runs a command."""
        command_id = self._next_id()
        headers = {"Channel": self._channel, "Command": command, "CommandID": command_id}
        return CallAction("AGI", headers, command_id)

    def action(self, name: str, headers: Mapping[str, str]) -> CallAction:
        """Another action on the channel."""
        return CallAction(name, {"Channel": self._channel, **headers}, self._next_id())

    def cut_off(self) -> None:
        """Nobody hears us for a while; what was on its way may be done and never told."""
        self.connected = False
        self._waiting.clear()
        self.orders.clear()

    def close(self) -> None:
        """The call is gone."""
        self._closed = True
        self._waiting.clear()
        self.orders.clear()

    def _queue(self, command: str, then: WhenAnswered | None, owner: CallTask | None) -> str:
        """`owner`: the task that must not be over when the result comes."""
        if not self.connected or self._closed:
            return ""
        self._waking = self._waking or self._asleep or not self._waiting
        self._asleep = False
        order = self.agi(command)
        if then is not None:
            self._waiting[order.command_id] = owner, then
        self.orders.append(order)
        return order.command_id

    def _next_id(self) -> str:
        self._numbered += 1
        return f"{self._tag}-{self._numbered}"
