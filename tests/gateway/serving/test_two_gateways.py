"""Two gateways on one store, a bind to one SMSC each: who brings what again, and what comes of
it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.event import listen

from gateway.model.message_id import copy_of
from gateway.model.messages import (
    BindOverlaps,
    LateAnswer,
    OutgoingMessage,
    PeerHasRead,
    ReceiptArrived,
    ScreenAct,
    SendOutcome,
    SendOutcomes,
    ShortMessage,
    SmscOf,
    UssdInput,
)
from gateway.model.redelivery import DECIDED_WITHIN, LATE, Undecided
from gateway.serving.work import Served, WorkResult
from gateway.store.redelivery import SqlRedelivery
from gateway.store.store import Store
from gateway.store.tables import binds, inbox, ledger, receipts, subscriptions
from smpp.messages.segmentation import Fragment
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG

CAMPUS = "13800138005"  # may order campus WLAN, and can pay for it


class Beside(Office):
    """The second gateway; its link has a name of its own."""

    link = "smsc-b"


class Pair:
    """Two gateways, and an SMSC that has a bind to each."""

    def __init__(self, store: Store, queries_per_hour: int = 0) -> None:
        self.one = Office(store, queries_per_hour=queries_per_hour)
        self.other = Beside(store, beside=self.one, queries_per_hour=queries_per_hour)

    def wait(self, seconds: float) -> None:
        self.one.bag.now += seconds

    def dies(self) -> None:
        """The first; the other takes it over, and its binds have ended then."""
        self.wait(0.1)
        with self.one.store.transaction() as connection:
            SqlRedelivery(connection).left_over([self.one.copy], int(self.one.bag.now * 1000))
        self.wait(0.1)

    def proves(self, office: Office) -> None:
        """The SMSC has read all answers of that gateway, and it knows."""
        office.prove(office.bag.id())


@pytest.fixture
def pair(store: Store) -> Pair:
    """On both kinds of store."""
    return Pair(store)


@pytest.fixture
def one_pair(sqlite_store: Store) -> Pair:
    """Where it does not matter which."""
    return Pair(sqlite_store)


def served(office: Office, message: ShortMessage | UssdInput) -> list[OutgoingMessage]:
    (result,) = office.serve(message)
    assert isinstance(result, Served)
    return list(result.answers)


def waits(office: Office, message: ShortMessage | UssdInput) -> bool:
    return office.serve(message) == [Undecided()]


def journal(pair: Pair) -> list[object]:
    return [result for _, result in pair.one.journal()]


def test_who_takes_over_keeps_its_own_binds(pair: Pair) -> None:
    """Only those of the other have ended: who says the same again by one of ours is no SMSC."""
    pair.other.hears("YE")
    pair.dies()
    pair.other.counter.inherit_unproven()
    with pair.other.store.reading() as connection:
        rows = connection.execute(select(binds.c.id, binds.c.ended_ms)).all()
    ended = {row.id: row.ended_ms for row in rows}
    assert ended[pair.one.bind] > 0
    assert ended[pair.other.bind] == 0


# -- who was killed where ------------------------------------------------------------------------


def test_each_gateways_binds_bear_its_slot_and_their_smsc(pair: Pair) -> None:
    """By that they are known as ended when it dies, and not those of others."""
    rows = pair.one.rows(binds)
    assert [(row["copy"], row["link"], row["smsc"]) for row in rows] == [
        (0, "smsc-a", "east"),
        (1, "smsc-b", "east"),
    ]
    assert [copy_of(int(str(row["id"]))) for row in rows] == [0, 1]
    pair.dies()
    assert [bool(row["ended_ms"]) for row in pair.one.rows(binds)] == [True, False]


def test_killed_before_it_kept_anything_the_other_serves(pair: Pair) -> None:
    """Nobody knows that it was ever read."""
    message = pair.one.arrived("YE")
    pair.dies()
    assert "56.80" in served(pair.other, pair.other.again(message))[0].text


def test_killed_after_it_had_kept_it_the_other_says_the_answer_again(pair: Pair) -> None:
    """The SMSC never saw that it was taken. Once the answer has been taken it is said again."""
    message = pair.one.arrived("YE")
    (answer,) = served(pair.one, message)
    pair.one.deliver()
    again = pair.other.again(message)
    assert waits(pair.other, again)
    pair.dies()
    (said,) = served(pair.other, again)
    assert said.text == answer.text
    assert pair.one.rows(inbox)[-1]["same_as"] == message.id


def test_an_answer_that_waits_in_the_dead_ones_outbox_is_not_said_twice(pair: Pair) -> None:
    """Who took it over sends it."""
    message = pair.one.arrived("YE")
    served(pair.one, message)
    pair.dies()
    assert served(pair.other, pair.other.again(message)) == []
    assert len(pair.other.deliver()) == 1


def test_killed_after_its_answer_was_read_the_next_is_new(pair: Pair) -> None:
    """It is the subscriber who asks again."""
    served(pair.one, pair.one.arrived("1"))
    pair.proves(pair.one)
    pair.dies()
    served(pair.other, pair.other.arrived("1"))
    assert "repeated" not in journal(pair)


def test_an_order_takes_effect_once_whoever_hears_its_yes(pair: Pair) -> None:
    """One subscription, one fee, over three deaths."""
    asked = served(pair.one, pair.one.arrived("KTEDU40", CAMPUS))
    pair.one.take(asked)
    yes = pair.one.arrived("是", CAMPUS)
    served(pair.one, yes)
    for _ in range(3):
        pair.one.deliver()
        pair.wait(0.1)
        pair.one.lose()
        assert waits(pair.other, pair.other.again(yes)) is False
        pair.other.lose()
        assert waits(pair.one, pair.one.again(yes)) is False
    assert len(pair.one.rows(ledger)) == 1
    opened = [row for row in pair.one.rows(subscriptions) if row["order_id"]]
    assert [row["service"] for row in opened] == ["EDU40"]


def test_a_lost_bind_of_a_gateway_that_lives(pair: Pair) -> None:
    """The SMSC sees it first, and goes to the other gateway."""
    message = pair.one.arrived("1")
    served(pair.one, message)
    again = pair.other.again(message)
    assert waits(pair.other, again)
    pair.one.lose()
    served(pair.other, again)
    assert journal(pair) == ["unknown", "repeated"]


def test_one_that_died_alone_remembers_when_it_opens(store: Store) -> None:
    """Its slot is its own again; the binds that it had have ended."""
    office = Office(store)
    message = office.arrived("YE")
    office.answers(message)
    office.crash()
    office.answers(office.again(message))
    assert office.journal()[-1] == ("again", "repeated")


def test_who_starts_ends_nobody_elses_binds(pair: Pair) -> None:
    """The other is up, and what comes by it is new."""
    served(pair.one, pair.one.arrived("1"))
    pair.proves(pair.one)
    pair.other.crash()
    ended = [bool(row["ended_ms"]) for row in pair.one.rows(binds)]
    assert ended == [False, True, False]


def test_when_the_other_has_left_what_it_may_have_lost_is_known(pair: Pair) -> None:
    """Alone, hardly anybody is looked for in the store; those are."""
    message = pair.other.arrived("1")
    served(pair.other, message)
    served(pair.one, pair.one.arrived("YE", LI))
    pair.other.lose()
    pair.one.stands_alone(alone=True)
    served(pair.one, pair.one.arrived("YE", LI))
    pair.wait(100)
    served(pair.one, pair.one.again(message))
    assert journal(pair)[-1] == "repeated"


def test_who_heard_nothing_while_others_were_there_knows_what_they_have_lost(pair: Pair) -> None:
    """The SMSC prefers the other, which ends in order; then it delivers again here."""
    message = pair.other.arrived("1")
    served(pair.other, message)
    pair.other.lose()
    pair.one.stands_alone(alone=True)
    served(pair.one, pair.one.again(message))
    assert journal(pair) == ["unknown", "repeated"]


# -- a subscriber who repeats a key --------------------------------------------------------------


def test_two_equal_keys_over_two_gateways_are_two(pair: Pair) -> None:
    """In a numbered menu behind a numbered menu. The second waits until the answer to the first was
    read."""
    served(pair.one, pair.one.arrived("10086"))
    served(pair.one, pair.one.arrived("1"))
    second = pair.other.arrived("1")
    assert waits(pair.other, second)
    pair.proves(pair.one)
    served(pair.other, second)
    results = [(row["same_as"], row["result"]) for row in pair.one.rows(inbox)]
    assert all(same_as == 0 for same_as, _ in results)
    assert len(results) == 3


def test_what_comes_behind_a_message_that_waits_waits_too(pair: Pair) -> None:
    """In one batch or in the next: a subscriber's messages keep their order."""
    served(pair.one, pair.one.arrived("1"))
    second, third = pair.other.arrived("1"), pair.other.arrived("YE")
    assert pair.other.serve(second, third) == [Undecided(), Undecided()]
    assert pair.other.serve(third) == [Undecided()]
    elsewhere = pair.other.arrived("YE", LI)
    assert pair.other.serve(elsewhere) != [Undecided()]
    pair.proves(pair.one)
    results: list[WorkResult] = pair.other.serve(second, third)
    assert all(isinstance(result, Served) for result in results)
    assert [row["id"] for row in pair.one.rows(inbox)][-3:-1] == [second.id, third.id]


