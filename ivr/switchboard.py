"""The calls of one Asterisk: its events to the right call, the calls' orders to it. No I/O.

It outlives connections. When one ends, its calls stand still; after the next login we ask for all
channels once: calls that are still there go on, calls that we have never seen are taken over, and
the others are over. (Once a login, never in turns: the list takes a lock in Asterisk that calls
need as well.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from ivr.ami.messages import AmiMessage
from ivr.ami.session_events import (
    ActionAnswered,
    ActionTimedOut,
    AmiSessionEnded,
    AmiSessionEvent,
    AsteriskEvent,
    LoggedIn,
)
from ivr.call.agi import get_variable
from ivr.call.agi_queue import CallAction
from ivr.call.call import Call
from ivr.call.call_events import CallEndReason, CallerId, CallEvent
from ivr.call.key_reader import SeenAbilities
from ivr.call.key_reading import KEYS
from ivr.call.queue_status import QueueState, parse_queue_state
from ivr.call.timeouts import CallTimeouts
from ivr.dialling import FAILED, DialledCall, DialRequest, dialled_call

_OURS: Final = "hall-"
"""How our commands' ids begin, whichever gateway gave them."""
_READING: Final = frozenset(
    {"storedtmf", "exec", "execif", "read", "set", "playback", "record", "userevent"}
)
"""What we run in AsyncAGI. A channel shows the last application that it ran, even when it waits for
commands again; AGI it shows only before the first."""
_TALKING: Final = "queue"
"""What we run there for who wants a person. It may be over as well: then we learn how."""
_UP: Final = "6"
"""The state of a channel that has been answered."""
_GONE: Final = "Channel not found"
_NO_CALL: Final = ("not found", "does not exist", "No such channel", "Failed to add")
"""What Asterisk says of a channel that is not there, or not in AsyncAGI, any more."""
_FIRST_LOOK: Final = 1.0
_LOOK_EVERY: Final = 5.0  # seconds between looks at a queue, and before the first


class CallUpdate(NamedTuple):
    """What happened on a call."""

    call: Call
    event: CallEvent


class _List(NamedTuple):
    """The key of our question for all channels, and the calls that it is to find."""

    missing: frozenset[str]


class _Probe(NamedTuple):
    """The key of a command by which we learn whether a channel is in AsyncAGI."""

    caller: CallerId
    talking: bool


class _Order(NamedTuple):
    """The key of what a call wanted done."""

    call: Call
    action: str


class _Dial(NamedTuple):
    """The key of a call that we begin."""

    id: str


class _Queue(NamedTuple):
    """The key of our question how a queue is."""

    name: str


class _Woken(NamedTuple):
    """The key of what makes Asterisk look for commands: without it, it is slower."""


