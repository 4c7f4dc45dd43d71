"""What is seen and pressed in menus is counted, and speaks for an order of keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.menus.usage import order_lines, use_lines
from gateway.config.editions.conf_files import conf_files, version_of
from gateway.config.editions.edition_made import edition_of
from gateway.config.settings import Settings
from gateway.dialogue.observed.menu_usage import MenuUsage, in_all
from gateway.dialogue.snapshot import open_edition
from gateway.editions.following import hand_in
from gateway.model.menu_use import MenuUse
from gateway.store.editions.usage import SqlUsage
from gateway.store.store import Store
from menus.model.wording import MenuChannel
from tests.commands.fakes import OWN_CONF
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import NOON

NOW = int(NOON)


def totals(office: Office, version: str = "") -> dict[str, dict[str, int]]:
    hand_in(office.counter, NOW)
    with office.store.transaction() as connection:
        return SqlUsage(connection).totals(NOW, version)


def test_screens_and_options_are_counted_by_channel(store: Store) -> None:
    """Each screen that was seen, each option that was taken, whatever it led to."""
    office = Office(store)
    Handset(office).walks("1", "0", "5", "2")
    office.hears("CD")
    office.hears("4")
    found = totals(office)
    assert found["hall"] == {"ussd": 2}
    assert found["hall/q.balance"] == found["hall/services"] == {"ussd": 1}
    assert found["services"] == {"ussd": 1, "sms": 1}
    assert found["main/services"] == {"sms": 1}
    assert totals(office) == found
    Handset(office).dials()  # and is asked whether to go on
    office.hears("CD")
    assert totals(office)["go_on"] == {"ussd": 1}
    assert totals(office)["main"] == {"sms": 2}


def test_a_version_has_its_own_counts(sqlite_store: Store) -> None:
    """All together they are those of the options, whatever the version."""
    office = Office(sqlite_store)
    Handset(office).dials()
    version = own_book().version
    assert totals(office, version)["hall"] == {"ussd": 1}
    assert totals(office, "another") == {}


def test_counts_wait_for_a_store_that_is_away(sqlite_store: Store) -> None:
    """They are handed in when it is back."""
    usage = MenuUsage()
    usage.add({MenuUse("1", MenuChannel.SMS, "main"): 2})
    taken = usage.take()
    usage.add(taken)
    usage.add({MenuUse("1", MenuChannel.SMS, "main"): 1})
    assert usage.take() == {MenuUse("1", MenuChannel.SMS, "main"): 3}
    assert not usage.take()


def test_what_was_long_ago_no_longer_counts(sqlite_store: Store) -> None:
    """An order of keys follows what people do now."""
    with sqlite_store.transaction() as connection:
        usage = SqlUsage(connection)
        usage.add({MenuUse("1", MenuChannel.SMS, "main"): 5}, NOW // 86_400 - 60)
        usage.add({MenuUse("1", MenuChannel.SMS, "main"): 2}, NOW // 86_400)
        assert usage.totals(NOW) == {"main": {"sms": 2}}


def test_the_table_tells_what_nobody_takes_too() -> None:
    """With one column for each channel."""
    book = own_book().menus.book
    told = list(use_lines(book, {"hall": {"ussd": 12}, "hall/q.data": {"ussd": 9}}, "zh"))
    assert told[0].split() == ["all", "sms", "ussd", "voice"]
    assert told[1].split() == ["hall", "12", "0", "12", "0"]
    assert told[2].split() == ["1", "话费余额", "0", "0", "0", "0"]
    assert told[4].split() == ["3", "流量", "9", "0", "9", "0"]


def test_use_speaks_for_an_order() -> None:
    """Where a screen asks for one; nothing changes by itself."""
    told = "\n".join(order_lines(own_book().menus.book, {"main/complaints": {"voice": 50}}))
    assert "main in order of use (proposed: reorder: apply does it):" in told
    assert "  complaints: key 8 becomes 1 (50 times)" in told


@pytest.fixture
def applied() -> dict[str, str]:
    """The shipped conf/, with a main menu that is put in order."""
    files = conf_files(OWN_CONF)
    main = files["menus/main.yaml"]
    applied = main.replace("order: by_use\n", "order: by_use\n    reorder: apply\n")
    return files | {"menus/main.yaml": applied}


def test_an_order_is_applied_when_menus_are_published(applied: dict[str, str]) -> None:
    """It is a version of its own, and stays what it is whatever is counted afterwards."""
    plain = edition_of(applied, "li", "", NOW)
    ordered = edition_of(applied, "li", "", NOW, {"main/complaints": 50})
    assert plain.version == version_of(applied) != ordered.version
    again = open_edition(Settings(), ordered, {}).menus.book
    assert again.version == ordered.version
    main = {option.name: option.key for option in again.screens["main"].options}
    assert (main["complaints"], main["bills"]) == ("1", "2")
    assert main["human"] == "0"  # it is pinned


@given(st.dictionaries(st.sampled_from(["main/bills", "main/points", "main/porting"]),
                       st.integers(0, 1000)))  # fmt: skip
def test_an_order_loses_no_option(use: dict[str, int]) -> None:
    """And gives out the same keys."""
    book = own_book().menus.book
    for line in order_lines(book, {what: {"sms": times} for what, times in use.items()}):
        assert "key" in line or "in order of use" in line
    assert in_all({what: {"sms": n, "voice": 1} for what, n in use.items()}) == {
        what: n + 1 for what, n in use.items()
    }