def test_nobody_waits_behind_one_that_went_away(pair: Pair) -> None:
    """Its bind was lost meanwhile: it asks no more."""
    served(pair.one, pair.one.arrived("1"))
    assert waits(pair.other, pair.other.arrived("1"))
    pair.wait(2)
    served(pair.other, pair.other.arrived("YE"))


def test_who_waited_long_enough_is_to_come_again(pair: Pair) -> None:
    """The SMSC keeps it; nothing of it is kept here."""
    served(pair.one, pair.one.arrived("1"))
    message = pair.other.arrived("1")
    assert waits(pair.other, message)
    pair.wait(DECIDED_WITHIN)
    assert pair.other.serve(message) == [Undecided(refuse=True)]
    assert len(pair.one.rows(inbox)) == 1
    pair.proves(pair.one)
    served(pair.other, pair.other.again(message))
    assert "repeated" not in journal(pair)


def test_an_equal_key_of_a_screen(pair: Pair) -> None:
    """A USSD centre may bring each step by another bind; sent again after a loss it is known."""
    one, other = pair.one, pair.other
    begun = one.bag.dialled(ScreenAct.BEGIN, "s1", "*139#", bind=one.bind)
    (screen,) = served(one, begun)
    pair.proves(one)
    first = other.bag.dialled(ScreenAct.ON, "s1", "1", bind=other.bind, link=other.link)
    (page,) = served(other, first)
    pair.proves(other)
    (next_page,) = served(one, one.bag.dialled(ScreenAct.ON, "s1", "1", bind=one.bind))
    assert len({screen.text, page.text, next_page.text}) == 3
    one.take([next_page])
    one.lose()
    again = other.bag.dialled(ScreenAct.ON, "s1", "1", bind=other.bind, link=other.link)
    assert [said.text for said in served(other, again)] == [next_page.text]


