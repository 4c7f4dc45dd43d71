"""The menu by SMS: a list of areas."""

from __future__ import annotations

from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"


def test_the_menu_opens_a_list_of_areas(hall: HallWorld) -> None:
    """Each number leads to the codes of its area; others are not in the list."""
    phone = Phone(hall, ORDINARY)
    assert phone.sends("CD").startswith("全球通客户您好,请回复序号:1话费账单")
    for area in range(1, 9):
        phone.sends(str(area))
        assert phone.texts == [f"menu.area.{area}"]
    phone.sends("9")
    assert phone.texts == ["un.bad_no"]


def test_an_area_that_is_not_there_is_refused(hall: HallWorld) -> None:
    """CD9 says that there is no 9."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CD9")
    assert phone.texts == ["un.bad_no"]
