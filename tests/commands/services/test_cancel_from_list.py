"""Stories of 0000: two lists, stable numbers, several at once, never all."""

from __future__ import annotations

import pytest

from tests.commands.fakes import NEXT_MONTH, NOW, HallWorld
from tests.commands.phone import Phone

MANY, ORDINARY = "13800138009", "13800138001"


def talk(hall: HallWorld, number: str, *texts: str) -> Phone:
    phone = Phone(hall, number)
    for text in texts:
        phone.sends(text)
    return phone


def going_on(hall: HallWorld, number: str = MANY) -> set[str]:
    return {one.service for one in hall.services.of(number, NOW) if not one.until}


def numbers(phone: Phone) -> dict[str, object]:
    """What stands at which number in the last list."""
    assert phone.last is not None
    lines = phone.last.replies[0].facts["lines"]
    assert isinstance(lines, list)
    return {line["name"]: line["number"] for line in lines}


@pytest.mark.parametrize(
    "text", ["0000", "TDCX", "00000", "TD", "T", "退订", "N", "td", "我要退订"]
)
def test_what_one_has_is_told_in_two_lists(hall: HallWorld, text: str) -> None:
    """What was ordered by number; what comes with the plan in a message of its own."""
    phone = talk(hall, MANY, text)
    assert phone.texts[:2] == ["un.list.1", "un.list.2"]
    assert phone.last is not None
    first, second = phone.last.replies[:2]
    assert (first.to, second.to) == ("", MANY)
    assert list(numbers(phone).values()) == list(range(1, 12))
    assert second.facts["names"] == ["来电显示"]
    assert len(going_on(hall)) == 12


def test_the_provider_of_what_is_not_ours_is_named(hall: HallWorld) -> None:
    """With its price."""
    assert "天气预报(华风气象)2元/月" in talk(hall, MANY).sends("0000")


def test_a_number_ends_one_service_after_a_yes(hall: HallWorld) -> None:
    """It can be used until the month is over."""
    phone = talk(hall, MANY, "0000", "1")
    assert phone.texts == ["un.confirm"]
    assert "CL" in going_on(hall)
    assert "已退订:彩铃,12月1日起不再收费" in phone.sends("Y")
    assert "CL" not in going_on(hall)
    assert "CL" in hall.running(MANY)
    assert "CL" not in hall.running(MANY, NEXT_MONTH)


@pytest.mark.parametrize("text", ["1,3", "1，3", "1、3", "1 3", "3,1", "1,3,1。"])
def test_several_numbers_end_several_services(hall: HallWorld, text: str) -> None:
    """Whatever stands between them."""
    before = going_on(hall)
    talk(hall, MANY, "0000", text, "y")
    assert before - going_on(hall) == {"CL", "LL30"}


@pytest.mark.parametrize("answer", ["N", "否", "0", "好的"])
def test_without_a_yes_nothing_ends(hall: HallWorld, answer: str) -> None:
    """N is no to the confirm, and not the list again."""
    phone = talk(hall, MANY, "0000", "1,2", answer)
    assert phone.texts == ["un.pick.kept"]
    assert len(going_on(hall)) == 12


def test_numbers_stay_when_something_is_gone(hall: HallWorld) -> None:
    """From list to list, and for one that was opened by another way."""
    phone = talk(hall, MANY, "0000")
    before = numbers(phone)
    for text in ("8", "Y"):  # call forwarding ends at once
        phone.sends(text)
    assert "HZ" not in hall.running(MANY)
    hall.services.open(MANY, "DX20", NOW, 1)
    phone.sends("0000")
    after = numbers(phone)
    assert after.pop("20元短信包") == 12
    assert after == {name: n for name, n in before.items() if name != "呼叫转移"}
    phone.sends("8")
    assert phone.texts == ["un.bad_no"]


def test_a_late_number_hits_what_it_was_meant_for(hall: HallWorld) -> None:
    """Read off the first list, sent after the second."""
    phone = talk(hall, MANY, "0000")
    meant = numbers(phone)["国际长途"]
    for text in ("8", "Y", "0000", str(meant)):
        phone.sends(text)
    assert phone.texts == ["un.confirm"]
    phone.sends("Y")
    assert "GJCT" not in going_on(hall)


def test_one_number_after_the_other_from_the_same_list(hall: HallWorld) -> None:
    """It stays open while what was picked waits for its yes."""
    phone = talk(hall, MANY, "0000", "1", "Y", "2", "Y")
    assert phone.texts == ["un.ok"]
    assert not {"CL", "LL10"} & going_on(hall)