def test_an_smsc_that_does_not_wait_is_known_over_all_gateways(pair: Pair) -> None:
    """One of them has seen it: what is new proves nothing then, whoever gets it."""
    pair.other.serve(BindOverlaps(pair.other.bind))
    message = pair.other.arrived("YE")
    served(pair.other, message)
    pair.other.lose()
    pair.wait(5)
    served(pair.one, pair.one.arrived("CXTC"))
    assert len(served(pair.one, pair.one.again(message))) == 1
    assert journal(pair)[-1] == "repeated"


def test_of_a_machine_that_sends_hundreds_only_the_newest_are_looked_at(one_pair: Pair) -> None:
    """It must not hold others up; what it sends again is known all the same."""
    one, other = one_pair.one, one_pair.other
    for _ in range(8):
        one.serve(*(one.arrived("YE") for _ in range(20)))
        one_pair.wait(1)
    one_pair.proves(one)
    last = other.arrived("YE")
    served(other, last)
    asked: list[int] = []

    def seen(_c: object, _k: object, sql: str, values: tuple[int, ...], *_: object) -> None:
        if "JOIN binds" in sql:
            asked.append(values[0])

    listen(one.store.engine, "before_cursor_execute", seen)
    other.lose()
    one.bag.now += 0.1
    served(one, one.again(last))
    served(one, one.again(last))
    served(one, one.arrived("YE", LI))
    heavy, again, light = asked
    assert light < heavy <= again
    assert journal(one_pair)[-3:-1] == ["repeated", "ok"]


