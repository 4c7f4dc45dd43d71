"""What a gateway looks for in the store every now and then: what others have written for it, and
what is not to leave any more. By how many looks, not by how long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from twisted.internet.task import Clock

from gateway.config.unasked.unasked_settings import UnaskedSettings
from gateway.model.cluster_view import Place
from gateway.model.hall_reactor import IHallReactor
from gateway.model.messages import LoadHanded, LookForHanded, OutgoingMessage
from gateway.model.unasked import UnaskedMessage
from gateway.serving.jobs.unasked_pace import STEP, UnaskedPace
from gateway.serving.sharing import LOOK_EVERY, POLL_EVERY, Sharing
from gateway.serving.work import HallJob
from gateway.store.store import Store
from gateway.store.tables import unasked
from gateway.store.unasked import DROPPED, SqlUnasked
from tests.gateway.delivery.box import Box
from tests.gateway.hall import Office, own_book

NUMBERS = [str(13_700_000_000 + n) for n in range(40)]


class AtOnce(Clock):
    """Time as a test says; what is done in a thread is done at once."""

    def getThreadPool(self) -> AtOnce:
        return self

    def callInThreadWithCallback(
        self, told: Callable[[bool, Any], object], function: Callable[..., Any], *args: Any
    ) -> None:
        told(True, function(*args))

    def callFromThread(self, call: Callable[..., object], *args: object) -> None:
        call(*args)


class AtDesk:
    """A desk that serves at once, and remembers what it was asked."""

    unfinished = 0

    def __init__(self, office: Office) -> None:
        self.office = office
        self.asked: list[object] = []

    def put(self, jobs: Sequence[HallJob]) -> None:
        for job in jobs:
            self.asked.append(job.work)
            (result,) = self.office.serve(job.work)
            job.done(result)

    def times(self, kind: type[object]) -> int:
        return sum(isinstance(each, kind) for each in self.asked)


class Member:
    """Of the hall; `alone`, or beside `others`, of whom some can send."""

    alone = True
    others: Sequence[str] = ()
    view = SimpleNamespace(senders=())

    def ours(self) -> bool:
        return True


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


def sharing(office: Office, box: Box, reactor: AtOnce) -> tuple[AtDesk, Member]:
    desk, member = AtDesk(office), Member()
    shares = Sharing(
        cast(IHallReactor, reactor), cast(Any, member), cast(Any, desk), cast(Any, None),
        box.outbox, cast(Any, office.bag), cast(Any, None),
    )  # fmt: skip
    shares.start()
    return desk, member


def write_for(office: Office, number: int) -> OutgoingMessage:
    """As a verb does, of another process."""
    (answer,) = office.answers(office.arrived("YE"))
    words = answer._replace(id=answer.id + 8 * number)
    with office.store.transaction() as connection:
        place = Place(office.copy, words.id, handed=True)
        office.store.messages.put(connection, [words], lambda _: place)
    return words


def test_what_a_verb_writes_is_found_at_the_next_look_of_a_gateway_alone(office: Office) -> None:
    """It looks each half second, and reads only where there is something; once."""
    box, reactor = Box().open(), AtOnce()
    desk, _ = sharing(office, box, reactor)
    looks = round(LOOK_EVERY / POLL_EVERY)
    reactor.pump([POLL_EVERY] * looks * 4)
    assert 3 <= desk.times(LookForHanded) <= 4
    assert desk.times(LoadHanded) == 0
    written, before = write_for(office, 1), desk.times(LookForHanded)
    reactor.pump([POLL_EVERY] * (looks + 1))
    assert desk.times(LookForHanded) - before in (1, 2)
    assert desk.times(LoadHanded) == 1
    assert [each.message.id for each in box.outbox.in_line] == [written.id]
    reactor.pump([POLL_EVERY] * looks * 2)
    assert desk.times(LoadHanded) == 1


def test_where_others_may_write_for_it_a_gateway_looks_five_times_as_often(office: Office) -> None:
    """Who cannot send writes for who can; who can has no reason to, as long as nothing is in
    hand."""
    box, reactor = Box().open(), AtOnce()
    desk, member = sharing(office, box, reactor)
    member.alone, member.others = False, ("b",)
    reactor.pump([POLL_EVERY] * 20)
    assert desk.times(LookForHanded) in (19, 20)
    member.view = SimpleNamespace(senders=("b",))
    before = desk.times(LookForHanded)
    reactor.pump([POLL_EVERY] * 20)
    assert desk.times(LookForHanded) - before in (3, 4)


def say(office: Office, source: str) -> None:
    with office.store.transaction() as connection:
        SqlUnasked(connection, office.store.seal).add(
            UnaskedMessage(number, "通知", "zh", source, source, 0, True) for number in NUMBERS
        )


def dropped(office: Office) -> int:
    return sum(row["state"] == DROPPED for row in office.rows(unasked))


def test_a_stop_is_seen_at_the_next_look(office: Office) -> None:
    """A look each tenth of a second as long as anything is under way: what is in hand goes back,
    and nothing more is taken."""
    box, reactor = Box().open(), AtOnce()
    desk = AtDesk(office)
    pace = UnaskedPace(
        cast(IHallReactor, reactor), lambda: office.bag.now, office.store, cast(Any, desk),
        box.outbox, cast(Any, _Ids(office)), UnaskedSettings(per_second=100, hours="00:00-24:00"),
        UnaskedSettings(hours="00:00-24:00").polite("Asia/Shanghai"), Member(), lambda: True,
        office.counts, cast(Any, None),
    )  # fmt: skip
    route = box.route(own_book().letters_link, window=4)  # a quarter: one is on its way
    say(office, "notice 1")
    pace.start()
    reactor.pump([1.0, STEP])
    assert len(box.outbox.unasked) > 5
    assert len(route.in_flight) == 1
    assert dropped(office) == 0
    with office.store.transaction() as connection:
        SqlUnasked(connection, office.store.seal).drop("notice 1")
    in_hand = len(box.outbox.unasked)
    reactor.pump([STEP])
    assert len(box.outbox.unasked) == 1  # on its way
    assert dropped(office) == len(NUMBERS) - 1
    assert office.counts.unasked["withdrawn"] == in_hand - 1
    reactor.pump([STEP] * 5)
    assert len(box.outbox.unasked) == 1
    pace.stop()


class _Ids:
    """Of messages that answer nothing."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def next(self) -> int:
        return self._office.bag.id() // 8 * 8