def test_another_number_instead_of_a_yes_means_the_other(hall: HallWorld) -> None:
    """Only what the last confirm named is ended."""
    phone = talk(hall, MANY, "0000", "1", "2", "Y")
    assert phone.texts == ["un.ok"]
    assert "CL" in going_on(hall)
    assert "LL10" not in going_on(hall)


@pytest.mark.parametrize("text", ["12", "99", "1,99", "1,0"])
def test_a_number_that_is_not_in_the_list_ends_nothing(hall: HallWorld, text: str) -> None:
    """Nor do the ones beside it."""
    phone = talk(hall, MANY, "0000", text)
    assert phone.texts == ["un.bad_no"]
    phone.sends("Y")
    assert len(going_on(hall)) == 12


@pytest.mark.parametrize("text", ["全部", "ALL", "全退", "1-11"])
def test_there_is_no_all(hall: HallWorld, text: str) -> None:
    """Nothing ends by it."""
    talk(hall, MANY, "0000", text, "Y")
    assert len(going_on(hall)) == 12


def test_a_list_that_has_run_out_says_so(hall: HallWorld) -> None:
    """A day later; another day later nobody remembers it."""
    phone = talk(hall, MANY, "0000")
    phone.now += 24 * 3600
    phone.sends("1")
    assert phone.texts == ["list.expired"]
    phone.now += 24 * 3600
    phone.sends("1")
    assert phone.texts == ["help.lost"]
    assert len(going_on(hall)) == 12


def test_what_is_cancelled_stands_in_the_list_until_its_month_ends(hall: HallWorld) -> None:
    """And cannot be cancelled again."""
    phone = talk(hall, MANY, "0000", "1", "Y")
    assert "1.彩铃5元/月(已退订)" in phone.sends("0000")
    phone.sends("1")
    assert phone.texts == ["sv.err.ending"]


def test_what_has_not_begun_is_cancelled_without_trace(hall: HallWorld) -> None:
    """Ordered for next month, given up this month."""
    talk(hall, ORDINARY, "KTDX10", "是", "0000", "1", "Y")
    assert hall.running(ORDINARY) == ["LDXS"]


def test_what_comes_with_the_plan_is_not_cancelled_here(hall: HallWorld) -> None:
    """Not even by its code."""
    phone = talk(hall, MANY, "QXYW#LDXS")
    assert phone.texts == ["un.bundled"]
    phone.sends("QXYW#NIX")
    assert phone.texts == ["un.gone"]
    phone.sends("qxyw cl ll10")
    assert phone.texts == ["un.confirm"]


def test_who_has_nothing_but_the_plan_is_told_so(hall: HallWorld) -> None:
    """With what comes with it, if anything does."""
    assert talk(hall, ORDINARY, "0000").texts == ["un.list.2"]
    hall.services.had[ORDINARY] = []
    assert talk(hall, ORDINARY, "0000").texts == ["un.none"]


def test_one_service_alone_is_no_yes(hall: HallWorld) -> None:
    """To a list of one, Y is not its number: it would come back for ever."""
    phone = talk(hall, ORDINARY, "KTLL10", "是", "0000", "1", "Y")
    assert phone.texts == ["un.ok"]


def test_an_order_closes_the_list(hall: HallWorld) -> None:
    """So that a 1 is no number of it any more."""
    phone = talk(hall, MANY, "0000", "KTEDU40", "1")
    assert phone.texts == ["sv.not_ordered"]
    assert len(going_on(hall)) == 12


def test_what_keeps_a_stopped_number_is_no_bundle(hall: HallWorld) -> None:
    """It costs something, so it is in the list of what does; and it ends with the stop alone."""
    phone = talk(hall, "13800138008", "0000")
    assert numbers(phone)["停机保号"] == 1
    assert "停机保号5元/月" in phone.sends("0000")
    phone.sends("1")
    assert phone.texts == ["un.kept"]


def test_what_has_not_begun_is_not_used_to_the_months_end(hall: HallWorld) -> None:
    """It never begins, and that is said; also from the list."""
    for texts in (("QXDX10", "Y"), ("0000", "1", "Y")):
        phone = talk(hall, ORDINARY, "KTDX10", "是")
        assert "DX10" in hall.running(ORDINARY)
        *first, last = texts
        for text in first:
            shown = phone.sends(text)
        assert "尚未生效,不再开通" in shown
        assert "不会开通,也不收费" in phone.sends(last)
        assert "DX10" not in hall.running(ORDINARY, NEXT_MONTH)
        hall.services.had[ORDINARY] = [s for s in hall.services.had[ORDINARY] if not s.until]
