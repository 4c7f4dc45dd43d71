"""What leaves: messages from the store to the links, in order for each subscriber, settled once
taken.

    add ─▶ in line behind its subscriber's earlier ones ─▶ ready ─▶ on the way ─┬─ taken ──▶ settled
                                                     ▲                         ├─ refused ─▶ settled
                                                     └── throttled, later, link lost ◀─────┘

A screen of a USSD dialogue has its own line, goes before short messages, and only by its own link.
Once nobody looks at it any more, it becomes the short message that was to be said instead, if any.

The store is the truth; this holds a bounded part of it. What does not fit stays there and is read
again, oldest first, when there is room. A message that was on its way when its link ended, or was
not answered, may have been taken or not. It is sent again, with the same words and the same
reference, but seldom, and not if the answer comes after all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from commands.vocabulary import Channel
from gateway.ids import moment_of
from gateway.mail import Act, Outgoing, Settled
from gateway.parcels import DOUBTS, LINK_LOST, UNANSWERED, Parcel, Part, Way, line_of, worst
from gateway.rests import Rests
from smpp.pdu import SubmitSm
from smpp.statuses import Treatment, Verdict

FAILOVER = 10.0  # seconds a link may be down before its messages leave by another
DELAYS = (1.0, 5.0, 30.0, 120.0, 300.0)  # seconds before a message is tried again
LOOK = 0.5  # seconds between looks at screens that wait for their link
# seconds before a message leaves again that may have been taken: rarely, and ever more so
REPEATS = (10.0, 60.0, 300.0, 1800.0, 7200.0)
LAST_WAIT = 60.0  # seconds for a late answer to the last of them
VALIDITY = 24 * 3600.0  # seconds until a message that nobody takes is given up
TOO_LATE = "too late for a screen"


class Outbox:
    def __init__(
        self,
        clock: IReactorTime,
        wall: Callable[[], float],
        settle: Callable[[Settled], None],
        load: Callable[[int], None],
        *,
        limit: int = 5_000,
        chance: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`settle` keeps what became of a message and then calls `kept`; `load(limit)` asks the
        store for the oldest waiting ones and then calls `loaded`. `chance` gives numbers from 0 to
        1, so that what was not answered together is not repeated together."""
        self._clock = clock
        self.wall = wall
        self._settle = settle
        self._load = load
        self._limit = limit
        self._chance = chance
        self._known: set[int] = set()  # in hand, or not yet kept as settled
        # a subscriber's messages, and their screens; the first is being sent
        self._lines: dict[tuple[str, bool], deque[Parcel]] = {}
        self._ready: dict[tuple[str, bool], deque[Parcel]] = {}  # by link; screens apart
        self._ways: dict[Way, None] = {}
        self._up: set[str] = set()  # links that have a way
        self._rests = Rests(clock, self.pump)
        self._down_since: dict[str, float] = {}
        self._later: set[IDelayedCall] = set()
        self._looking = False  # whether screens wait
        self.late = 0  # screens that nobody looked at any more
        self._behind = True  # the store has more than we hold
        self._loading = False
        self.may_send: Callable[[], bool] = lambda: True
        """Asked before each message: another gateway may have taken over what waits."""

    # -- in --------------------------------------------------------------------------------------

    def start(self) -> None:
        self._load_more()

    def add(self, messages: Iterable[Outgoing]) -> None:
        """As `take`, and off with them."""
        self.take(messages)
        self.pump()

    def take(self, messages: Iterable[Outgoing]) -> None:
        """Fresh from the desk, and kept in the store already: they leave with the next `pump`. A
        screen cannot wait in the store."""
        now_ms = self.wall() * 1000
        for message in messages:
            if message.after_ms > now_ms:
                continue  # it waits in the store until `look` finds it due
            if message.screen is None:
                self._behind = self._behind or len(self._known) >= self._limit
                if self._behind:
                    continue
            self._take_in(message)

    def look(self) -> None:
        """See what has become due."""
        self._behind = True
        self._load_more()

    def loaded(self, messages: Sequence[Outgoing], asked: int) -> None:
        self._loading = False
        self._behind = len(messages) >= asked
        for message in messages:
            self._take_in(message)
        self.pump()

    def load_failed(self) -> None:
        self._loading = False
        self._after(1.0, self._load_more)

    def _load_more(self) -> None:
        if self._behind and not self._loading and len(self._known) <= self._limit // 2:
            self._loading = True
            self._load(len(self._known) + self._limit // 2)

    def _take_in(self, message: Outgoing) -> None:
        if message.id in self._known:
            return
        self._known.add(message.id)
        self._line_up(Parcel(message))

    def _line_up(self, parcel: Parcel) -> None:
        name = line_of(parcel.message)
        if (line := self._lines.get(name)) is not None:
            line.append(parcel)
            return
        self._lines[name] = deque((parcel,))
        self._make_ready(parcel)

    def _make_ready(self, parcel: Parcel) -> None:
        link = parcel.message.link
        self._queue(parcel).append(parcel)
        if parcel.message.screen is not None:
            self._look_soon()
        elif link not in self._down_since and not self._is_up(link):
            self._mark_down(link)  # it no longer exists, or has not come up yet

    def _queue(self, parcel: Parcel) -> deque[Parcel]:
        message = parcel.message
        name = (message.link, message.screen is not None)
        queue = self._ready.get(name)
        if queue is None:
            queue = self._ready[name] = deque()
        return queue

    @property
    def waiting(self) -> int:
        """Messages in hand: not sent, not answered, or not yet kept as settled."""
        return len(self._known)

    @property
    def behind(self) -> bool:
        return self._behind

    # -- the ways --------------------------------------------------------------------------------

    def attach(self, way: Way) -> None:
        self._ways[way] = None
        self._up.add(way.link)
        self._down_since.pop(way.link, None)
        self.pump()

    def detach(self, way: Way, unanswered: Iterable[Part]) -> None:
        """The way is gone; nobody knows whether it took these: they go first by the next."""
        self._ways.pop(way, None)
        self._up = {other.link for other in self._ways}
        if not self._is_up(way.link):
            self._mark_down(way.link)
        for part in unanswered:
            self._part_done(part, LINK_LOST, at_once=True)
        self.pump()

    def is_on_its_way_to(self, address: str) -> bool:
        """Whether the peer has something in hand for it, or we have."""
        return (address, False) in self._lines or (address, True) in self._lines

    def _is_up(self, link: str) -> bool:
        return link in self._up

    def _mark_down(self, link: str) -> None:
        self._down_since[link] = self._clock.seconds()
        self._after(FAILOVER, self.pump)

    def pump(self) -> None:
        for way in list(self._ways):
            self._pump(way)

    def _pump(self, way: Way) -> None:
        if self._rests.resting(way.link):
            return
        room = way.free
        while room > 0 and self.may_send():
            parcel = self._next(way.link)
            if parcel is None:
                return
            room -= self._send(way, parcel)

    def _next(self, link: str) -> Parcel | None:
        """The next parcel with a part to send: the link's own, else of a link that is down too
        long."""
        for screens in (True, False):
            if ready := self._ready.get((link, screens)):
                return ready[0]
        for other, since in self._down_since.items():
            waits = self._clock.seconds() - since >= FAILOVER
            if waits and (ready := self._ready.get((other, False))):
                return ready[0]
        return None

    def _send(self, way: Way, parcel: Parcel) -> int:
        """The parcel's next part; how much room that took."""
        if parcel.message.screen is not None and self._is_late(parcel):
            self._queue(parcel).popleft()
            self._instead(parcel, TOO_LATE)
            return 0
        if parcel.parts is None:
            try:
                parcel.parts = way.parts_of(parcel.message)
            except ValueError as error:  # no PDU has room for it: it would block all behind it
                self._queue(parcel).popleft()
                self._end(parcel, accepted=False, reason=str(error))
                return 0
        pdu = parcel.parts[parcel.sent]
        parcel.sent += 1
        parcel.unanswered += 1
        if parcel.sent == len(parcel.parts):
            self._queue(parcel).popleft()
        way.submit(Part(parcel, pdu))
        return 1

    # -- answers ---------------------------------------------------------------------------------

    def answered(self, way: Way, part: Part, verdict: Verdict, message_id: str = "") -> None:
        """The peer answered a part; `message_id` is its own name for it, if it took it."""
        if verdict.treatment is Treatment.THROTTLE:
            self._rests.begin(way.link)
        else:
            self._rests.trust(way.link)
        if verdict.treatment is Treatment.ACCEPTED:
            part.parcel.taken_by = way.link
        self._part_done(part, verdict, message_id)

    def unanswered(self, part: Part) -> None:
        """The peer has not answered a part in time: it may have taken it or not."""
        self._part_done(part, UNANSWERED)

    def answered_late(self, way: Way, part: Part, verdict: Verdict, message_id: str = "") -> None:
        """After `unanswered` the peer has answered that part after all. If it says that it was not
        taken, that part waits for its time as before."""
        parcel = part.parcel
        if parcel.over:
            return
        if verdict.treatment is Treatment.ACCEPTED:
            parcel.taken_by = way.link
            self._taken_after_all(parcel, part.pdu, message_id)
        elif verdict.treatment is Treatment.FAIL and parcel.unanswered == 0:
            self._withdraw(parcel)
            self._end(parcel, accepted=False, reason=verdict.reason)

    def _taken_after_all(self, parcel: Parcel, pdu: SubmitSm, message_id: str) -> None:
        _note_id(parcel, pdu, message_id)
        assert parcel.parts is not None
        if pdu in (failed := [one for one, _ in parcel.failed]):  # others are on their way yet
            del parcel.failed[failed.index(pdu)]
        elif pdu in parcel.parts[parcel.sent :]:
            parcel.parts.remove(pdu)
            if parcel.sent == len(parcel.parts):
                self._withdraw(parcel)
                if parcel.unanswered == 0:
                    self._end(parcel, accepted=True, reason="")
        else:  # it is on its way again
            parcel.taken.append(pdu)

    def _withdraw(self, parcel: Parcel) -> None:
        """It is not to be tried again: it waits for that, or is ready."""
        if parcel.wait is not None:
            parcel.wait.cancel()
            self._later.discard(parcel.wait)
            parcel.wait = None
        else:
            self._queue(parcel).remove(parcel)

    def _part_done(
        self, part: Part, verdict: Verdict, message_id: str = "", *, at_once: bool = False
    ) -> None:
        parcel = part.parcel
        parcel.unanswered -= 1
        if verdict.treatment is Treatment.ACCEPTED:
            _note_id(parcel, part.pdu, message_id)
        elif part.pdu not in parcel.taken:
            parcel.failed.append((part.pdu, verdict))
        assert parcel.parts is not None
        if parcel.unanswered == 0 and (parcel.sent == len(parcel.parts) or parcel.failed):
            self._tried(parcel, at_once)

    def _tried(self, parcel: Parcel, at_once: bool) -> None:
        """All parts that were sent have their answer."""
        if not parcel.failed:
            self._end(parcel, accepted=True, reason="")
            return
        verdicts = [verdict for _, verdict in parcel.failed]
        treatment, why = worst(verdicts)
        assert parcel.parts is not None
        unsent = parcel.parts[parcel.sent :]
        if unsent:
            self._queue(parcel).remove(parcel)
        parcel.parts = [pdu for pdu, _ in parcel.failed] + unsent
        parcel.failed, parcel.sent = [], 0
        if parcel.message.screen is not None and self._is_over(treatment, why, parcel):
            self._screen_over(parcel, why)
        elif treatment is Treatment.FAIL or self._too_old(parcel):
            self._end(parcel, accepted=False, reason=why)
        elif any(verdict in DOUBTS for verdict in verdicts):
            self._repeat(parcel, why, at_once)
        elif treatment is Treatment.THROTTLE:
            self._first(parcel)
        else:
            delay = DELAYS[min(parcel.tries, len(DELAYS) - 1)]
            parcel.tries += 1
            parcel.wait = self._after(delay, self._again, parcel)

    def _repeat(self, parcel: Parcel, why: str, at_once: bool) -> None:
        """What may have been taken leaves again, after the first lost link at once, else after a
        while: a late answer makes it needless. A screen does not: it would be seen twice."""
        screen, times = parcel.message.screen, parcel.repeats
        if screen is not None and not at_once:
            left = screen.until_ms / 1000 - self.wall()
            parcel.wait = self._after(max(0.0, left), self._unseen, parcel)
        elif times == len(REPEATS):
            parcel.wait = self._after(LAST_WAIT, self._give_up, parcel, why)
        else:
            parcel.repeats += 1
            if at_once and (times == 0 or screen is not None):
                self._first(parcel)
            else:
                pause = REPEATS[times] * (1 + self._chance() / 2)
                parcel.wait = self._after(pause, self._again, parcel)

    def _give_up(self, parcel: Parcel, why: str) -> None:
        parcel.wait = None
        self._end(parcel, accepted=False, reason=why)
        self.pump()

    def _unseen(self, parcel: Parcel) -> None:
        parcel.wait = None
        self._instead(parcel, TOO_LATE)
        self.pump()

    def _first(self, parcel: Parcel) -> None:
        """Before all that have not been on their way yet, in the order of their messages."""
        parcel.back = True
        ready = self._queue(parcel)
        place = 0
        for other in ready:
            if not other.back or other.message.id > parcel.message.id:
                break
            place += 1
        ready.insert(place, parcel)

    def _again(self, parcel: Parcel) -> None:
        parcel.wait = None
        self._make_ready(parcel)
        self.pump()

    def _too_old(self, parcel: Parcel) -> bool:
        message = parcel.message
        due = max(moment_of(message.id), message.after_ms / 1000)
        return self.wall() - due > VALIDITY

    def _end(self, parcel: Parcel, *, accepted: bool, reason: str) -> None:
        message = parcel.message
        ids, parcel.over = tuple(parcel.message_ids), True
        at_ms, link = int(self.wall() * 1000), parcel.taken_by or message.link
        why = reason or parcel.note
        lane = _lane_of(message) if message.asks_for else ""
        self._settle(Settled(message.id, accepted, at_ms, link, ids, why, message.asks_for, lane))
        self._step_out(parcel)

    def _step_out(self, parcel: Parcel) -> None:
        """The next of its line moves up."""
        name = line_of(parcel.message)
        line = self._lines[name]
        line.popleft()
        if line:
            self._make_ready(line[0])
        else:
            del self._lines[name]

    def holds_screen(self, destination: str) -> bool:
        """True if a screen of a dialogue has not left yet for this address: nobody can have read
        it."""
        return any(
            not (one.sent or one.back) and one.message.screen and one.message.screen.act != Act.NOTE
            for one in self._lines.get((destination, True), ())
        )

    # -- screens that nobody looks at ------------------------------------------------------------

    def _is_late(self, parcel: Parcel) -> bool:
        screen = parcel.message.screen
        return screen is not None and self.wall() * 1000 >= screen.until_ms

    def _is_over(self, treatment: Treatment, why: str, parcel: Parcel) -> bool:
        """Refused for good, or there is no time for another try; and a notice that was sent and
        perhaps seen, for nobody is shown one twice."""
        screen = parcel.message.screen
        notice = screen is not None and screen.act is Act.NOTE
        perhaps_seen = notice and why in (UNANSWERED.reason, LINK_LOST.reason)
        return treatment is Treatment.FAIL or perhaps_seen or self._is_late(parcel)

    def _screen_over(self, parcel: Parcel, why: str) -> None:
        """A notice that may have been seen is not told again."""
        screen = parcel.message.screen
        if why == UNANSWERED.reason and screen is not None and screen.act is Act.NOTE:
            self._end(parcel, accepted=False, reason=why)
        else:
            self._instead(parcel, why)

    def _instead(self, parcel: Parcel, why: str) -> None:
        """What was to be shown is said by SMS, if there is something to say."""
        self.late += 1
        message, screen = parcel.message, parcel.message.screen
        assert screen is not None
        if not screen.otherwise:
            self._end(parcel, accepted=False, reason=why)
            return
        self._step_out(parcel)
        parcel.over = True
        sms = message._replace(
            link=screen.otherwise,
            source=screen.source or message.source,
            text=message.instead or message.text,
            screen=None,
        )
        self._line_up(Parcel(sms, note=f"by SMS: {why}"))

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            self._after(LOOK, self._look_at_screens)

    def _look_at_screens(self) -> None:
        """Those whose link is down, rests, or has no room would not be looked at otherwise."""
        self._looking = False
        for (_, screens), ready in list(self._ready.items()):
            if not screens:
                continue
            for parcel in [parcel for parcel in ready if self._is_late(parcel)]:
                ready.remove(parcel)
                self._instead(parcel, TOO_LATE)
            if ready:
                self._look_soon()
        self.pump()

    # -- settling --------------------------------------------------------------------------------

    def kept(self, settled: Settled) -> None:
        """The store knows: this one will never be sent again."""
        self._known.discard(settled.id)
        self._load_more()

    def not_kept(self, settled: Settled) -> None:
        """The store is away: it must be told later, or it would hand the message out again."""
        self._after(1.0, self._settle, settled)

    # -- timers ----------------------------------------------------------------------------------

    def _after(self, seconds: float, then: Callable[..., None], *args: object) -> IDelayedCall:
        def run() -> None:
            self._later.discard(call)
            then(*args)

        call = self._clock.callLater(seconds, run)
        self._later.add(call)
        return call

    def stop(self) -> None:
        """No timer is left; what is in hand stays in the store."""
        for call in self._later:
            call.cancel()
        self._later.clear()
        self._rests.stop()


def _note_id(parcel: Parcel, pdu: SubmitSm, message_id: str) -> None:
    if pdu.registered_delivery:
        parcel.message_ids.append(message_id)


def _lane_of(message: Outgoing) -> str:
    """Whose answers it may have (`channels.ussd.lane_of`)."""
    phone = message.destination.rpartition(".")[2][-11:]
    return phone if message.screen is None else f"{Channel.USSD.value}:{phone}"