class Switchboard:
    """`run` makes the ids of our commands like those of no other gateway, earlier ones included."""

    def __init__(self, run: str, timeouts: CallTimeouts) -> None:
        self._tag = f"{_OURS}{run}"
        self._timeouts = timeouts
        self._numbers = 0
        self._watched = 0.0
        self._can_wake = True
        self.hurries = True
        """Whether Asterisk is woken for what is asked; else it looks with the next frame."""
        self._abilities = SeenAbilities()
        self._lacks: set[str] = set()  # what it has refused since the login
        self._given_up: set[str] = set()  # channels that refuse us, until they are gone
        self._calls: dict[str, Call] = {}  # by uniqueid
        self._touched: dict[Call, None] = {}
        self._orders: list[tuple[CallAction, object]] = []
        self._told: list[CallUpdate] = []
        self.dialled: list[DialledCall] = []
        """What became of calls that we began, to be told."""
        self.members: dict[str, int] = {}  # by queue: so many are there to answer
        self.on_restless: Callable[[], None] = lambda: None
        """Called when `take` will find something."""

    @property
    def calls(self) -> int:
        """How many there are."""
        return len(self._calls)

    @property
    def idle(self) -> bool:
        """Whether there is nothing that `tick` could do."""
        return not self._calls

    def happened(self, event: AmiSessionEvent, now: float) -> None:
        """Something came on the session."""
        match event:
            case AsteriskEvent(message):
                self._on_event(message, now)
            case ActionAnswered(_Order(call, action), answer, _):  # what most answers are for
                if not event.ok:
                    self._refused(call, action, answer.get("Message"))
            case ActionAnswered(_List(missing), _, items):
                self._on_list(missing, items if event.ok else None, now)
            case ActionTimedOut(_List(missing)):
                self._on_list(missing, None, now)
            case ActionAnswered(_Dial(id), answer, _) if not event.ok:
                self.dialled.append(DialledCall(id, FAILED, answer.get("Message")))
            case ActionAnswered(_Queue(queue), _, items) if event.ok:
                self._on_queue(queue, parse_queue_state(items))
            case ActionAnswered(_Probe(caller, talking), _, _) if event.ok:
                self._take_over(caller, now, talking=talking)
            case ActionAnswered(_Woken(), answer, _) if not event.ok:
                # Asterisk has SendFlash since 18.18 and 20.3, and may refuse it
                self._can_wake = answer.get("Message") == _GONE
            case LoggedIn():
                self._can_wake = True
                self._abilities.opens_at_once = False
                self._lacks.clear()
                self._given_up.clear()
                self._log_in()
            case AmiSessionEnded():
                self._cut_off()
            case _:
                pass

    def tick(self, now: float) -> None:
        """Time has passed; to be told at least every second."""
        for call in list(self._calls.values()):
            call.tick(now)
        self._watch(now)

    def dial(self, request: DialRequest) -> None:
        """Begins a call; what becomes of it is told in `dialled`."""
        self._orders.append((request.action(), _Dial(request.id)))
        self.on_restless()

    def _watch(self, now: float) -> None:
        """Looks now and then at the queues in which somebody waits."""
        queues = {call.away for call in self._calls.values() if call.away and call.connected}
        if not queues:
            self._watched = now + _FIRST_LOOK - _LOOK_EVERY
        elif now >= self._watched + _LOOK_EVERY:
            self._watched = now
            for queue in queues:
                self.ask_queue(queue)

    def ask_queue(self, name: str) -> None:
        """How it is there; `members` tells, once it is answered."""
        self._orders.append((CallAction("QueueStatus", {"Queue": name}, ""), _Queue(name)))

    def take(self) -> tuple[list[CallUpdate], list[tuple[CallAction, object]]]:
        """What is to be told, and what is to be sent, each with the key for its answer."""
        # in the order of what happened: who comes again under an id begins when he was gone before
        touched, self._touched = self._touched, {}
        for call in touched:
            self._collect(call)
        told, self._told = self._told, []
        orders, self._orders = self._orders, []
        return told, orders

    @property
    def restless(self) -> bool:
        """Whether `take` would find something."""
        return bool(self._touched or self._told or self._orders or self.dialled)

    # ---- calls ---------------------------------------------------------------------------------

    def _collect(self, call: Call) -> None:
        self._told += [CallUpdate(call, event) for event in call.events]
        orders, wakes = call.take_orders()
        self._orders += [(order, _Order(call, order.action)) for order in orders]
        if wakes is not None and self._can_wake and self.hurries:
            self._orders.append((wakes, _Woken()))
        call.events.clear()
        if call.ended and self._calls.get(call.caller.uniqueid) is call:
            del self._calls[call.caller.uniqueid]

    def _new(self, caller: CallerId) -> Call:
        self._numbers += 1
        if (before := self._calls.pop(caller.uniqueid, None)) is not None:
            before.left()  # it has come back by its dialplan, and we were not told that it went
        tag = f"{self._tag}-{self._numbers}"
        call = Call(caller, tag, self._timeouts, self._abilities, self._touch)
        self._calls[caller.uniqueid] = call
        return call

    def _refused(self, call: Call, action: str, said: str) -> None:
        """That a module is missing is told once, and nobody is served who cannot be: not again
        either, when what was on its way to his channel comes back."""
        if any(words in said for words in _NO_CALL):
            call.left()
            return
        if action == "AGI":
            self._given_up.add(call.caller.uniqueid)
        elif action in self._lacks:
            return
        self._lacks.add(action)
        call.refused(action, said)

    def _touch(self, call: Call) -> None:
        self._touched[call] = None
        self.on_restless()

    def _take_over(self, caller: CallerId, now: float, *, talking: bool = False) -> None:
        if caller.uniqueid in self._calls or caller.uniqueid in self._given_up:
            return
        call = self._new(caller)
        if talking:
            call.rejoin("", now)
        else:
            call.adopt(now)

    def _on_queue(self, name: str, state: QueueState) -> None:
        self.members[name] = state.members
        for call in self._calls.values():
            if call.away == name:
                call.seen_at(state.place(call.caller.uniqueid))

    # ---- events --------------------------------------------------------------------------------

    def _on_event(self, message: AmiMessage, now: float) -> None:
        uniqueid = message.get("Uniqueid")
        call = self._calls.get(uniqueid)
        match message.event:
            case "AsyncAGIExec":
                command_id = message.get("CommandID")
                if call is not None:
                    call.result(command_id, message.get("Result"), now)
                elif command_id.startswith(_OURS):
                    # it was busy when we looked for it
                    self._take_over(_caller(message), now)
            case "AsyncAGIStart":
                self._given_up.discard(uniqueid)
                self._new(_caller(message)).begin(now)
            case "AgentConnect" if call is not None:
                call.connected_to_person(message.get("MemberName"))
            case "AsyncAGIEnd" | "Hangup" if call is not None:
                call.left()
            case _:
                pass
        if message.event == "Hangup":
            self._given_up.discard(uniqueid)
        if (dialled := dialled_call(message)) is not None:
            self.dialled.append(dialled)

    # ---- connections ---------------------------------------------------------------------------

    def _log_in(self) -> None:
        missing = frozenset(u for u, call in self._calls.items() if not call.connected)
        self._orders.append((CallAction("CoreShowChannels", {}, ""), _List(missing)))

    def _cut_off(self) -> None:
        for call in self._calls.values():
            call.cut_off()
        self._orders.clear()

    def _on_list(
        self, missing: frozenset[str], items: tuple[AmiMessage, ...] | None, now: float
    ) -> None:
        """Without a list we go on with all that we know: who is gone will be refused to us."""
        found = missing if items is None else {item.get("Uniqueid") for item in items}
        for uniqueid in missing:
            call = self._calls.get(uniqueid)
            if call is not None and uniqueid in found:
                call.resume(now)
            elif call is not None:
                call.over(CallEndReason.LOST)
        for item in items or ():
            self._look_at(item, now)

    def _look_at(self, channel: AmiMessage, now: float) -> None:
        if channel.get("Uniqueid") in self._calls:
            return
        application = channel.get("Application").lower()
        if application == "agi" and channel.get("ApplicationData").startswith("agi:async"):
            self._take_over(_caller(channel), now)
        elif application in _READING or application == _TALKING:
            headers = {"Channel": channel.get("Channel"), "Command": get_variable(KEYS)}
            probe = _Probe(_caller(channel), application == _TALKING)
            self._orders.append((CallAction("AGI", headers, ""), probe))


def _caller(message: AmiMessage) -> CallerId:
    number = message.get("CallerIDNum")
    return CallerId(
        channel=message.get("Channel"),
        uniqueid=message.get("Uniqueid"),
        number="" if number == "<unknown>" else number,
        dialled=message.get("Exten"),
        language=message.get("Language"),
        context=message.get("Context"),
        up=message.get("ChannelState") == _UP,
    )
