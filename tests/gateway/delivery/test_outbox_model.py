"""The outbox against a store and links that do anything, in any order, at any time."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from twisted.internet.task import Clock

from gateway.delivery.outbox import Outbox
from gateway.delivery.retrying import REPEATS
from gateway.delivery.route import MessagePart, line_of
from gateway.delivery.throttling import PAUSES
from gateway.model.address import Address
from gateway.model.messages import OutgoingMessage, OutgoingScreen, ScreenAct, SendOutcome
from smpp.statuses import StatusVerdict, Treatment
from tests.gateway.delivery.binds import (
    LATER,
    MARKS,
    NEVER,
    NOON,
    OURS,
    SLOWER,
    TAKEN,
    FakeRoute,
    message,
    number_of,
    words,
)

LIMIT = 6
LINKS = ("smsc-a", "smsc-b")
verdicts = st.sampled_from([TAKEN, TAKEN, TAKEN, SLOWER, LATER, NEVER])


class OutboxModel(RuleBasedStateMachine):
    """What must hold: a subscriber's messages leave one after the other and in order, each ends
    once, nothing that was taken is sent again, and no more is held than allowed. A screen leaves in
    time and by its own link, or what it tells leaves as a short message."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.outbox = Outbox(self.clock, self.wall, self._settle, self._load, MARKS, limit=LIMIT)
        self.routes: list[FakeRoute] = []
        self.numbers = 0
        self.store: dict[int, OutgoingMessage] = {}  # what waits there, by id
        self.telling: dict[int, SendOutcome] = {}  # on its way to the store
        self.ended: dict[int, SendOutcome] = {}
        self.asked: list[int] = []
        self.taken: dict[int, set[str]] = defaultdict(set)  # by message, the words that were taken
        self.refused: set[int] = set()  # messages with a part that can never be sent
        self.doubts: Counter[int] = Counter()  # by message, parts that may have been taken or not
        self.begun: dict[tuple[Address, int], int] = {}  # by line, the newest that was sent
        self.resting: dict[FakeRoute, float] = {}
        self.outbox.start()

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    # -- what the outbox does --------------------------------------------------------------------

    def _settle(self, settled: SendOutcome, _outbox: Outbox) -> None:
        assert settled.id not in self.ended, "ended twice"
        assert settled.id not in self.telling, "told twice"
        self.telling[settled.id] = settled
        parts = {f"{number_of(settled.id)} {word}" for word in self.store[settled.id].text.split()}
        assert settled.accepted == (self.taken[settled.id] == parts)
        screen = self.store[settled.id].screen
        dropped = screen is not None and not screen.otherwise
        given_up = self.doubts[settled.id] > len(REPEATS)
        assert settled.accepted or settled.id in self.refused or dropped or given_up

    def _load(self, limit: int, _outbox: Outbox) -> None:
        assert not self.asked, "asked while it waits for an answer"
        assert limit > 0
        self.asked.append(limit)

    def _submitted(self, route: FakeRoute, part: MessagePart) -> None:
        message = part.delivery.message
        who = line_of(message)
        if message.screen is not None:
            assert route.link == message.link, "a screen by a link that does not know it"
            assert self.wall() * 1000 < message.screen.until_ms, "a screen for nobody"
        assert route in self.routes, "sent on a lost link"
        assert self.resting.get(route, 0.0) <= self.clock.seconds(), "sent on a link that rests"
        assert words(part) not in self.taken[message.id], "sent again what was taken"
        if message.screen == self.store[message.id].screen:  # else it was late
            assert self.begun.get(who, 0) <= message.id, "overtaken by an older one"
            self.begun[who] = message.id
        others = {
            flying.delivery.message.id
            for each in self.routes
            for flying in each.in_flight
            if line_of(flying.delivery.message) == who
        }
        assert others == {message.id}, "two messages of one subscriber at once"

    # -- what the world does ---------------------------------------------------------------------

    @rule(
        messages=st.lists(
            st.tuples(st.integers(1, 3), st.sampled_from(LINKS), st.integers(1, 3)),
            min_size=1,
            max_size=4,
        )
    )
    def the_desk_answers(self, messages: list[tuple[int, str, int]]) -> None:
        """A batch is committed and its answers are handed over."""
        fresh = []
        for subscriber, link, parts in messages:
            self.numbers += 1
            text, to = " ".join(map(str, range(parts))), f"1380013800{subscriber}"
            fresh.append(message(self.numbers, text, to, link=link))
        self.store |= {each.id: each for each in fresh}
        self.outbox.add(fresh)

    @rule(
        subscriber=st.integers(1, 3),
        link=st.sampled_from(LINKS),
        tells=st.sampled_from(["", *LINKS]),
    )
    def the_desk_shows(self, subscriber: int, link: str, tells: str) -> None:
        """A screen, for ten seconds."""
        self.numbers += 1
        shown = message(self.numbers, "0", f"1380013800{subscriber}", link=link)
        until = int((self.wall() + 10) * 1000)
        screen = OutgoingScreen(ScreenAct.ON, "1383:0002", until, tells, OURS)
        fresh = shown._replace(screen=screen, instead="0" if tells else "")
        self.store[fresh.id] = fresh
        self.outbox.add([fresh])

    @precondition(lambda self: len(self.routes) < 4)
    @rule(link=st.sampled_from(LINKS), window=st.integers(1, 4))
    def a_link_comes_up(self, link: str, window: int) -> None:
        route = FakeRoute(link, window, on_submit=self._submitted)
        self.routes.append(route)
        self.outbox.attach(route)

    @precondition(lambda self: self.routes)
    @rule(data=st.data())
    def a_link_is_lost(self, data: st.DataObject) -> None:
        route = data.draw(st.sampled_from(self.routes))
        self.routes.remove(route)
        self.doubts.update(part.delivery.message.id for part in route.in_flight)
        route.lost(self.outbox)

    @precondition(lambda self: any(route.in_flight for route in self.routes))
    @rule(data=st.data(), verdict=verdicts)
    def a_part_is_answered(self, data: st.DataObject, verdict: StatusVerdict) -> None:
        """In any order; a time-out looks like `later`."""
        route = data.draw(st.sampled_from([route for route in self.routes if route.in_flight]))
        self._answer(route, data.draw(st.integers(0, len(route.in_flight) - 1)), verdict)

    def _answer(self, route: FakeRoute, place: int, verdict: StatusVerdict) -> None:
        part = route.in_flight[place]
        id = part.delivery.message.id
        match verdict.treatment:
            case Treatment.ACCEPTED:
                self.taken[id].add(words(part))
            case Treatment.FAIL:
                self.refused.add(id)
            case Treatment.THROTTLE:
                until = self.clock.seconds() + PAUSES[0]
                self.resting[route] = max(until, self.resting.get(route, 0.0))
            case Treatment.LATER:
                pass
        route.answer(self.outbox, verdict, place)

    @precondition(lambda self: any(route.in_flight for route in self.routes))
    @rule(data=st.data())
    def a_part_is_not_answered(self, data: st.DataObject) -> None:
        route = data.draw(st.sampled_from([route for route in self.routes if route.in_flight]))
        place = data.draw(st.integers(0, len(route.in_flight) - 1))
        self.doubts[route.in_flight[place].delivery.message.id] += 1
        route.silent(self.outbox, place)

    @precondition(lambda self: any(route.overdue for route in self.routes))
    @rule(data=st.data(), verdict=verdicts)
    def a_part_is_answered_late(self, data: st.DataObject, verdict: StatusVerdict) -> None:
        """In any order; what has ended has ended."""
        route = data.draw(st.sampled_from([route for route in self.routes if route.overdue]))
        place = data.draw(st.integers(0, len(route.overdue) - 1))
        part = route.overdue[place]
        if not part.delivery.over and verdict.treatment is Treatment.ACCEPTED:
            self.taken[part.delivery.message.id].add(words(part))
        elif verdict.treatment is Treatment.FAIL:
            self.refused.add(part.delivery.message.id)
        route.answer_late(self.outbox, verdict, place)

    @precondition(lambda self: self.telling)
    @rule(data=st.data(), keeps=st.booleans())
    def the_store_is_told(self, data: st.DataObject, keeps: bool) -> None:
        settled = self.telling.pop(data.draw(st.sampled_from(sorted(self.telling))))
        if keeps:
            self.ended[settled.id] = settled
            del self.store[settled.id]
            self.outbox.kept(settled)
        else:
            self.outbox.not_kept(settled)

    @precondition(lambda self: self.asked)
    @rule(answers=st.booleans())
    def the_store_is_read(self, answers: bool) -> None:
        limit = self.asked.pop()
        if answers:
            waiting = [self.store[id] for id in sorted(self.store)]
            self.outbox.loaded(waiting[:limit], limit)
        else:
            self.outbox.load_failed()

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.0, 5.0, 10.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def no_more_is_held_than_allowed(self) -> None:
        screens = sum(each.screen is not None for each in self.store.values())
        assert self.outbox.waiting <= LIMIT + screens

    @invariant()
    def no_link_has_more_than_its_window(self) -> None:
        assert all(route.free >= 0 for route in self.routes)

    def teardown(self) -> None:
        """When all is well again, everything leaves; and in the end no timer is left."""
        for link in LINKS:
            self.a_link_comes_up(link, 4)
        for _ in range(500):
            if not self.store:
                break
            while self.asked:
                self.the_store_is_read(answers=True)
            for route in self.routes:
                while route.in_flight:
                    self._answer(route, 0, TAKEN)
            for id in list(self.telling):
                settled = self.telling.pop(id)
                self.ended[id] = settled
                del self.store[id]
                self.outbox.kept(settled)
            self.clock.advance(60.0)
        assert self.store == {}, "left behind"
        assert self.outbox.waiting == 0
        assert len(self.ended) == self.numbers
        self.outbox.stop()
        assert self.clock.getDelayedCalls() == []


TestOutboxModel = OutboxModel.TestCase
TestOutboxModel.settings = settings(max_examples=75, stateful_step_count=40, deadline=None)
