"""Stories of going to another network with one's number: conditions, reasons, the code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.subscriber_records import SubscriberRecord
from tests.commands.fakes import NOW, HallWorld, world
from tests.commands.phone import Phone

ORDINARY = "13800138001"
ASK = "CXXZ#张三#110101199003078515"
CODE = "SQXZ#张三#110101199003078515"
DAY = 86400


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.records.by_number[ORDINARY] = SubscriberRecord(joined_at=NOW - 3000 * DAY)
    made.random.draws = ["528461", "739205"]
    return made


def record(hall: HallWorld, **changes: object) -> None:
    before = hall.records.by_number[ORDINARY]
    hall.records.by_number[ORDINARY] = replace(before, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [ASK, ASK.replace("#", " "), "cxxz＃张三＃110101199003078515。"])
def test_a_number_that_nothing_holds_may_go(hall: HallWorld, text: str) -> None:
    """And is told how to get the code; the message with the certificate is better deleted."""
    phone = Phone(hall, ORDINARY)
    assert "SQXZ#姓名#证件号" in phone.sends(text)
    assert phone.texts == ["np.ok", "auth.delete_tip"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"joined_at": NOW - 89 * DAY}, "入网不满90天"),
        ({"ported_at": NOW - 119 * DAY}, "距上次携转不满120天"),
        ({"contract_until": NOW + DAY}, "号码有在网合约,2026年11月22日到期"),
    ],
)
def test_one_reason_is_told_at_once(
    hall: HallWorld, changes: dict[str, object], words: str
) -> None:
    """From the record."""
    record(hall, **changes)
    phone = Phone(hall, ORDINARY)
    assert words in phone.sends(ASK)
    assert phone.texts[0] == "np.one"


def test_at_the_end_of_a_term_it_holds_no_longer(hall: HallWorld) -> None:
    """Ninety days in the network, a hundred and twenty since the last port, a contract that is
    over."""
    record(hall, joined_at=NOW - 90 * DAY, ported_at=NOW - 120 * DAY, contract_until=NOW)
    phone = Phone(hall, ORDINARY)
    phone.sends(ASK)
    assert phone.texts[0] == "np.ok"


@pytest.mark.parametrize("again", ["Y", "y。", "1", "XZYY"])
def test_several_reasons_are_counted_first(hall: HallWorld, again: str) -> None:
    """Y reads them all."""
    hall.alter(ORDINARY, balance_fen=-1205, real_named=False)
    record(hall, contract_until=NOW + 400 * DAY)
    phone = Phone(hall, ORDINARY)
    assert "因3个原因" in phone.sends(ASK)
    said = phone.sends(again)
    assert "1.号码未实名登记" in said
    assert "2.号码有未缴费用12.05元;3.号码有在网合约" in said


def test_y_reads_reasons_even_while_an_order_waits(hall: HallWorld) -> None:
    """The question that was asked last is the one that is answered; the order goes on waiting."""
    hall.alter(ORDINARY, past_due_fen=1)
    record(hall, contract_until=NOW + DAY)
    phone = Phone(hall, ORDINARY)
    for text in ("KTEDU40", ASK, "Y"):
        phone.sends(text)
    assert phone.texts == ["np.reasons", "confirm.waiting"]
    phone.sends("是")
    assert "EDU40" in hall.running(ORDINARY)


def test_reasons_are_for_who_has_just_proven_themselves(hall: HallWorld) -> None:
    """Not for who finds the phone on a table."""
    phone = Phone(hall, ORDINARY)
    phone.sends("XZYY")
    assert phone.texts == ["np.ask_again"]
    hall.alter(ORDINARY, past_due_fen=1, real_named=False)
    phone.sends(ASK)
    phone.now += 601
    phone.sends("Y")
    assert phone.texts == ["np.ask_again"]


def test_a_suspended_number_has_a_reason(hall: HallWorld) -> None:
    """Its state."""
    phone = Phone(hall, "13800138008")
    assert "号码为报停状态" in phone.sends(ASK)


def test_a_wrong_certificate_tells_nothing_and_counts(hall: HallWorld) -> None:
    """Over all numbers of its owner: the fourth try, right or wrong, is refused for a day."""
    wrong = "CXXZ#张三#110101199003078516"
    phone, another = Phone(hall, ORDINARY), Phone(hall, "13800138005")
    assert "今日还可尝试2次" in phone.sends(wrong)
    another.sends("SQXZ#李四#110101199003078515")
    assert another.texts[0] == "np.mismatch"
    phone.sends(wrong)
    for asker in (phone, another):
        asker.sends(ASK)
        assert asker.texts[0] == "auth.id_locked"
        asker.now += DAY + 1
        asker.sends(ASK)
        assert asker.texts[0] == "np.ok"


def test_only_from_ones_own_phone(hall: HallWorld) -> None:
    """A number that nobody vouches for could be anybody's."""
    phone = Phone(hall, ORDINARY, asserted=False)
    for text in (ASK, CODE, "XZYY"):
        phone.sends(text)
        assert phone.texts[0] == "sys.own_phone"


def test_the_code_is_a_secret_that_holds_an_hour(hall: HallWorld) -> None:
    """Its mark is kept, for whoever must check it; a newer one takes its place."""
    phone = Phone(hall, ORDINARY)
    assert "授权码为528461,有效期60分钟" in phone.sends(CODE)
    assert phone.last is not None
    assert phone.last.replies[0].secret
    assert "739205" in phone.sends(CODE)
    kept = [value for _, name, value, _, _ in hall.preferences.said if name == "np.code"]
    assert len(set(kept)) == 2
    assert "528461" not in str(kept)


def test_no_code_where_something_holds_the_number(hall: HallWorld) -> None:
    """The reason is told instead."""
    record(hall, contract_until=NOW + DAY)
    phone = Phone(hall, ORDINARY)
    phone.sends(CODE)
    assert phone.texts[0] == "np.one"
    assert hall.random.draws == ["528461", "739205"]


def test_codes_have_a_daily_limit(hall: HallWorld) -> None:
    """Ten."""
    hall.random.draws = ["528461"] * 11
    phone = Phone(hall, ORDINARY)
    for _ in range(11):
        phone.sends(CODE)
    assert phone.texts[0] == "np.code_limit"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("CXXZ", "np.ask.holder"),
        ("CXXZ#张三", "np.ask.certificate"),
        ("携号转网", "np.ask.holder"),
        ("SQXZ#110101199003078515", "np.ask.holder"),
    ],
)
def test_without_name_or_certificate_they_are_asked_for(
    hall: HallWorld, text: str, asked: str
) -> None:
    """One after the other, until it can be answered."""
    hall.random.draws = ["528461"]
    phone = Phone(hall, ORDINARY)
    phone.sends(text)
    assert phone.texts[-1] == asked
    for typed in ("张三", "110101 19900307 8515")[asked == "np.ask.certificate" :]:
        phone.sends(typed)
    assert phone.texts[0] in ("np.ok", "np.code")
