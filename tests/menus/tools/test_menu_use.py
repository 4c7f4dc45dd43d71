"""How a menu is used."""

from __future__ import annotations

from pathlib import Path

from gateway.config.menu_files import read_menus
from menus.model.wording import MenuChannel
from menus.tools.drawing import picture
from menus.tools.menu_use import use_of
from tests.commands.fakes import OWN_CONF

BOOK = read_menus(Path(OWN_CONF) / "menus").book


def test_who_sees_a_screen_and_chooses_nothing_is_counted() -> None:
    first, second = (option.name for option in BOOK.screens["hall"].options[:2])
    counts = {"hall": 100, f"hall/{first}": 60, f"hall/{second}": 10, "recharge_own": 7}
    use = use_of(BOOK, MenuChannel.USSD, counts)
    assert (use["hall"].seen, use["hall"].left, use["hall"].left_share) == (100, 30, 0.3)
    assert (use["recharge_own"].seen, use["recharge_own"].left) == (7, None)  # it asks for a number
    assert "more" not in use


def test_a_picture_tells_it_and_leads_somewhere() -> None:
    told = {"hall": "<100>"}
    drawn = picture(BOOK, MenuChannel.USSD, "zh", told, lambda name: f'/x?a&n="{name}"')
    assert "&lt;100&gt;" in drawn
    assert '<a href="/x?a&amp;n=&quot;hall&quot;">' in drawn
    assert picture(BOOK, MenuChannel.USSD, "zh") == picture(BOOK, MenuChannel.USSD, "zh", {})
