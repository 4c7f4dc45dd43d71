"""Questions step by step: what is missing is asked for, what is typed may be written in many ways,
and every question can be left."""

from __future__ import annotations

import pytest

from commands.model.dialogue import AwaitedInput, Dialogue
from commands.model.recharge_cards import RechargeCard
from commands.model.request import AuthLevel, Channel, Secret
from commands.parser.masked_text import masked
from commands.parser.yes_no_cancel import LEAVES
from tests.commands.fakes import HallWorld, own_conf
from tests.commands.phone import Phone

ORDINARY, OTHER = "13800138001", "13800138010"
FIFTY = "860000000000000001"
ASKED = sorted(name for name, spec in own_conf().register.specs.items() if spec.steps)


def talk(hall: HallWorld, number: str, *texts: str) -> Phone:
    phone = Phone(hall, number)
    for text in texts:
        phone.sends(text)
    return phone


# -- what is missing is asked for ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "typed", "answer"),
    [
        ("CZ", [FIFTY], "rc.ok"),
        ("充值", [FIFTY], "rc.ok"),
        ("CZ#13800138010", [FIFTY], "rc.read_back"),
        ("KTHZ", ["739204", "13800138002"], "sv.forward.confirm"),
        ("KTHZ#13800138002", ["739204"], "sv.forward.confirm"),
        ("CXGSD", ["13800138010"], "q.region"),
        ("403", ["138-0013-8010"], "q.region"),
        ("ZF", ["LL30"], "info.tariff.service"),
        ("资费", ["ktll30"], "info.tariff.service"),
        ("JB", ["10655123", "低价买房"], "tk.spam.ok"),
        ("JB#10655123", ["低价买房"], "tk.spam.ok"),
        ("TS", ["乱扣费"], "tk.ok"),
        ("JY", ["增加网点"], "tk.suggestion.ok"),
        ("GZ", ["家里没有信号"], "tk.ok"),
        ("CXCZK", ["2026 1010 0000 0000 1"], "q.card.ok"),
        ("CXDZ", ["50", "1005"], "q.payment_check.yes"),
        ("QXYW", ["LDXS"], "un.bundled"),
        ("SQXZ", ["张三", "110101199003078515"], "np.code"),
        ("GS#13800138010", ["917350"], "st.suspend.confirm"),
        ("TJ 13800138010", ["917350"], "st.suspend.confirm"),
    ],
)
def test_what_a_command_misses_is_asked_for(
    hall: HallWorld, code: str, typed: list[str], answer: str
) -> None:
    """And the next message is taken for it."""
    hall.random.draws = ["528461"]
    phone = talk(hall, ORDINARY, code)
    for text in typed:
        assert phone.dialogue.step is not None
        phone.sends(text)
    assert phone.texts[0] == answer


def test_a_member_is_asked_for_the_short_number(hall: HallWorld) -> None:
    phone = talk(hall, OTHER, "CXDH")
    assert phone.texts == ["q.ask.short"]
    phone.sends("6102")
    assert phone.texts[0].startswith("q.short_number")


@pytest.mark.parametrize("channel", [Channel.USSD, Channel.VOICE])
def test_it_is_asked_for_on_every_channel(hall: HallWorld, channel: Channel) -> None:
    """In words of its own."""
    phone = Phone(hall, ORDINARY, channel=channel, interface="18")
    assert "18位充值卡密码" in phone.sends("CZ")
    phone.sends(FIFTY)
    assert phone.texts == ["rc.ok"]


@pytest.mark.parametrize("action", ASKED)
def test_a_form_that_does_not_fit_is_told_and_then_asked_for(hall: HallWorld, action: str) -> None:
    """With one code in the sentence, not two."""
    register = own_conf().register
    code = register.code_of(register.specs[action])
    phone = Phone(hall, ORDINARY)
    said = phone.sends(f"{code}#?#?#?#?#?#?")
    if phone.texts[0] == "help.format":
        assert said.count(f"{code}#") == 2
        assert phone.dialogue.step is not None


# -- cards -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        FIFTY,
        "8600 0000 0000 0000 01",
        "8600-0000-0000-0000-01",
        "860000 000000 000001",
        "８６００　００００　００００　００００　０１",
        "8600 0000 0000 0000 01。",
    ],
)
def test_a_card_may_be_written_as_it_is_printed(hall: HallWorld, written: str) -> None:
    """After its code, when it is asked for, for another, and alone."""
    for texts, answer in (
        ([f"CZ#{written}"], "rc.ok"),
        (["充值", written], "rc.ok"),
        ([f"CZ {OTHER} {written}"], "rc.read_back"),
        ([written], "rc.read_back"),
    ):
        hall.cards.by_secret[next(iter(hall.cards.by_secret))] = RechargeCard(5_000, "good")
        assert talk(hall, ORDINARY, *texts).texts[0] == answer
        assert hall.attempts.struck == []


