"""Parts of long messages, kept until all have come, on both kinds of store."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, update

from gateway.model.smsc_groups import SmscGroups
from gateway.store.message_parts import SqlParts
from gateway.store.store import Store
from gateway.store.tables import fragments
from smpp.messages.segmentation import Fragment, join_fragments
from tests.gateway.messages import LI, ZHANG, Mailbag

PATIENCE = 600
SMSCS = SmscGroups({"smsc-a": "east", "smsc-a2": "east"})


def chain(text: str, reference: int = 7, total: int = 3, bits: int = 8) -> list[Fragment]:
    """A text of UCS-2 in as many parts."""
    octets = text.encode("utf-16-be")
    size = -(-len(octets) // total)
    cut = [octets[at : at + size] for at in range(0, size * total, size)]
    return [Fragment(reference, total, n, part, 8, bits) for n, part in enumerate(cut, 1)]


class Keeper:
    """Keeps one part after the other, each in the way it came."""

    def __init__(self, connection: Connection, store: Store, bag: Mailbag) -> None:
        self.connection = connection
        self._parts = SqlParts(connection, store.seal, PATIENCE, SMSCS)
        self._bag = bag

    def keep(
        self, part: Fragment, phone: str = ZHANG, link: str = "smsc-a", port: str = "0.0.10086"
    ) -> str:
        """The whole text, once it is there."""
        arrived = self._bag.arrived(phone=phone, link=link, port=port, fragment=part)
        return join_fragments(self._parts.keep(arrived, part))

    def left(self) -> int:
        return self.connection.execute(select(func.count()).select_from(fragments)).scalar() or 0


@pytest.fixture
def bag() -> Mailbag:
    return Mailbag()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_parts_join_in_any_order(store: Store, bag: Mailbag, order: tuple[int, ...]) -> None:
    """With the last to come, and nothing is left."""
    parts = chain("开通校园WLAN")
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        assert [keeper.keep(parts[n]) for n in order] == ["", "", "开通校园WLAN"]
        assert keeper.left() == 0


def test_parts_wait_across_transactions(store: Store, bag: Mailbag) -> None:
    """And across a restart: they were acknowledged."""
    said = []
    for part in chain("查询话费余额"):
        with store.transaction() as connection:
            said.append(Keeper(connection, store, bag).keep(part))
    assert said == ["", "", "查询话费余额"]


def test_a_repeated_part_counts_once(store: Store, bag: Mailbag) -> None:
    """The later one is taken."""
    first, second, third = chain("查询话费余额")
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        assert [keeper.keep(part) for part in (first, second, second, first)] == [""] * 4
        assert keeper.left() == 2
        assert keeper.keep(third) == "查询话费余额"


@pytest.mark.parametrize(
    "other",
    [
        {"phone": LI},
        {"link": "smsc-b"},
        {"port": "0.0.1008601"},
        {"reference": 8},
        {"total": 4},
        {"bits": 16},
    ],
    ids=lambda other: next(iter(other)),
)
def test_messages_that_differ_in_anything_never_mix(
    store: Store, bag: Mailbag, other: dict[str, object]
) -> None:
    """Two senders choose the same reference every day."""
    way = {name: str(other[name]) for name in ("phone", "link", "port") if name in other}
    shape = {name: value for name, value in other.items() if name not in way}
    mine, theirs = chain("甲甲甲甲甲甲"), chain("乙乙乙乙乙乙乙乙", **shape)  # type: ignore[arg-type]
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        said = [keeper.keep(part) for part in mine[:2]]
        said += [keeper.keep(part, **way) for part in theirs[:-1]]
        assert said == [""] * len(said)
        assert keeper.keep(mine[2]) == "甲甲甲甲甲甲"
        assert keeper.keep(theirs[-1], **way) == "乙乙乙乙乙乙乙乙"
        assert keeper.left() == 0


def test_a_reference_comes_round_again(store: Store, bag: Mailbag) -> None:
    """What waited too long belongs to another message, and is not joined with this one."""
    old, new = chain("旧旧旧旧旧旧"), chain("新新新新新新")
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        keeper.keep(old[0])
        bag.now += PATIENCE + 1
        assert [keeper.keep(part) for part in (new[1], new[2])] == ["", ""]
        assert keeper.keep(new[0]) == "新新新新新新"


def test_a_part_may_take_its_time(store: Store, bag: Mailbag) -> None:
    """As long as the patience allows."""
    first, second = chain("慢慢来", total=2)
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        keeper.keep(first)
        bag.now += PATIENCE - 1
        assert keeper.keep(second) == "慢慢来"


def test_parts_are_sealed(store: Store, bag: Mailbag) -> None:
    """They may be half a password."""
    with store.transaction() as connection:
        Keeper(connection, store, bag).keep(Fragment(1, 2, 1, b"MMXG#739204", 0))
        (sealed,) = connection.execute(select(fragments.c.octets_sealed)).scalars()
    assert b"739204" not in sealed
    assert b"739204".hex().encode() not in sealed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.text(min_size=1, max_size=40), st.integers(2, 9), st.randoms(use_true_random=False))
def test_any_text_joins_in_any_order_among_others(
    sqlite_store: Store, text: str, total: int, chance: Random
) -> None:
    """Also with parts that come twice while others still wait."""
    bag = Mailbag()
    coming = [(LI, part) for part in chain("乙" * 9, total=9)]
    octets = text.encode("utf-16-be", "surrogatepass")
    places = [n * len(octets) // total for n in range(total + 1)]
    mine = [
        Fragment(7, total, number, octets[start:end], 8)
        for number, (start, end) in enumerate(pairwise(places), 1)
    ]
    coming += [(ZHANG, part) for part in mine]
    chance.shuffle(coming)
    with sqlite_store.engine.connect() as connection:
        keeper = Keeper(connection, sqlite_store, bag)
        said = [keeper.keep(part, phone) for phone, part in coming]
        assert sorted(filter(None, said)) == sorted(["乙" * 9, join_fragments(mine)])
        connection.rollback()


def test_parts_join_over_the_links_of_one_smsc(store: Store, bag: Mailbag) -> None:
    """Not with those of another SMSC."""
    first, second = chain("开通校园", total=2)
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        keeper.keep(first, link="smsc-a")
        assert keeper.keep(second, link="smsc-b") == ""
        assert keeper.keep(second, link="smsc-a2") == "开通校园"
        assert keeper.left() == 1


def test_parts_from_before_there_were_groups_join(store: Store, bag: Mailbag) -> None:
    """Then they were kept by the link's name."""
    first, second = chain("开通校园", total=2)
    with store.transaction() as connection:
        keeper = Keeper(connection, store, bag)
        keeper.keep(first)
        connection.execute(update(fragments).values(smsc="smsc-a"))
        assert keeper.keep(second) == "开通校园"
