"""Stories of recharging: a card is money once, for whom it was meant, and not to be guessed."""

from __future__ import annotations

import pytest

from commands.model.accounts import NumberState
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY, OTHER, OWES = "13800138001", "13800138002", "13800138004"
FIFTY, HUNDRED = "860000000000000001", "860000000000000002"
UNKNOWN = "123456789012345678"


@pytest.mark.parametrize(
    "text",
    [
        "CZ#" + FIFTY, "CZ" + FIFTY, "cz " + FIFTY, "CZK#" + FIFTY, "CZK" + FIFTY,
        "充值#" + FIFTY, "充值" + FIFTY, "充值 " + FIFTY + "。", "ＣＺ＃" + FIFTY,
    ],
)  # fmt: skip
def test_a_card_is_added_to_ones_own_balance(hall: HallWorld, text: str) -> None:
    """However it is written."""
    phone = Phone(hall, ORDINARY)
    assert "为138****8001充值50.00元,当前余额106.80元" in phone.sends(text)
    assert hall.account(ORDINARY).balance_fen == 10_680
    assert [credit[:3] for credit in hall.accounts.credits] == [(ORDINARY, 5_000, "card")]


def test_a_card_works_once(hall: HallWorld) -> None:
    """For nobody a second time."""
    Phone(hall, ORDINARY).sends("CZ#" + FIFTY)
    for number in (ORDINARY, OTHER):
        phone = Phone(hall, number)
        phone.sends("CZ#" + FIFTY)
        assert phone.texts[0] == "rc.err.used"
    assert len(hall.accounts.credits) == 1


def test_anothers_number_is_read_back_first(hall: HallWorld) -> None:
    """Nothing is used up until then. Who pays is not told the balance; its owner is."""
    phone = Phone(hall, ORDINARY)
    assert "您将为138****8002充值100.00元" in phone.sends(f"CZ#{OTHER}#{HUNDRED}")
    assert hall.cards.find(Secret(HUNDRED)) == RechargeCard(10_000, "good")
    phone.sends("Y")
    assert phone.last is not None
    paid, received = phone.last.replies
    assert (paid.text, paid.to) == ("rc.ok.other", "")
    assert (received.text, received.to) == ("rc.received", OTHER)
    assert received.facts["balance"] == 11_250
    assert hall.account(OTHER).balance_fen == 11_250
    assert hall.account(ORDINARY).balance_fen == 5_680


@pytest.mark.parametrize("answer", ["N", "否", "0", "不要"])
def test_without_a_yes_nobody_elses_balance_grows(hall: HallWorld, answer: str) -> None:
    """And the card is still good."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CZ#{OTHER}#{HUNDRED}")
    phone.sends(answer)
    assert phone.texts == ["rc.kept"]
    phone.sends("Y")
    assert hall.accounts.credits == []
    assert hall.cards.find(Secret(HUNDRED)) == RechargeCard(10_000, "good")


def test_a_yes_that_is_late_recharges_nobody(hall: HallWorld) -> None:
    """Ten minutes."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CZ#{OTHER}#{HUNDRED}")
    phone.now += 600
    phone.sends("Y")
    assert phone.texts == ["confirm.expired"]
    assert hall.accounts.credits == []


