"""USSD dialogues that are late, broken off or repeated."""

from __future__ import annotations

from gateway.model.address import Address
from gateway.model.messages import ScreenAct, SendOutcome, SendOutcomes
from gateway.store.tables import (
    inbox,
    orders,
    outbox,
    subscribers,
)
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG


def balance(office: Office, phone: str = ZHANG) -> int:
    (row,) = office.rows(subscribers, subscribers.c.msisdn == int(phone))
    return int(str(row["balance_fen"]))


def test_a_key_after_the_end(zhang: Handset) -> None:
    """Somebody is told, and the dialogue ends."""
    assert "重新开始" in zhang.types("1")
    assert not zhang.open


def test_a_key_of_another_dialogue(zhang: Handset) -> None:
    """It does not touch the one that is open."""
    zhang.dials()
    mine, zhang.session = zhang.session, "other"
    assert "重新开始" in zhang.types("1")
    zhang.session = mine
    assert "56.80元" in zhang.types("1")


def test_a_key_that_was_typed_before_the_screen_was_there(office: Office, zhang: Handset) -> None:
    """It answers nothing, and nothing is said to it: the screen is on its way."""
    zhang.walks("5", "2", "1")
    key = zhang.message(ScreenAct.ON, "1")
    assert office.answers(key._replace(unseen=True)) == []
    assert [order["state"] for order in office.rows(orders)] == ["waiting"]
    assert zhang.types("1") == "已受理,结果短信通知您。"


def test_an_end_of_another_dialogue(zhang: Handset) -> None:
    """What the network says late of the one before does not end this one."""
    zhang.dials()
    mine, zhang.session = zhang.session, "before"
    zhang.hangs_up()
    zhang.session = mine
    assert "56.80元" in zhang.types("1")


def test_who_types_too_late(office: Office, zhang: Handset) -> None:
    """A minute after a screen the dialogue is over, before the network gives up; dialling again
    may go on."""
    zhang.walks("5", "2")
    office.bag.now += 60
    assert "重新开始" in zhang.types("9")
    assert not zhang.open
    assert "1继续" in zhang.dials()


def test_who_takes_too_long(office: Office, zhang: Handset) -> None:
    """Three minutes are enough for everything; they begin anew with the next dialogue."""
    zhang.dials()
    shown = ""
    for key in ("5", "2", "0", "1"):
        office.bag.now += 45
        shown = zhang.types(key)
    assert "重新开始" in shown
    assert "1继续" in zhang.dials()
    assert zhang.types("1").startswith("业务办理")


def test_a_confirm_that_comes_too_late(office: Office, zhang: Handset) -> None:
    """It orders nothing."""
    before = balance(office)
    zhang.walks("5", "2", "1")
    office.bag.now += 61
    assert "重新开始" in zhang.types("1")
    assert balance(office) == before
    assert [order["state"] for order in office.rows(orders)] == ["declined"]


def test_an_answer_that_nobody_sees_is_told_by_sms(office: Office, zhang: Handset) -> None:
    """In the words of a short message, from the service number; a question is not."""
    zhang.walks("1", "2")
    assert [each.instead for each in office.deliver()][2:] == [""]
    zhang.dials("*139*1#")
    (answer,) = [each for each in office.deliver() if each.instead]
    assert answer.screen is not None
    assert answer.instead.endswith("【中国移动】")
    assert "0返回" not in answer.instead
    assert answer.screen.source == Address.service("10086")


def test_a_key_that_is_sent_again_is_answered_again(office: Office, zhang: Handset) -> None:
    """The order is one; its screen can be seen for as long as from the first time on."""
    before = balance(office)
    zhang.walks("5", "2", "1")
    office.deliver()
    confirm = zhang.message(ScreenAct.ON, "1")
    first = office.answers(confirm)[0]
    office.deliver()
    office.lose(upto=confirm.id - 1)
    office.bag.now += 30
    again = office.answers(office.again(confirm))[0]
    assert again.text == first.text
    assert again.screen is not None
    assert first.screen is not None
    assert again.screen.until_ms > first.screen.until_ms + 29_000
    assert balance(office) == before - 1000


def test_a_screen_that_nobody_saw_is_shown_when_its_key_is_sent_again(
    office: Office, zhang: Handset
) -> None:
    """It came too late while the link was down: who dials again shall not look at nothing."""
    begun = zhang.message(ScreenAct.BEGIN, "*139#")
    first = office.answers(begun)[0]
    unseen = SendOutcome(first.id, False, int(office.bag.now * 1000), first.link)
    office.serve(SendOutcomes((unseen,)))
    office.lose(upto=begun.id - 1)
    office.bag.now += 30
    assert [each.text for each in office.answers(office.again(begun))] == [first.text]


def test_a_password_is_typed_once_and_never_seen_again(office: Office, zhang: Handset) -> None:
    """In no journal, and in no place in the menu."""
    zhang.walks("1", "2")
    shown = zhang.types("739204")
    assert "密码" not in shown
    assert zhang.open
    heard = [office.store.seal.open(row["text_sealed"]) for row in office.rows(inbox)]  # type: ignore[arg-type]
    assert "739204" not in "".join(heard)
    zhang.types("0")
    assert "密码" not in zhang.types("2")


def test_two_who_dial_at_once(office: Office, zhang: Handset) -> None:
    """Each in a dialogue of their own."""
    li = Handset(office, LI)
    zhang.dials()
    li.dials()
    assert zhang.types("1") != li.types("1")


def test_a_screen_is_kept_until_it_is_taken(office: Office, zhang: Handset) -> None:
    """With what its link needs to find the dialogue; a menu alone is not worth a short message."""
    zhang.dials()
    zhang.types("1")
    menu, answer = [each.screen for each in office.deliver()]
    assert menu is not None
    assert answer is not None
    assert (menu.act, menu.session, menu.otherwise) == (ScreenAct.ON, zhang.session, "")
    assert answer.otherwise == "smsc-a"
    assert len(office.rows(outbox)) == 2
