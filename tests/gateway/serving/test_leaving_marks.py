"""What nobody asked for, marked in the store before it leaves: who finds such a mark after a crash
sends nothing, and counts it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gateway.model.figures import UNASKED, FigureGroups, LocalDays, Tally
from gateway.model.messages import (
    LoadOutbox,
    MarkLeaving,
    OutgoingMessage,
    ReceiptArrived,
    SendOutcome,
    SendOutcomes,
    UnmarkLeaving,
)
from gateway.model.unasked import UnaskedMessage
from gateway.serving.unasked_work import MoveUnasked
from gateway.serving.work import Served
from gateway.store.figures.journal import JournalCount
from gateway.store.members import SqlMembers
from gateway.store.messages import ACCEPTED, LEAVING, UNKNOWN, WAITING
from gateway.store.store import Store
from gateway.store.tables import outbox
from gateway.store.unasked import SqlUnasked
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG
from tests.gateway.serving.test_two_gateways import Beside


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


def moved(office: Office, *sources: str) -> list[OutgoingMessage]:
    """Something of each of these is to be said, and is in the outbox."""
    now = int(office.bag.now)
    with office.store.transaction() as connection:
        SqlUnasked(connection, office.store.seal).add(
            UnaskedMessage(phone, "通知", "zh", source, source, now, True)
            for phone, source in zip((ZHANG, LI), sources, strict=False)
        )
    ids = tuple(office.bag.id() // 8 * 8 for _ in sources)
    (served,) = office.serve(MoveUnasked(ids, now, True))
    assert isinstance(served, Served)
    return list(served.answers)


def load(office: Office, *in_hand: int) -> object:
    work = LoadOutbox(10, int(office.bag.now * 1000), frozenset(in_hand))
    (found,) = office.serve(work)
    return found


def states(office: Office) -> list[int]:
    with office.store.reading() as connection:
        return list(connection.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars())


def test_what_was_leaving_and_is_in_nobodys_hand_is_not_sent_again(office: Office) -> None:
    """It is told, and counted; what was not marked yet leaves as ever."""
    first, second = moved(office, "notice 1", "notice 1")
    assert office.serve(MarkLeaving((first.id,))) == [frozenset({first.id})]
    assert states(office) == [LEAVING, WAITING]
    office.crash()
    assert load(office) == [second]
    assert states(office) == [UNKNOWN, WAITING]
    (told,) = [line for line in office.log() if line["event"] == "perhaps sent"]
    assert told["id"] == first.id


def test_what_another_gateway_heard_of_it_before_counts_when_it_is_taken_up(
    office: Office,
) -> None:
    """The SMSC sends a receipt by whichever bind of its group: of a message whose owner has died
    with the answer, before anybody knows of that."""
    other = Beside(office.store, beside=office)
    first, second = moved(office, "notice 1", "notice 1")
    office.serve(MarkLeaving((first.id, second.id)))
    now_ms = int(other.bag.now * 1000)
    phone = first.destination.digits[-11:]
    heard = ReceiptArrived(other.bag.id(), other.link, ("f1",), "delivered", now_ms, phone)
    other.serve(heard)
    other.serve(heard)
    office.crash()
    assert load(office) == []
    assert states(office) == [ACCEPTED, UNKNOWN]
    told = [line for line in office.log() if line["event"] == "receipt"]
    assert [(line["id"], line["state"]) for line in told] == [(first.id, "delivered")]
    begins = int(office.bag.now) - 60
    with office.store.snapshot() as connection:
        zone = LocalDays(office.store.calendar.zone)
        count = JournalCount(
            connection, office.store.seal, FigureGroups(), zone.hour_of, begins, begins + 120
        )
        counted = Tally()
        for tally in count.all().tallies.values():
            counted.include(tally)
    details = {g.detail: n for g, n in counted.times.items() if g.figure == UNASKED}
    assert details == {"sent": 1, "delivered": 1, "unknown": 1}


def test_what_is_in_hand_stays_marked(office: Office) -> None:
    """A look for what is due comes every few seconds, whatever is on its way."""
    first, second = moved(office, "notice 1", "notice 1")
    office.serve(MarkLeaving((first.id, second.id)))
    assert load(office, first.id, second.id) == []
    assert states(office) == [LEAVING, LEAVING]
    office.serve(SendOutcomes((SendOutcome(first.id, True, 5, "smsc-a"),)))
    assert states(office) == [ACCEPTED, LEAVING]


def test_a_mark_that_is_taken_away_waits_as_before(office: Office) -> None:
    (first,) = moved(office, "notice 1")
    office.serve(MarkLeaving((first.id,)))
    office.serve(UnmarkLeaving((first.id,)))
    assert load(office) == [first]
    assert office.serve(MarkLeaving((first.id,))) == [frozenset({first.id})]
    assert office.serve(MarkLeaving((first.id,))) == [frozenset({first.id})]  # it was in doubt


def test_what_was_stopped_or_settled_gets_no_mark(office: Office) -> None:
    """From the moment of the stop on."""
    first, second = moved(office, "notice 1", "notice 2")
    with office.store.transaction() as connection:
        SqlUnasked(connection, office.store.seal).hold("notice 1")
    office.serve(SendOutcomes((SendOutcome(second.id, False, 5, "smsc-a"),)))
    assert office.serve(MarkLeaving((first.id, second.id))) == [frozenset()]


def test_a_slot_with_such_a_mark_is_not_empty(office: Office) -> None:
    """Else nobody would ever count what its gateway left behind."""
    (first,) = moved(office, "notice 1")
    with office.store.transaction() as connection:
        owner = connection.execute(select(outbox.c.owner)).scalar_one()
    office.serve(MarkLeaving((first.id,)))
    with office.store.reading() as connection:
        assert not SqlMembers(connection).is_empty(owner, int(office.bag.now * 1000))
    office.serve(SendOutcomes((SendOutcome(first.id, True, 5, "smsc-a"),)))
    with office.store.reading() as connection:
        assert SqlMembers(connection).is_empty(owner, int(office.bag.now * 1000))