def test_a_card_that_was_used_meanwhile_is_used(hall: HallWorld) -> None:
    """The yes comes too late for it."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CZ#{OTHER}#{FIFTY}")
    Phone(hall, OWES).sends("CZ#" + FIFTY)
    phone.sends("Y")
    assert phone.texts == ["rc.err.used"]
    assert [credit[0] for credit in hall.accounts.credits] == [OWES]


@pytest.mark.parametrize(
    ("card", "text"),
    [("3", "rc.err.used"), ("4", "rc.err.expired"), ("5", "rc.err.state")],
)
def test_a_card_that_is_no_good_is_refused_by_its_reason(
    hall: HallWorld, card: str, text: str
) -> None:
    """It was no guess: however often, it does not close recharging."""
    phone = Phone(hall, ORDINARY)
    for _ in range(4):
        phone.sends("CZ#86000000000000000" + card)
        assert phone.texts[0] == text
    phone.sends("CZ#" + FIFTY)
    assert phone.texts[0] == "rc.ok"


def test_three_unknown_cards_in_a_row_close_recharging_for_a_day(hall: HallWorld) -> None:
    """From this phone, for whatever number; even with a good card."""
    phone = Phone(hall, ORDINARY)
    assert "还可尝试2次" in phone.sends("CZ#" + UNKNOWN)
    phone.now += 3600
    assert "还可尝试1次" in phone.sends(f"CZ#{OTHER}#{UNKNOWN}")
    phone.sends("CZ#" + UNKNOWN)
    assert phone.texts[0] == "rc.err.tries"
    for text in ("CZ#" + FIFTY, f"CZ#{OTHER}#{FIFTY}"):
        phone.sends(text)
        assert phone.texts[0] == "rc.err.tries"
    phone.now += 24 * 3600 - 1
    assert "1小时后再试" in phone.sends("CZ#" + FIFTY)
    assert hall.accounts.credits == []
    phone.now += 1
    phone.sends("CZ#" + FIFTY)
    assert phone.texts[0] == "rc.ok"


def test_the_others_go_on_recharging(hall: HallWorld) -> None:
    """Even the number that the wrong cards were meant for."""
    phone = Phone(hall, ORDINARY)
    for _ in range(3):
        phone.sends(f"CZ#{OTHER}#{UNKNOWN}")
    victim = Phone(hall, OTHER)
    victim.sends("CZ#" + FIFTY)
    assert victim.texts[0] == "rc.ok"


def test_a_good_card_clears_the_count(hall: HallWorld) -> None:
    """In a row means without a good one between."""
    phone = Phone(hall, ORDINARY)
    for text in (UNKNOWN, UNKNOWN, FIFTY, UNKNOWN, UNKNOWN):
        phone.sends("CZ#" + text)
    assert phone.texts[0] == "rc.err.secret"


def test_a_number_in_arrears_comes_back_when_it_owes_nothing(hall: HallWorld) -> None:
    """What was past due is paid first."""
    hall.cards.by_secret[Secret("860000000000000010")] = RechargeCard(1_000, "good")
    phone = Phone(hall, OWES)
    phone.sends("CZ#860000000000000010")
    still = hall.account(OWES)
    assert (still.state, still.balance_fen, still.past_due_fen) == (
        NumberState.ARREARS,
        -1_000,
        200,
    )
    assert "该号码已恢复使用" in phone.sends("CZ#" + FIFTY)
    back = hall.account(OWES)
    assert (back.state, back.balance_fen, back.past_due_fen) == (NumberState.NORMAL, 4_000, 0)


def test_a_number_that_was_given_up_takes_no_card(hall: HallWorld) -> None:
    """Nor does one that is not ours. It is told when the card would be used up, and costs a guess:
    nobody finds out with one good card which numbers there are."""
    hall.alter(OTHER, state=NumberState.CANCELLED)
    phone = Phone(hall, ORDINARY)
    for number, text in ((OTHER, "rc.err.range"), ("13700137000", "rc.err.range"),
                         ("13700137001", "rc.err.tries")):  # fmt: skip
        phone.sends(f"CZ#{number}#{FIFTY}")
        assert phone.texts[0] == "rc.read_back"
        phone.sends("Y")
        assert phone.texts[0] == text
    assert hall.cards.find(Secret(FIFTY)) == RechargeCard(5_000, "good")
    phone.sends(f"CZ#13800138005#{FIFTY}")
    assert phone.texts[0] == "rc.err.tries"


def test_a_wrong_card_says_nothing_of_the_number(hall: HallWorld) -> None:
    """Ours or not, it is the card that is wrong."""
    for number in (OTHER, "13700137000"):
        phone = Phone(hall, "13800138005" if number == OTHER else ORDINARY)
        phone.sends(f"CZ#{number}#{UNKNOWN}")
        assert phone.texts[0] == "rc.err.secret"


@pytest.mark.parametrize("text", ["CZ#12345678901234567", "CZ#1380013800#" + FIFTY])
def test_a_card_with_a_digit_too_few_is_told_how_it_is_written(hall: HallWorld, text: str) -> None:
    """It counts as nothing."""
    phone = Phone(hall, ORDINARY)
    for _ in range(4):
        phone.sends(text)
        assert phone.texts[0] == "help.format"
    assert hall.attempts.struck == []


def test_nothing_remembers_a_cards_secret_in_the_open(hall: HallWorld) -> None:
    """Neither dialogue nor answer; the order holds it as a secret."""
    phone = Phone(hall, ORDINARY)
    assert HUNDRED not in phone.sends(f"CZ#{OTHER}#{HUNDRED}")
    assert HUNDRED not in str(phone.dialogue) + str(phone.last) + str(hall.orders)
