"""What customer classes may and may not, however conf/classes.yaml puts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.classes.customer_classes import CustomerClass, CustomerClasses
from commands.model.accounts import ListedClass
from commands.model.request import Channel
from tariffs.bilingual_name import BilingualName
from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ZHANG, MZ = "13800138001", "13800138005"
GOLD = CustomerClass("gold", BilingualName("金卡客户", "gold customers"))


def classes(hall: HallWorld, *known: CustomerClass) -> None:
    """These are all there are."""
    hall.settings = replace(hall.settings, classes=CustomerClasses(known))


def listed(hall: HallWorld, *names: str, number: str = ZHANG, until: int = 0) -> None:
    hall.alter(number, listed=tuple(ListedClass(name, until) for name in names))


@pytest.mark.parametrize(
    ("operation", "text"),
    [("query", "YE"), ("paid_service", "KTLDXS"), ("recharge", "CZ#860000000000000001")],
)
def test_a_class_is_refused_what_it_is_refused(hall: HallWorld, operation: str, text: str) -> None:
    """Queries and changes alike, and for nobody else."""
    classes(hall, replace(GOLD, refused=frozenset({operation})))
    Phone(hall, ZHANG).sends(text)
    listed(hall, "gold")
    phone = Phone(hall, ZHANG)
    assert "详询10086" in phone.sends(text)
    assert phone.texts[0] == "sv.err.black"


def test_it_is_refused_in_the_words_of_the_file(hall: HallWorld) -> None:
    says = BilingualName("请到营业厅办理。", "Please come to our hall.")
    classes(hall, replace(GOLD, refused=frozenset({"query"}), says=says))
    listed(hall, "gold")
    assert Phone(hall, ZHANG).sends("YE") == "请到营业厅办理。【中国移动】"
    assert "Please come" in Phone(hall, ZHANG, language="en").sends("YE")


def test_what_is_only_for_some_is_refused_to_others(hall: HallWorld) -> None:
    """To whom it is for is told."""
    black = CustomerClass("black", BilingualName("黑名单", "black"), refused=frozenset({"query"}))
    classes(hall, replace(GOLD, only=frozenset({"query"})), black)
    phone = Phone(hall, ZHANG)
    assert "仅限金卡客户办理" in phone.sends("YE")
    assert phone.texts == ["sv.err.only"]
    listed(hall, "gold")
    assert "余额" in Phone(hall, ZHANG).sends("YE")
    listed(hall, "gold", "black")
    assert "详询10086" in Phone(hall, ZHANG).sends("YE")
    listed(hall, "gold", until=NOW)
    assert "仅限" in Phone(hall, ZHANG).sends("YE")


def test_a_class_proves_more(hall: HallWorld) -> None:
    """A password where others need none."""
    classes(hall, replace(GOLD, proof={"query": 2}))
    assert "余额" in Phone(hall, ZHANG).sends("YE")
    listed(hall, "gold")
    phone = Phone(hall, ZHANG)
    phone.sends("YE")
    assert phone.texts == ["auth.ask_pw"]
    assert "余额" in phone.sends("739204")


def test_anothers_class_is_told_to_nobody_without_the_password(hall: HallWorld) -> None:
    classes(hall, replace(GOLD, refused=frozenset({"query"})))
    listed(hall, "gold")
    for text in (f"YE#{ZHANG}", f"YE#{ZHANG}#000000"):
        assert "详询10086" not in Phone(hall, MZ).sends(text)
    assert "详询10086" in Phone(hall, MZ).sends(f"YE#{ZHANG}#739204")


def test_calls_and_screens_hear_the_same(hall: HallWorld) -> None:
    classes(hall, replace(GOLD, refused=frozenset({"query"})))
    listed(hall, "gold")
    for channel in (Channel.VOICE, Channel.USSD):
        phone = Phone(hall, ZHANG, channel=channel)
        phone.sends("YE")
        assert phone.texts == ["sv.err.black"]


def test_what_somebody_has_is_cancelled_whatever_they_are(hall: HallWorld) -> None:
    everything = frozenset(operation for operation, _ in Phone(hall, ZHANG).register.rights)
    classes(hall, replace(GOLD, refused=everything - {"query"}))
    listed(hall, "gold", number=MZ)
    phone = Phone(hall, MZ)
    phone.sends(hall.catalogue.services["LDXS"].cancel_code)
    assert phone.texts == ["sv.cancel.confirm"]
    phone.sends("Y")
    assert phone.texts == ["sv.cancel.ok"]
