"""Whom a notice concerns: each condition alone, and all of them together; on every store."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from gateway.model.customer_lists import ListType, NewEntry
from gateway.model.notices.notice import NoticeKind
from gateway.notices.refusals import NoticeRefusal
from gateway.notices.telling import Telling
from gateway.store.lists.entries import SqlListEntries
from gateway.store.lists.types import SqlListTypes
from gateway.store.notices.rows import SqlNotices
from gateway.store.ports.preferences import SqlPreferences
from gateway.store.store import Store
from gateway.store.tables import subscribers
from tests.gateway.notices.office import (
    ADVERT,
    NOW,
    SERVICE,
    NoticeOffice,
    person,
    world,
)
from tests.gateway.store.people import admit


@pytest.fixture
def office(store: Store) -> NoticeOffice:
    """Five subscribers of Beijing, each with something of their own."""
    admit(
        store,
        person(1, services=("LDXS",)),
        person(2, brand="MZ", plan="MZ38"),
        person(3, classes=frozenset({"vip", "red"}), used=900),
        person(4, services=("LDXS",), ended=True, used=1_000),
        person(5, classes=frozenset({"black"})),
    )
    return NoticeOffice(store)


@pytest.mark.parametrize(
    ("target", "count"),
    [
        ({}, 5),
        ({"brands": ["MZ"]}, 1),
        ({"brands": ["MZ", "QQT"]}, 5),
        ({"plans": ["QQT128"]}, 4),
        ({"classes": ["vip"]}, 1),
        ({"classes": ["red", "black"]}, 2),
        ({"regions": ["北京"]}, 5),
        ({"regions": ["上海"]}, 0),
        ({"services": ["LDXS"]}, 1),
        ({"without": ["LDXS"]}, 4),
        ({"used": "data_mb", "at_least": 900}, 2),
        ({"used": "data_mb", "at_least": 901}, 1),
        ({"brands": ["QQT"], "without": ["LDXS"], "regions": ["北京"]}, 3),
    ],
)
def test_conditions(office: NoticeOffice, target: dict[str, object], count: int) -> None:
    assert office.size(office.for_whom(**target)) == count


def test_whoever_is_in_a_customer_list(office: NoticeOffice) -> None:
    """As one of its class, as one of the list, and as one who may not be advertised to."""
    vip, black = (
        ListType("90", "大客户", "", ("vip",), NOW),
        ListType("91", "黑", "", ("black",), NOW),
    )
    with office.store.transaction() as connection:
        for kind, phone in ((vip, "13800138001"), (black, "13800138002")):
            SqlListTypes(connection).add(kind)
            entry = NewEntry(phone, "a test")
            SqlListEntries(connection).put(kind.number, "", [entry], "8001", NOW)
        SqlPreferences(connection).put("13800138002", "marketing", "on", "10", NOW)
    assert office.size(office.for_whom(classes=["vip"])) == 2  # another one of its own
    assert office.size(office.for_whom(list="90")) == 1
    number = office.do(lambda all: all.add(ADVERT)).number
    drawn = office.do(lambda all: all.preview(number)).drawn
    assert drawn.left_out["black list"] == 2


def test_only_the_numbers_of_a_file_that_are_subscribers(office: NoticeOffice) -> None:
    """Together with what else is asked for; in however many pieces they were given."""
    draft = office.for_whom(plans=["QQT128"])
    number = office.do(lambda all: all.add(draft, ["13800138001", "13800138002"])).number
    office.do(lambda all: all.more_numbers(number, ["13800138003", "13900000000"]))
    assert office.do(lambda all: all.preview(number)).drawn.told == 2


def test_numbers_stay_when_the_words_change(office: NoticeOffice) -> None:
    """Unless others are given."""
    number = office.do(lambda all: all.add(SERVICE, ["13800138001", "13800138002"])).number
    office.do(lambda all: all.rewrite(number, SERVICE))
    assert office.do(lambda all: all.preview(number)).drawn.told == 2
    office.do(lambda all: all.rewrite(number, SERVICE, ["13800138003"]))
    assert office.do(lambda all: all.preview(number)).drawn.told == 1


def test_the_same_words_are_tried_on_a_phone_once_a_day(office: NoticeOffice) -> None:
    number = office.do(lambda all: all.add(SERVICE)).number
    assert office.do(lambda all: all.trial(number, ["13800138001"])) == 1
    office.now += 60
    with pytest.raises(NoticeRefusal, match="today"):
        office.do(lambda all: all.trial(number, ["13800138001"]))
    office.do(lambda all: all.rewrite(number, ADVERT))
    assert office.do(lambda all: all.trial(number, ["13800138001", "13800138002"])) == 2


def test_whoever_has_left_is_told_nothing(office: NoticeOffice) -> None:
    with office.store.transaction() as connection:
        gone = update(subscribers).where(subscribers.c.msisdn == 13800138001)
        connection.execute(gone.values(state="cancelled"))
    assert office.size(SERVICE) == 4


@pytest.mark.parametrize(("rule", "told"), [("opt_in", 1), ("opt_out", 2)])
def test_consent(office: NoticeOffice, rule: str, told: int) -> None:
    """Opt-in asks for a yes, opt-out for no no; lists forbid in either case."""
    for phone, wish in (("13800138001", "on"), ("13800138002", "off"), ("13800138003", "on")):
        with office.store.transaction() as connection:
            SqlPreferences(connection).put(phone, "marketing", wish, "10", NOW)
    asked = NoticeOffice(office.store, world(rule))
    number = asked.do(lambda all: all.add(ADVERT)).number
    drawn = asked.do(lambda all: all.preview(number)).drawn
    assert drawn.told == told
    assert (drawn.left_out["red list"], drawn.left_out["black list"]) == (1, 1)
    assert drawn.left_out["refused advertising"] == 1
    assert drawn.concerned == 5


def test_a_list_that_is_not_there_is_told(office: NoticeOffice) -> None:
    number = office.do(lambda all: all.add(office.for_whom(list="7"))).number
    with pytest.raises(NoticeRefusal, match="no customer list 7"):
        office.do(lambda all: all.preview(number))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"brands": ["QQTT"]}, "no brand is named 'QQTT'. Did you mean QQT?"),
        ({"plans": ["X"]}, "no plan is named 'X'"),
        ({"classes": ["copper"]}, "no class is named 'copper'"),
        ({"regions": ["火星"]}, "no region is named '火星'"),
        ({"without": ["X"]}, "no service is named 'X'"),
        ({"used": "data_mb"}, "at least 1"),
        ({"used": "beer", "at_least": 1}, "no item is named 'beer'"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(
    sqlite_store: Store, target: dict[str, object], said: str
) -> None:
    office = NoticeOffice(sqlite_store)
    with pytest.raises(NoticeRefusal, match=said.replace("?", r"\?")):
        office.do(lambda all: all.add(office.for_whom(**target)))


def test_kinds_are_those_that_people_may_choose() -> None:
    """The table stands in docs/notices.md."""
    assert {kind.value for kind in NoticeKind} == {
        "advertising", "service", "works", "number_change",
    }  # fmt: skip


def test_a_step_goes_past_who_lives_elsewhere(store: Store) -> None:
    """The two hundred that are looked at are of the region: its notice is drawn in as many steps in
    a hall of millions."""
    admit(store, *(person(place) for place in range(300)), person(40_000))  # the last of Shanghai
    office = NoticeOffice(store)
    notice = office.begun(office.for_whom(regions=["上海"]))
    Telling(store, office.world).step(NOW)
    with store.reading() as connection:
        drawn = SqlNotices(connection).find(notice.number)
    assert drawn is not None
    assert drawn.is_drawn
