"""Screens for who has not dialled, without a wire."""

from __future__ import annotations

import pytest

from gateway.config.settings import LinkSettings, Settings, SmppSettings
from gateway.model.messages import ScreenAct
from gateway.model.session_state import ANY_LINE
from gateway.serving.beside.counter import Outsider
from gateway.serving.beside.push import Push, Unreachable, Unshowable
from gateway.store.store import Store
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office
from tests.gateway.messages import BY, ZHANG


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """The hall with its sample, and a link that is up."""
    return Office(sqlite_store)


def push(office: Office, settings: Settings | None = None) -> Push:
    return Push(office.counter, Outsider(), settings or Settings(), lambda: office.bag.now)


def test_a_menu_that_nobody_dialled(office: Office) -> None:
    """It has no name yet; whatever the network calls the dialogue, its keys find the menu."""
    assert push(office).ask(ZHANG, BY).startswith("移动营业厅")
    (asked,) = office.deliver()
    assert asked.screen is not None
    assert (asked.screen.act, asked.screen.session) == (ScreenAct.ON, ANY_LINE)
    assert (str(asked.source), str(asked.destination)) == ("0.1.139", f"1.1.86{ZHANG}")
    zhang = Handset(office)
    zhang.session = "1383:0006"
    assert "56.80元" in zhang.types("1")
    assert zhang.open


def test_what_is_dialled_meanwhile_takes_its_place(office: Office) -> None:
    """There is one dialogue on a phone; the one that we began was at its beginning."""
    push(office).ask(ZHANG, BY)
    zhang = Handset(office)
    assert zhang.dials().startswith("移动营业厅")
    assert "56.80元" in zhang.types("1")


def test_a_notice(office: Office) -> None:
    """Shown for as long as it may wait for a link; then told by SMS, signed."""
    push(office).notify(ZHANG, "夜间维护。", BY)
    (notice,) = office.deliver()
    assert notice.screen is not None
    assert (notice.screen.act, notice.text) == (ScreenAct.NOTE, "夜间维护。")
    assert (notice.screen.otherwise, notice.instead) == ("smsc-a", "夜间维护。【中国移动】")
    assert notice.screen.until_ms == int(office.bag.now * 1000) + 60_000


@pytest.mark.parametrize("text", ["", " \n ", "夜" * 80, "a" * 183, "[" * 92])
def test_what_is_not_one_screen_is_refused(office: Office, text: str) -> None:
    """Nothing of it reaches the phone."""
    with pytest.raises(Unshowable):
        push(office).notify(ZHANG, text, BY)
    assert office.deliver() == []


@pytest.mark.parametrize("text", ["夜" * 79, "a" * 182])
def test_a_notice_may_fill_its_screen(office: Office, text: str) -> None:
    """79 UCS-2 units, or 182 septets."""
    push(office).notify(ZHANG, text, BY)
    assert [notice.text for notice in office.deliver()] == [text]


def test_without_a_link_nobody_can_be_reached(office: Office) -> None:
    """One that carries no USSD does not help."""
    off = SmppSettings(links=[LinkSettings(name="smsc-a", ussd="off")])
    with pytest.raises(Unreachable):
        push(office, Settings(smpp=off)).ask(ZHANG, BY)
