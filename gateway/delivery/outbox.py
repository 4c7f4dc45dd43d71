"""What leaves: from the store to the links, in order for each subscriber, settled once taken.

    add ─▶ in line behind its subscriber's earlier ones ─▶ ready ─▶ on the way ─┬─ taken ──▶ settled
                                                     ▲                         ├─ refused ─▶ settled
                                                     └── throttled, later, link lost ◀─────┘

Screens of USSD dialogues have their own line, go first, and only by their own link; when nobody
looks at one any more, it becomes the short message that was to be said instead, if any. What nobody
asked for has its own line, too, and goes last, by a share of the window (leaving.py).

The store is the truth; this holds a bounded part of it. What was on its way when its link ended, or
was not answered, may have been taken. It is sent again, with the same words and reference, but
seldom, and not if the answer comes after all; what nobody asked for is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from twisted.internet.interfaces import IReactorTime

from gateway.delivery.late_screens import TOO_LATE, ScreenWatch, by_sms, is_late
from gateway.delivery.leaving import MarksLeaving, UnaskedLeaving
from gateway.delivery.lines import DeliveryLines
from gateway.delivery.link_states import FAILOVER, LinkStates
from gateway.delivery.retrying import GiveUp, NotShown, TryAfter, TryFirst, after_failure
from gateway.delivery.route import LINK_LOST, UNANSWERED, Delivery, MessagePart, Route, outcome_of
from gateway.delivery.throttling import ThrottledLinks
from gateway.delivery.timers import Timers
from gateway.model.message_id import answers_something
from gateway.model.messages import OutgoingMessage, SendOutcome
from smpp.statuses import StatusVerdict, Treatment


class Outbox:
    def __init__(
        self,
        clock: IReactorTime,
        wall: Callable[[], float],
        settle: Callable[[SendOutcome, Outbox], None],
        load: Callable[[int, Outbox], None],
        marks: MarksLeaving,
        *,
        limit: int = 5_000,
        chance: Callable[[], float] = lambda: 0.0,
        links: LinkStates | None = None,
    ) -> None:
        """`settle` keeps what became of a message and then calls our `kept`; `load` asks the store
        for so many of the oldest waiting ones and then calls our `loaded`. `chance`, from 0 to 1:
        what was not answered together is repeated apart. `may_send` is asked before each."""
        self.wall = wall
        self._settle, self._load = settle, load
        self._limit, self._chance = limit, chance
        self.may_send: Callable[[], bool] = lambda: True
        self.finishing = False  # others are to have all that is not ours to end
        self._known: set[int] = set()  # in hand, or not yet kept as settled
        self.lines, self.links = DeliveryLines(), links or LinkStates(clock)
        self.throttled, self._timers = ThrottledLinks(clock, self.pump), Timers(clock)
        self.leaving = UnaskedLeaving(self.links, self.lines, self._timers, marks, self.pump)
        self._watch = ScreenWatch(self._timers, wall, self.lines, self._instead, self.pump)
        self.late = 0  # screens that nobody looked at any more
        self.behind = True  # the store has more than we hold
        self._loading = self._once_more = False

    # -- in --------------------------------------------------------------------------------------

    def start(self) -> None:
        self._load_more()

    def add(self, messages: Iterable[OutgoingMessage]) -> None:
        """As `take`, and off with them."""
        self.take(messages)
        self.pump()

    def take(self, messages: Iterable[OutgoingMessage]) -> None:
        """Fresh from the desk, and kept in the store already: they leave with the next `pump`. A
        screen cannot wait in the store."""
        now_ms = self.wall() * 1000
        for message in messages:
            if message.after_ms > now_ms:
                continue  # it waits in the store until `look` finds it due
            if message.screen is None:
                self.behind = self.behind or len(self._known) >= self._limit
                if self.behind:
                    continue
            if message.id not in self._known:
                self._line_up(Delivery(message))

    def look(self) -> None:
        """See what has become due, or ours."""
        self.behind = True
        self._once_more = self._loading
        self._load_more()

    def loaded(self, messages: Sequence[OutgoingMessage], asked: int) -> None:
        self._loading = False
        self.behind = self._once_more or len(messages) >= asked
        for message in messages:
            if message.id not in self._known:
                self._line_up(Delivery(message))
        self.pump()
        if self._once_more:
            self.look()

    def load_failed(self) -> None:
        self._loading = False
        self._timers.after(1.0, self._load_more)

    def _load_more(self) -> None:
        if self.behind and not self._loading and len(self._known) <= self._limit // 2:
            self._loading = True
            self._load(len(self._known) + self._limit // 2, self)

    def _line_up(self, delivery: Delivery) -> None:
        self._known.add(delivery.message.id)
        if self.lines.join(delivery):
            self._make_ready(delivery)

    def _make_ready(self, delivery: Delivery) -> None:
        self.lines.queue(delivery).append(delivery)
        if delivery.message.screen is not None:
            self._watch.look_soon()
        elif self.links.newly_down(delivery.message.link):  # or it has not come up yet
            self._timers.after(FAILOVER, self.pump)

    @property
    def waiting(self) -> int:
        """Messages in hand: not sent, not answered, or not yet kept as settled."""
        return len(self._known)

    @property
    def in_line(self) -> list[Delivery]:
        """Those of them that have not been settled."""
        return list(self.lines)

    def forget(self) -> None:
        """Another gateway sends what is in line; nothing of it is on its way, or not yet kept."""
        for delivery in self.lines:
            if delivery.wait is not None:
                self._timers.cancel(delivery.wait)
        self._known.clear()
        self.lines.clear()
        self.leaving.forget()

    # -- the routes -----------------------------------------------------------------------------

    def attach(self, route: Route) -> None:
        self.links.attach(route)
        self.pump()

    def detach(self, route: Route, unanswered: Iterable[MessagePart]) -> None:
        """The route is gone; nobody knows whether it took these: they go first by the next."""
        if self.links.detach(route):
            self._timers.after(FAILOVER, self.pump)
        for part in unanswered:
            if part.delivery.answered(part.pdu, LINK_LOST, ""):
                self._tried(part.delivery, at_once=True)
        self.pump()

    def pump(self) -> None:
        """As much as the routes have room for."""
        if not any(self.lines.ready.values()):
            return
        for route in tuple(self.links.routes):
            room = allowed = self.throttled.room(route.link, route.free)
            while room > 0 and self.may_send():
                if (delivery := self._next(route)) is None:
                    break
                room -= self._send(route, delivery)
            if allowed != room:
                self.throttled.took(route.link, allowed - room)
                route.flush()
        if not self.finishing and self.may_send():
            self.leaving.ask(lambda route: self.throttled.room(route.link, route.free) > 0)

    def _next(self, route: Route) -> Delivery | None:
        """An answer first; what nobody asked for only if there is none."""
        link, others, ends = route.link, self.links.sends_for, self.finishing
        return self.lines.next(link, others, finishing=ends) or self.lines.next_unasked(
            link, others, self.leaving.room(route), finishing=ends
        )

    def _send(self, route: Route, delivery: Delivery) -> int:
        """The delivery's next part; how much room that took."""
        if delivery.message.screen is not None and is_late(delivery, self.wall()):
            self.lines.queue(delivery).popleft()
            self._instead(delivery, TOO_LATE)
            return 0
        if delivery.parts is None:
            try:
                delivery.parts = route.parts_of(delivery.message)
            except ValueError as error:  # no PDU has room for it: it would block all behind it
                self.lines.queue(delivery).popleft()
                self._failed(delivery, str(error))
                return 0
        pdu = delivery.next_part(self.wall())
        self.leaving.sent(delivery)
        if delivery.sent == len(delivery.parts):
            self.lines.queue(delivery).popleft()
        route.submit(MessagePart(delivery, pdu))
        return 1

    # -- answers ---------------------------------------------------------------------------------

    def answered(
        self, route: Route, part: MessagePart, verdict: StatusVerdict, message_id: str = ""
    ) -> None:
        """The peer answered a part; `message_id` is its own name for it, if it took it."""
        self.throttled.answered(route.link, verdict.treatment)
        if verdict.treatment is Treatment.ACCEPTED:
            delivery = part.delivery
            delivery.taken_by = route.link
            delivery.answer_ms = max(0, round((self.wall() - delivery.left_at) * 1000))
        self._part_done(part, verdict, message_id)

    def unanswered(self, part: MessagePart) -> None:
        """The peer has not answered a part in time: it may have taken it or not."""
        self._part_done(part, UNANSWERED)

    def answered_late(
        self, route: Route, part: MessagePart, verdict: StatusVerdict, message_id: str = ""
    ) -> None:
        """After `unanswered` the peer has answered that part after all. If it says that it was not
        taken, that part waits for its time as before."""
        delivery = part.delivery
        if delivery.over:
            return
        if verdict.treatment is Treatment.ACCEPTED:
            delivery.taken_by = route.link
            if delivery.taken_after_all(part.pdu, message_id):
                self._withdraw(delivery)
                if delivery.unanswered == 0:
                    self._end(delivery, accepted=True)
        elif verdict.treatment is Treatment.FAIL and delivery.unanswered == 0:
            self._withdraw(delivery)
            delivery.doubtful = False
            self._failed(delivery, verdict.reason)

    def _withdraw(self, delivery: Delivery) -> None:
        """It is not to be tried again: it waits for that, or is ready."""
        if delivery.wait is not None:
            self._timers.cancel(delivery.wait)
            delivery.wait = None
        else:
            self.lines.queue(delivery).remove(delivery)

    def _part_done(self, part: MessagePart, verdict: StatusVerdict, message_id: str = "") -> None:
        if part.delivery.answered(part.pdu, verdict, message_id):
            self._tried(part.delivery, at_once=False)

    def _tried(self, delivery: Delivery, *, at_once: bool) -> None:
        """All parts that were sent have their answer."""
        if not delivery.failed:
            self._end(delivery, accepted=True)
            return
        self.leaving.done(delivery.message.id)
        assert delivery.parts is not None
        if delivery.sent < len(delivery.parts):
            self.lines.queue(delivery).remove(delivery)
        verdicts, now = delivery.begin_again(), self.wall()
        match after_failure(delivery, verdicts, now, self._chance, at_once=at_once):
            case TryFirst():
                self.leaving.not_taken(delivery)
                self.lines.put_first(delivery)
            case TryAfter(seconds):
                self.leaving.not_taken(delivery)
                self._wait(delivery, seconds, self._make_ready)
            case NotShown(why, seconds):
                self._wait(delivery, seconds, self._instead, why)
            case GiveUp(why, seconds):
                self._wait(delivery, seconds, self._failed, why)

    def _wait(
        self, delivery: Delivery, seconds: float, then: Callable[..., None], *args: str
    ) -> None:
        if not seconds:
            then(delivery, *args)
            return
        delivery.wait = self._timers.after(seconds, self._waited, delivery, then, *args)

    def _waited(self, delivery: Delivery, then: Callable[..., None], *args: str) -> None:
        delivery.wait = None
        then(delivery, *args)
        self.pump()

    def _failed(self, delivery: Delivery, reason: str) -> None:
        self._end(delivery, accepted=False, reason=reason)

    def _end(self, delivery: Delivery, *, accepted: bool, reason: str = "") -> None:
        self._settle(self._outcome(delivery, accepted=accepted, reason=reason), self)

    def _outcome(self, delivery: Delivery, *, accepted: bool, reason: str) -> SendOutcome:
        """Of one that leaves its line."""
        delivery.over = True
        self._step_out(delivery)
        self.leaving.done(delivery.message.id)
        now_ms, unknown = int(self.wall() * 1000), delivery.doubtful and not accepted
        return outcome_of(delivery, now_ms, accepted, reason, unknown)

    def _step_out(self, delivery: Delivery) -> None:
        """The next of its line moves up."""
        if (following := self.lines.leave(delivery)) is not None:
            self._make_ready(following)

    @property
    def unasked(self) -> list[int]:
        """The ids of those in hand that answer nothing."""
        return [id for id in self._known if not answers_something(id)]

    def withdraw(self, ids: Collection[int], reason: str) -> list[SendOutcome]:
        """What no link has of these ends here, and is in hand until `kept`; the rest is not tried
        again."""
        ended = []
        for delivery in [one for one in self.lines if one.message.id in ids]:
            if delivery.may_be_there:
                delivery.last = True
                continue
            if self.lines.is_first(delivery):
                self._withdraw(delivery)
            ended.append(self._outcome(delivery, accepted=False, reason=reason))
        return ended

    # -- screens that nobody looks at ------------------------------------------------------------

    def _instead(self, delivery: Delivery, why: str) -> None:
        """By SMS, if there is something to say."""
        self.late += 1
        if (sms := by_sms(delivery, why)) is None:
            self._failed(delivery, why)
            return
        self._step_out(delivery)
        delivery.over = True
        self._line_up(sms)

    # -- settling --------------------------------------------------------------------------------

    def kept(self, settled: SendOutcome) -> None:
        """It will never be sent again."""
        self._known.discard(settled.id)
        self._load_more()

    def not_kept(self, settled: SendOutcome) -> None:
        """The store is away: it must be told later, or it would hand the message out again."""
        self._timers.after(1.0, self._settle, settled, self)

    def stop(self) -> None:
        """No timer is left; what is in hand stays in the store."""
        self._timers.stop()
        self.throttled.stop()