# -- the SMSC's own time is over -----------------------------------------------------------------


def test_one_that_waited_long_at_the_desk_is_not_served_twice(pair: Pair) -> None:
    """The SMSC waited ten seconds, and brought it to the other gateway, which served it."""
    stale = pair.one.arrived("1")
    pair.wait(10)
    again = pair.other.again(stale)
    served(pair.other, again)
    pair.proves(pair.other)
    pair.wait(1)
    served(pair.one, stale)
    assert [row["same_as"] for row in pair.one.rows(inbox)] == [again.id, 0]


@pytest.mark.parametrize("same_bind", [True, False])
def test_one_that_was_served_late_may_come_again(pair: Pair, same_bind: bool) -> None:
    """Its answer crossed the repetition, and was read. By the same bind too."""
    late = pair.one.arrived("YE")
    pair.wait(LATE + 7)
    (answer,) = served(pair.one, late)
    pair.one.take([answer])
    pair.proves(pair.one)
    office = pair.one if same_bind else pair.other
    (said,) = served(office, office.again(late))
    assert said.text == answer.text
    pair.proves(office)
    assert "56.80" in served(office, office.arrived("YE"))[0].text
    assert journal(pair) == ["ok", "repeated", "ok"]


def test_alone_too_what_was_served_late_comes_again_once(store: Store) -> None:
    """A busy hour of a single gateway."""
    office = Office(store)
    late = office.arrived("1")
    office.bag.now += 10
    office.serve(late)
    office.serve(office.again(late))
    office.serve(office.arrived("1"))
    assert [result for _, result in office.journal()] == ["unknown", "repeated", "unknown"]


def test_an_answer_that_left_or_was_read_too_late(pair: Pair) -> None:
    """It was kept in time; then the gateway stood still, or its bind did."""
    message = pair.one.arrived("1")
    served(pair.one, message)
    pair.wait(12)
    again = pair.other.again(message)
    assert waits(pair.other, again)
    read_late(pair, message, after=0)
    served(pair.other, again)
    assert journal(pair) == ["unknown", "repeated"]


def read_late(pair: Pair, message: ShortMessage, after: float) -> None:
    """It is noted so many seconds after it was seen that the SMSC had read our answer."""
    late = LateAnswer(message.id, int((pair.one.bag.now - after) * 1000))
    pair.one.serve(PeerHasRead(pair.one.bind, message.id, (late,)))


def test_what_came_since_a_late_answer_was_read_tells_that_the_smsc_has_gone_on(pair: Pair) -> None:
    """Though its gateway was too busy to note in time that it was read. So the third is new."""
    message = pair.one.arrived("1")
    pair.wait(4)
    served(pair.one, message)
    pair.wait(2)
    pair.proves(pair.one)
    served(pair.other, pair.other.arrived("2"))
    pair.proves(pair.other)
    pair.wait(2)
    read_late(pair, message, after=4)
    served(pair.other, pair.other.arrived("1"))
    assert journal(pair) == ["unknown", "unknown", "unknown"]


def test_what_was_refused_and_kept_is_known_to_all(pair: Pair) -> None:
    """The store died while it committed, and came back: the SMSC goes to the other gateway."""
    message = pair.one.arrived("1")
    served(pair.one, message)
    pair.one.counter._doubtful.append(message)
    pair.proves(pair.one)
    served(pair.other, pair.other.again(message))
    assert journal(pair) == ["unknown", "repeated"]


# -- parts and receipts --------------------------------------------------------------------------


