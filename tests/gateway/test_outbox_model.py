"""The outbox against a store and links that do anything, in any order, at any time."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from twisted.internet.task import Clock

from gateway.mail import Act, Outgoing, Screen, Settled
from gateway.outbox import REPEATS, Outbox
from gateway.parcels import Part, line_of
from gateway.rests import PAUSES
from smpp.statuses import Treatment, Verdict
from tests.gateway.ways import LATER, NEVER, NOON, SLOWER, TAKEN, FakeWay, message, number_of, words

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
        self.outbox = Outbox(self.clock, self.wall, self._settle, self._load, limit=LIMIT)
        self.ways: list[FakeWay] = []
        self.numbers = 0
        self.store: dict[int, Outgoing] = {}  # what waits there, by id
        self.telling: dict[int, Settled] = {}  # on its way to the store
        self.ended: dict[int, Settled] = {}
        self.asked: list[int] = []
        self.taken: dict[int, set[str]] = defaultdict(set)  # by message, the words that were taken
        self.refused: set[int] = set()  # messages with a part that can never be sent
        self.doubts: Counter[int] = Counter()  # by message, parts that may have been taken or not
        self.begun: dict[tuple[str, bool], int] = {}  # by line, the newest that was sent
        self.resting: dict[FakeWay, float] = {}
        self.outbox.start()

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    # -- what the outbox does --------------------------------------------------------------------

    def _settle(self, settled: Settled) -> None:
        assert settled.id not in self.ended, "ended twice"
        assert settled.id not in self.telling, "told twice"
        self.telling[settled.id] = settled
        parts = {f"{number_of(settled.id)} {word}" for word in self.store[settled.id].text.split()}
        assert settled.accepted == (self.taken[settled.id] == parts)
        screen = self.store[settled.id].screen
        dropped = screen is not None and not screen.otherwise
        given_up = self.doubts[settled.id] > len(REPEATS)
        assert settled.accepted or settled.id in self.refused or dropped or given_up

    def _load(self, limit: int) -> None:
        assert not self.asked, "asked while it waits for an answer"
        assert limit > 0
        self.asked.append(limit)

    def _submitted(self, way: FakeWay, part: Part) -> None:
        parcel_message = part.parcel.message
        who = line_of(parcel_message)
        if parcel_message.screen is not None:
            assert way.link == parcel_message.link, "a screen by a link that does not know it"
            assert self.wall() * 1000 < parcel_message.screen.until_ms, "a screen for nobody"
        assert way in self.ways, "sent on a lost link"
        assert self.resting.get(way, 0.0) <= self.clock.seconds(), "sent on a link that rests"
        assert words(part) not in self.taken[parcel_message.id], "sent again what was taken"
        if parcel_message.screen == self.store[parcel_message.id].screen:  # else it was late
            assert self.begun.get(who, 0) <= parcel_message.id, "overtaken by an older one"
            self.begun[who] = parcel_message.id
        others = {
            flying.parcel.message.id
            for each in self.ways
            for flying in each.in_flight
            if line_of(flying.parcel.message) == who
        }
        assert others == {parcel_message.id}, "two messages of one subscriber at once"

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
            text, to = " ".join(map(str, range(parts))), f"1.1.1380013800{subscriber}"
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
        shown = message(self.numbers, "0", f"1.1.1380013800{subscriber}", link=link)
        until = int((self.wall() + 10) * 1000)
        screen = Screen(Act.ON, "1383:0002", until, tells, "0.1.10086")
        fresh = shown._replace(screen=screen, instead="0" if tells else "")
        self.store[fresh.id] = fresh
        self.outbox.add([fresh])

    @precondition(lambda self: len(self.ways) < 4)
    @rule(link=st.sampled_from(LINKS), window=st.integers(1, 4))
    def a_link_comes_up(self, link: str, window: int) -> None:
        way = FakeWay(link, window, on_submit=self._submitted)
        self.ways.append(way)
        self.outbox.attach(way)

    @precondition(lambda self: self.ways)
    @rule(data=st.data())
    def a_link_is_lost(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from(self.ways))
        self.ways.remove(way)
        self.doubts.update(part.parcel.message.id for part in way.in_flight)
        way.lost(self.outbox)

    @precondition(lambda self: any(way.in_flight for way in self.ways))
    @rule(data=st.data(), verdict=verdicts)
    def a_part_is_answered(self, data: st.DataObject, verdict: Verdict) -> None:
        """In any order; a time-out looks like `later`."""
        way = data.draw(st.sampled_from([way for way in self.ways if way.in_flight]))
        self._answer(way, data.draw(st.integers(0, len(way.in_flight) - 1)), verdict)

    def _answer(self, way: FakeWay, place: int, verdict: Verdict) -> None:
        part = way.in_flight[place]
        id = part.parcel.message.id
        match verdict.treatment:
            case Treatment.ACCEPTED:
                self.taken[id].add(words(part))
            case Treatment.FAIL:
                self.refused.add(id)
            case Treatment.THROTTLE:
                until = self.clock.seconds() + PAUSES[0]
                self.resting[way] = max(until, self.resting.get(way, 0.0))
            case Treatment.LATER:
                pass
        way.answer(self.outbox, verdict, place)

    @precondition(lambda self: any(way.in_flight for way in self.ways))
    @rule(data=st.data())
    def a_part_is_not_answered(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from([way for way in self.ways if way.in_flight]))
        place = data.draw(st.integers(0, len(way.in_flight) - 1))
        self.doubts[way.in_flight[place].parcel.message.id] += 1
        way.silent(self.outbox, place)

    @precondition(lambda self: any(way.overdue for way in self.ways))
    @rule(data=st.data(), verdict=verdicts)
    def a_part_is_answered_late(self, data: st.DataObject, verdict: Verdict) -> None:
        """In any order; what has ended has ended."""
        way = data.draw(st.sampled_from([way for way in self.ways if way.overdue]))
        place = data.draw(st.integers(0, len(way.overdue) - 1))
        part = way.overdue[place]
        if not part.parcel.over and verdict.treatment is Treatment.ACCEPTED:
            self.taken[part.parcel.message.id].add(words(part))
        elif verdict.treatment is Treatment.FAIL:
            self.refused.add(part.parcel.message.id)
        way.answer_late(self.outbox, verdict, place)

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
        assert all(way.free >= 0 for way in self.ways)

    def teardown(self) -> None:
        """When all is well again, everything leaves; and in the end no timer is left."""
        for link in LINKS:
            self.a_link_comes_up(link, 4)
        for _ in range(500):
            if not self.store:
                break
            while self.asked:
                self.the_store_is_read(answers=True)
            for way in self.ways:
                while way.in_flight:
                    self._answer(way, 0, TAKEN)
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