def test_a_lone_card_recharges_this_phone_after_a_yes(hall: HallWorld) -> None:
    """What it is worth is told, and its own number; nothing happens without the yes."""
    phone = Phone(hall, ORDINARY)
    assert "为138****8001充值50.00元" in phone.sends(FIFTY)
    assert hall.account(ORDINARY).balance_fen == 5_680
    phone.sends("Y")
    assert phone.texts == ["rc.ok"]
    assert hall.account(ORDINARY).balance_fen == 10_680


def test_lone_cards_that_do_not_exist_count(hall: HallWorld) -> None:
    """It is no way to try cards."""
    phone = Phone(hall, ORDINARY)
    for n in range(3):
        phone.sends(f"{123456789012345670 + n}")
    assert phone.texts[0] == "rc.err.tries"


@pytest.mark.parametrize("number", ["110101199003078515", "11010519491231002X"])
def test_a_lone_identity_card_is_no_recharge_card(hall: HallWorld, number: str) -> None:
    """So it costs no try."""
    phone = talk(hall, ORDINARY, number)
    assert phone.last is not None
    assert phone.last.action == "unknown"
    assert hall.attempts.struck == []


def test_a_card_of_the_wrong_length_costs_no_try(hall: HallWorld) -> None:
    """It is asked for again."""
    phone = talk(hall, ORDINARY, "CZ", "8600 0000 0000 0000 0")
    assert phone.texts[:2] == ["step.wrong", "rc.ask.card"]
    assert hall.attempts.struck == []
    phone.sends(FIFTY)
    assert phone.texts[0] == "rc.ok"


# -- months ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["CXZD", "CXXD", "CXJFJL", "103", "262"])
@pytest.mark.parametrize(
    "month", ["209913", "199901", "202600", "190012", "202613", "2026-13", "13800138002#209900"]
)
def test_what_looks_like_a_month_is_no_password(hall: HallWorld, code: str, month: str) -> None:
    """So it costs no try."""
    phone = talk(hall, ORDINARY, f"{code}#{month}")
    no_password = ("help.format", "help.unknown", "help.lost", "q.detail.unavailable")
    assert phone.texts[0] in no_password
    assert hall.passwords.wrong == {}


@pytest.mark.parametrize(
    "text", ["CXZD#202610", "CXZD#2026-10", "CXZD 202610", "CXZD#202610#739204"]
)
def test_a_month_is_a_month(hall: HallWorld, text: str) -> None:
    """However it is written, with the password or without."""
    assert "10月" in Phone(hall, ORDINARY).sends(text)


def test_a_password_that_begins_with_a_year_stands_beside_its_month(hall: HallWorld) -> None:
    """Alone it could be a month."""
    hall.passwords.by_number[OTHER] = Secret("198705")
    phone = talk(hall, ORDINARY, f"CXZD#{OTHER}#202610#198705")
    assert phone.texts[0].startswith("q.bill")


# -- leaving ---------------------------------------------------------------------------------------

LEAVABLE = ["CZ", "KTHZ", "CXDZ", "CXGSD", "ZF", "JB", "TS", "JY", "GZ", "CXCZK", "CXXZ",
            "SQXZ", "MMXG", "CZMM", "TJ", "QXYW"]  # fmt: skip


@pytest.mark.parametrize("code", LEAVABLE)
@pytest.mark.parametrize(
    "word", ["算了", "取消", "0", "退出", "不办了", "cancel", "Exit", "N", "那算了吧"]
)
def test_every_question_can_be_left(hall: HallWorld, code: str, word: str) -> None:
    """It is said what was left, and nothing is done."""
    phone = talk(hall, ORDINARY, code)
    assert phone.dialogue.step is not None
    phone.sends(word)
    assert phone.texts == ["step.left"]
    assert phone.dialogue == Dialogue()
    assert (hall.tickets.by_phone, hall.orders.placed) == ({}, {})


@pytest.mark.parametrize("word", sorted(LEAVES))
def test_no_complaint_is_opened_by_leaving(hall: HallWorld, word: str) -> None:
    assert talk(hall, ORDINARY, "投诉", word).texts == ["step.left"]


@pytest.mark.parametrize("code", ["流量包", "TCBG", "KTEDU", "DH"])
def test_a_list_can_be_left(hall: HallWorld, code: str) -> None:
    """Then its numbers are none."""
    phone = talk(hall, ORDINARY, code)
    assert phone.dialogue.choice is not None
    phone.sends("算了")
    assert phone.texts == ["list.left"]
    assert phone.dialogue.choice is None


def test_a_wish_is_not_swallowed_by_a_question(hall: HallWorld) -> None:
    """It is served, and that the question waits is told."""
    phone = talk(hall, ORDINARY, "CZ", "YE")
    assert phone.texts == ["q.balance.pre.ok", "step.waiting"]
    phone.sends("查话费")
    assert phone.texts[-1] == "step.waiting"
    phone.sends(FIFTY)
    assert phone.texts[0] == "rc.ok"