def parts(text: str, total: int = 2, reference: int = 7) -> list[Fragment]:
    octets = text.encode("utf-16-be")
    size = 2 * -(-len(octets) // (2 * total))
    cut = [octets[at : at + size] for at in range(0, size * total, size)]
    return [Fragment(reference, total, n, part, 8) for n, part in enumerate(cut, 1)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_long_message_comes_over_both_gateways(pair: Pair, order: tuple[int, int]) -> None:
    """Whoever gets the last part answers."""
    first, last = (parts("话费余额")[n] for n in order)
    assert served(pair.one, pair.one.arrived(fragment=first)) == []
    (answer,) = served(pair.other, pair.other.arrived(fragment=last))
    assert "56.80" in answer.text


def test_a_part_that_comes_again_elsewhere_spoils_nothing(pair: Pair) -> None:
    """After each death; the message is answered once."""
    first, last = (pair.one.arrived(fragment=part) for part in parts("话费余额"))
    served(pair.one, first)
    pair.one.lose()
    assert served(pair.other, pair.other.again(first)) == []
    pair.wait(0.1)
    last = pair.one.again(last)
    (answer,) = served(pair.one, last)
    pair.one.deliver()
    pair.one.lose()
    assert [said.text for said in served(pair.other, pair.other.again(last))] == [answer.text]
    assert [action for action, _ in pair.one.journal()] == ["part", "again", "q.balance", "again"]


@pytest.mark.parametrize("phone", [CAMPUS, "13700000000"], ids=["ours", "not ours"])
def test_parts_that_come_at_the_same_moment_are_joined_once(pair: Pair, phone: str) -> None:
    """Each gateway's transaction sees nothing of the other's until it is kept: one waits. Also for
    a number of which there is no account to lock."""
    offices, answers = (pair.one, pair.other), list[list[OutgoingMessage]]()

    def brings(place: int, both: Barrier, message: ShortMessage) -> None:
        both.wait()
        answers.append(served(offices[place], message))

    for reference in range(12):
        both, two = Barrier(2), parts("话费余额", reference=reference)
        coming = [offices[n].arrived(phone=phone, fragment=two[n]) for n in (0, 1)]
        threads = [Thread(target=brings, args=(n, both, coming[n])) for n in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pair.wait(1)
    assert sorted(map(len, answers)) == [0] * 12 + [1] * 12


def test_a_receipt_comes_to_the_gateway_that_did_not_send(pair: Pair) -> None:
    """And before the sender has noted that it was taken."""
    (answer,) = served(pair.one, pair.one.arrived("YE"))
    receipt = ReceiptArrived(1, pair.other.link, ("A1",), "delivered", 5, ZHANG)
    taken = SendOutcomes((SendOutcome(answer.id, True, 5, pair.one.link, ("a1",)),))
    pair.one.serve(taken)
    pair.other.serve(receipt)
    assert [(row["smsc"], row["state"]) for row in pair.one.rows(receipts)] == [
        ("east", "delivered")
    ]
    told = pair.other.log()[-1]
    assert (told["event"], told["id"], told["link"]) == ("receipt", answer.id, "smsc-b")


def test_whose_link_it_is_the_other_can_say(pair: Pair) -> None:
    """The SMSC behind a link that only the other gateway has; of an unknown one nothing."""
    assert pair.one.serve(SmscOf("smsc-b"), SmscOf("smsc-c")) == ["east", ""]


# -- how much somebody may ask in an hour --------------------------------------------------------


def test_an_hours_questions_are_counted_over_both_gateways(store: Store) -> None:
    """Told once, by whichever comes to the limit, then silence; the next hour is a new one."""
    pair = Pair(store, queries_per_hour=4)
    said = []
    for n in range(8):
        office = (pair.one, pair.other)[n % 2]
        question = office.arrived(("YE", "CXTC")[n // 2 % 2])
        said.append([answer.text[:12] for answer in served(office, question)])
        pair.proves(office)
        pair.wait(1)
    assert all(said[:4])
    assert said[4] != []
    assert said[4][0] not in [text for (text,) in said[:4]]
    assert said[5:] == [[], [], []]
    pair.wait(3600)
    assert "56.80" in served(pair.other, pair.other.arrived("YE"))[0].text


def test_somebody_elses_questions_and_changes_take_nothing_of_the_hour(store: Store) -> None:
    """Nor what answers a question of ours, nor what came again."""
    pair = Pair(store, queries_per_hour=2)
    for text in ("MMXG", "739204", "QX"):
        served(pair.other, pair.other.arrived(text))
        pair.proves(pair.other)
    for _ in range(2):
        served(pair.other, pair.other.arrived("YE", LI))
        pair.proves(pair.other)
    for _ in range(2):
        assert "56.80" in served(pair.one, pair.one.arrived("YE"))[0].text
        pair.wait(2)


# -- any order of things -------------------------------------------------------------------------

Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["key", "prove", "lose", "time out", "pause"]),
        st.integers(0, 1),
        st.integers(1, 2),
    ),
    max_size=25,
)


class Smsc:
    """It waits for the answer to a subscriber's message before it delivers the next, reads what we
    write in its order, and delivers again what was not answered: by any bind."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.offices = (pair.one, pair.other)
        self.unread: list[list[ShortMessage]] = [[], []]  # by bind: read by it, and we do not know
        self.doubts = 0  # keys of which we cannot know whether their answers were read

    def key(self, at: int, key: int) -> None:
        """A subscriber presses it; delivered at once, answered at once, and read."""
        message = self._deliver(at, lambda office: office.arrived(str(key)))
        self.unread[at].append(message)

    def _deliver(self, at: int, make: Callable[[Office], ShortMessage]) -> ShortMessage:
        """Until somebody takes it: who waits too long is asked to come again, and probes meanwhile
        show what was read."""
        office = self.offices[at]
        while True:
            message = make(office)
            (result,) = office.serve(message)
            if isinstance(result, Served):
                self.pair.wait(0.1)
                return message
            self.pair.wait(0.5)
            self.prove(1 - at)

    def prove(self, at: int) -> None:
        """The gateway learns what was read."""
        self.pair.proves(self.offices[at])
        self.unread[at].clear()

    def lose(self, at: int, key: int) -> None:
        """A key is served, and the bind is lost before its answer is read: it comes again by the
        other, or by the next."""
        message = self._deliver(at, lambda office: office.arrived(str(key)))
        self.doubts += len(self.unread[at])
        self.unread[at].clear()
        self.offices[at].lose(self._proven_upto(at))
        back = at if key == 1 else 1 - at
        again = self._deliver(back, lambda office: office.again(message))
        self.unread[back].append(again)
        assert self._is_repetition(again), "an effect twice"

    def _proven_upto(self, at: int) -> int:
        bind = self.offices[at].bind
        (row,) = self.offices[at].rows(binds, binds.c.id == bind)
        return int(str(row["proven_upto"]))

    def time_out(self, at: int, key: int) -> None:
        """A gateway is so slow that the SMSC delivers it again to the other."""
        office, other = self.offices[at], 1 - at
        slow = office.arrived(str(key))
        self.pair.wait(10)
        self.prove(at)
        self.prove(other)
        again = self._deliver(other, lambda office: office.again(slow))
        self.unread[other].append(again)
        self.pair.wait(0.5)
        (result,) = office.serve(slow)
        assert isinstance(result, Served)
        assert self._is_repetition(slow), "an effect twice"

    def _is_repetition(self, message: ShortMessage) -> bool:
        (row,) = self.pair.one.rows(inbox, inbox.c.id == message.id)
        return bool(row["same_as"])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(steps)
def test_each_effect_once_and_no_key_swallowed(
    sqlite_store: Store, one_pair: Pair, happens: list[Step]
) -> None:
    """What was served once is known when it comes again, over any deaths of binds; and a key counts
    unless its like was lost with a bind before anybody knew that its answer had been read."""
    one_pair.wait(7200)
    before = len(one_pair.one.rows(inbox))
    smsc, pressed, again = Smsc(one_pair), 0, 0
    for what, at, key in happens:
        pressed += what in ("key", "lose", "time out")
        again += what in ("lose", "time out")
        match what:
            case "key":
                smsc.key(at, key)
            case "prove":
                smsc.prove(at)
            case "lose":
                smsc.lose(at, key)
            case "time out":
                smsc.time_out(at, key)
            case "pause":
                one_pair.wait(key)
    rows = one_pair.one.rows(inbox)[before:]
    repeated = sum(1 for row in rows if row["same_as"])
    assert len(rows) == pressed + again
    assert again <= repeated <= again + smsc.doubts
