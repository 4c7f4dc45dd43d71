"""Walks that were really walked, walked again through a changed menu."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from gateway.dialogue.observed.walk_recording import chosen, recordings
from gateway.store.editions.recorded_walks import SqlWalks
from gateway.store.retention import DAY, Retention, tidy
from gateway.store.store import Store
from gateway.store.tables import menu_records
from menus.tools.diff import replayed, walked_through
from menus.tools.scripts import MenuScript
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office, own_book
from tests.menus.books import own

CARD = "860000000000000001"


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """Where every walk is recorded."""
    office = Office(sqlite_store)
    office.counter.recorded = 1.0
    return office


def walks(office: Office) -> list[MenuScript]:
    with office.store.transaction() as connection:
        return [each.script for each in recordings(SqlWalks(connection).newest(100))]


def test_a_walk_is_recorded_as_it_went(office: Office) -> None:
    """What was dialled and typed, who walked, how commands ended."""
    Handset(office).walks("5", "2", "1", "1")
    (walk,) = walks(office)
    assert (walk.channel, walk.dial, walk.caller.brand, walk.caller.star) == (
        "ussd",
        "*139#",
        "QQT",
        3,
    )
    told = [(beat.type, beat.ends and next(iter(beat.ends))) for beat in walk.steps]
    assert told == [
        ("5", None),
        ("2", None),
        ("1", None),
        (None, "confirm"),
        ("1", None),
        (None, "ok"),
    ]


def test_walked_again_it_ends_where_it_ended(office: Office) -> None:
    """On the menu that it was recorded on, by SMS too."""
    Handset(office).walks("5", "2", "1", "1")
    office.hears("CD")
    office.hears("1")
    office.hears("2")
    ordered, asked = walks(office)
    done = walked_through(own(), ordered)
    assert done[0].startswith("runs 'sv.order'")
    assert done[-1] == "end: 已受理,结果短信通知您。"
    assert walked_through(own(), asked)[0].startswith("runs 'q.fee_now'")
    assert list(replayed(own(), own(), [ordered, asked])) == []


def test_a_changed_menu_shows_whose_walk_ends_differently(office: Office) -> None:
    """The key that ordered one thing now orders another."""
    Handset(office).walks("5", "2", "1", "1")
    Handset(office).walks("1")
    book = own()
    wlan = book.screens["wlan"]
    swapped = {option.key: option.does for option in wlan.options}
    swapped["1"], swapped["2"] = swapped["2"], swapped["1"]
    options = tuple(replace(o, does=swapped[o.key]) for o in wlan.options)
    new = replace(book, screens={**book.screens, "wlan": replace(wlan, options=options)})
    (different,) = replayed(book, new, walks(office))
    assert "EDU40" in different.was
    assert "EDU100" in different.now


def test_no_secret_is_recorded(office: Office) -> None:
    """Nor anything else that was asked for: stars stand for it, and still it can be replayed."""
    handset = Handset(office)
    handset.walks("4", "1", CARD)
    handset.walks("7", "1", "739204", "518263", "518263")
    handset.walks("8", "5", "我的投诉是这样的13800138002")
    handset.walks("739204")
    written = orjson.dumps([row["beats"] for row in office.rows(menu_records)]).decode()
    for secret in (CARD, "739204", "518263", "投诉是", "13800138002", "13800138001"):
        assert secret not in written
    recharge = walks(office)[0]
    assert recharge.steps[2].type == "***"
    assert walked_through(own(), recharge)[0].startswith("runs 'rc.self'")


def test_what_was_dialled_with_a_secret_is_not_replayed(office: Office) -> None:
    """Nobody knows any more what it was."""
    Handset(office).dials(f"*139*4*{CARD}#")
    assert CARD not in str(office.rows(menu_records))
    assert walks(office) == []


def test_a_share_of_the_walks_is_recorded_whole() -> None:
    """About so many; the same walk always or never."""
    ids = [(1_795_267_800_000 << 20) + (n << 3) for n in range(4_000)]
    some = [began for began in ids if chosen(began, 0.05)]
    assert 100 < len(some) < 320
    assert all(chosen(began, 0.5) for began in some)
    assert not any(chosen(began, 0.0) for began in ids)
    assert all(chosen(began, 1.0) for began in ids)


def test_records_are_forgotten_with_the_words(office: Office) -> None:
    """After the days that words are kept."""
    Handset(office).walks("1")
    now = int(office.bag.now)
    with office.store.transaction() as connection:
        tidy(connection, now + 29 * DAY, Retention())
        assert SqlWalks(connection).newest(1)
        while tidy(connection, now + 31 * DAY, Retention()):
            pass
        assert not SqlWalks(connection).newest(1)


def test_what_is_gone_on_with_after_a_break_is_not_recorded(office: Office) -> None:
    """Whoever dials again after a break begins no new record: it would not begin like others."""
    handset = Handset(office)
    handset.walks("5")
    handset.hangs_up()
    handset.dials()
    handset.types("1")
    (walk,) = walks(office)
    assert [beat.type for beat in walk.steps] == ["5"]


def test_the_book_recorded_on_is_known(office: Office) -> None:
    """So that a difference can be told from the version it began with."""
    Handset(office).walks("1")
    with office.store.transaction() as connection:
        (found,) = recordings(SqlWalks(connection).newest(1))
    assert found.version == own_book().version


@pytest.mark.parametrize("strayed", ["739204", "73 92 04 11 2", "13800138002", "123"])
def test_what_does_not_belong_there_is_not_recorded(office: Office, strayed: str) -> None:
    """A password typed a screen too early is nobody's key; what is recorded is not sealed."""
    handset = Handset(office)
    handset.dials()
    handset.types(strayed)
    (walk,) = walks(office)
    assert [beat.type for beat in walk.steps] == ["?"]