def test_a_new_question_takes_the_place_of_the_old_one(hall: HallWorld) -> None:
    """There is one at a time, and it is told."""
    phone = talk(hall, ORDINARY, "CZ", "投诉")
    assert phone.texts == ["tk.ask.complaint", "step.left"]
    phone.sends("KTLL10")
    assert phone.texts == ["sv.confirm", "step.left"]
    assert phone.dialogue.step is None


def test_a_story_may_hold_words_that_are_keywords(hall: HallWorld) -> None:
    """Only a command is one there."""
    phone = talk(hall, ORDINARY, "TS", "我的话费和流量都不对,是不是乱扣?")
    assert phone.texts == ["tk.ok"]


def test_a_name_that_sounds_like_a_command_is_a_name(hall: HallWorld) -> None:
    """刘亮 and 流量."""
    assert talk(hall, ORDINARY, "CXXZ", "刘亮").texts == ["np.ask.certificate"]


# -- too late --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "typed"),
    [("CZ", FIFTY), ("TS", "营业员骂人"), ("KTHZ", "739204"), ("CXXZ", "张三"), ("CXGSD", OTHER),
     ("CXDZ", "50"), ("ZF", "LL30"), ("MMXG", "739204")],
)  # fmt: skip
def test_who_answers_too_late_is_told(hall: HallWorld, code: str, typed: str) -> None:
    """What it was, and what to send; once."""
    phone = talk(hall, ORDINARY, code)
    phone.now += 10 * 60
    said = phone.sends(typed)
    if typed != "LL30":
        assert phone.texts == ["step.expired"]
        assert "已超时" in said
        assert phone.dialogue == Dialogue()
    assert (hall.tickets.by_phone, hall.orders.placed) == ({}, {})


def test_after_a_day_nobody_remembers_it(hall: HallWorld) -> None:
    phone = talk(hall, ORDINARY, "TS")
    phone.now += 10 * 60 + 24 * 3600
    phone.sends("乱扣费")
    assert phone.texts != ["step.expired"]


def test_a_command_is_served_behind_a_question_that_is_over(hall: HallWorld) -> None:
    """Nobody is told of it then."""
    phone = talk(hall, ORDINARY, "CZ")
    phone.now += 3_600
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]


@pytest.mark.parametrize("late", [False, True])
def test_what_is_typed_is_not_journalled(late: bool) -> None:
    """A card, in time or too late."""
    step = AwaitedInput("rc.self", ORDINARY, "card", AuthLevel.A0, 9)
    dialogue = Dialogue(lapsed=step) if late else Dialogue(step=step)
    assert masked("8600 0000 0000 0000 01", own_conf().register, dialogue) == "***"


# -- what a yes is for ---------------------------------------------------------------------------


def test_what_is_proposed_is_had_by_a_yes(hall: HallWorld) -> None:
    """The question is 您是否要; and what costs something is asked for again."""
    phone = talk(hall, ORDINARY, "彩铃开通一下")
    assert phone.texts == ["help.meant"]
    phone.sends("是")
    assert phone.texts == ["sv.confirm"]
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_proposal_is_had_by_its_number_though_something_was_not_understood(
    hall: HallWorld,
) -> None:
    """A slip in between loses nothing; yet a yes is for what was said last."""
    phone = talk(hall, ORDINARY, "彩铃开通一下", "嗯哼呵", "是")
    assert phone.texts == ["help.lost"]
    phone.sends("1")
    assert phone.texts == ["sv.confirm"]


def test_a_yes_is_never_for_a_proposal_of_several_messages_before(hall: HallWorld) -> None:
    """Who asked about ending 来电显示, and went on to his balance, ends nothing by a Y."""
    phone = talk(hall, ORDINARY, "我想退订来电显示", "YE", "Y")
    assert phone.texts == ["help.lost"]
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_wish_in_own_words_beside_a_confirm_is_answered(hall: HallWorld) -> None:
    """It is proposed; what waits goes on waiting, and that is said."""
    phone = talk(hall, ORDINARY, "RG", "我想换成88的套餐")
    assert phone.texts[0] in ("help.meant", "help.unknown")
    assert phone.texts[-1] == "confirm.waiting"


@pytest.mark.parametrize("answer", ["1", "Y", "是"])
def test_a_question_is_answered_before_a_list_that_was_there_before(
    hall: HallWorld, answer: str
) -> None:
    """Who wanted to suspend his number, and changes his password instead, suspends nothing."""
    phone = talk(hall, ORDINARY, "我想停机", "501", answer)
    assert phone.last is not None
    assert phone.last.action != "st.suspend"
    assert phone.dialogue.step is not None
