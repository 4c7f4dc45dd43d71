"""Stories of services: packs, ring-back tones, mail, roaming, forwarding, reminders, overdraft."""

from __future__ import annotations

import pytest

from commands.model.accounts import NumberState
from commands.model.command_register import CommandRegister
from tests.commands.fakes import NEXT_MONTH, NOW, HallWorld, built_conf, own_conf
from tests.commands.phone import Phone

ORDINARY, STUDENT, MEMBER = "13800138001", "13800138002", "13800138010"


def talk(
    hall: HallWorld, number: str, *texts: str, register: CommandRegister | None = None
) -> Phone:
    phone = Phone(hall, number, register=register or own_conf().register)
    for text in texts:
        phone.sends(text)
    return phone


@pytest.mark.parametrize(
    ("code", "service", "fee", "begins"),
    [
        ("KTLL10", "LL10", 1000, NOW), ("KTLL30", "LL30", 3000, NOW), ("KTLL50", "LL50", 5000, NOW),
        ("KTDX10", "DX10", 0, NEXT_MONTH), ("KTDX15", "DX15", 0, NEXT_MONTH),
        ("KTDX20", "DX20", 0, NEXT_MONTH), ("KTCL", "CL", 500, NOW), ("彩铃", "CL", 500, NOW),
        ("306", "CL", 500, NOW), ("KTYX", "YX0", 0, NEXT_MONTH), ("KTYX5", "YX5", 0, NEXT_MONTH),
        ("KTYX20", "YX20", 0, NEXT_MONTH), ("KTGJCT#739204", "GJCT", 0, NOW),
        ("KTGJMY#739204", "GJMY", 0, NOW),
    ],
)  # fmt: skip
def test_every_service_is_ordered_by_a_second_confirmation(
    hall: HallWorld, code: str, service: str, fee: int, begins: int
) -> None:
    """What begins at once is charged at once; the rest with its month."""
    phone = talk(hall, ORDINARY, code)
    assert phone.texts[0] == "sv.confirm"
    phone.sends("Y")
    assert phone.texts == ["sv.not_ordered"]
    talk(hall, ORDINARY, code, "是")
    held = {one.service: one.since for one in hall.services.of(ORDINARY, NOW)}
    assert held[service] == begins
    assert [charge[1] for charge in hall.accounts.charges] == ([fee] if fee else [])


@pytest.mark.parametrize(
    ("order", "cancel", "service"),
    [
        ("KTLL30", "QXLL30", "LL30"), ("KTDX15", "QXDX15", "DX15"), ("KTCL", "QXCL", "CL"),
        ("KTYX5", "QXYX", "YX5"), ("KTYX20", "QXYX20", "YX20"), ("KTTZ", "QXED", "TZ"),
        ("KTHZ#13800138002#739204", "QXHZ#739204", "HZ"),
        ("KTGJMY#739204", "QXGJMY#739204", "GJMY"), ("KTGJCT#739204", "QXGJCT#739204", "GJCT"),
    ],
)  # fmt: skip
def test_what_was_ordered_is_cancelled_after_a_yes(
    hall: HallWorld, order: str, cancel: str, service: str
) -> None:
    """It is gone by next month, and the other words change nothing."""
    talk(hall, ORDINARY, order, "是")
    assert service in hall.running(ORDINARY)
    phone = talk(hall, ORDINARY, cancel, "不要")
    assert phone.texts == ["sv.kept"]
    assert service in hall.running(ORDINARY, NEXT_MONTH)
    talk(hall, ORDINARY, cancel, "是")
    assert service not in hall.running(ORDINARY, NEXT_MONTH)
    phone = talk(hall, ORDINARY, cancel)
    assert phone.texts[0] in ("sv.err.nohave", "sv.err.ending")


def test_what_has_not_begun_is_gone_as_soon_as_it_is_cancelled(hall: HallWorld) -> None:
    """It can be ordered again at once."""
    talk(hall, ORDINARY, "KTDX10", "是", "QXDX10", "Y")
    assert "DX10" not in hall.running(ORDINARY)
    assert talk(hall, ORDINARY, "KTDX10").texts == ["sv.confirm"]


def test_there_is_one_ring_back_tone(hall: HallWorld) -> None:
    """Ordered again it is there already."""
    talk(hall, ORDINARY, "KTCL", "是")
    assert talk(hall, ORDINARY, "KTCL").texts == ["sv.err.have"]


def test_a_ring_back_tone_costs_nothing_where_the_group_pays(hall: HallWorld) -> None:
    """Because one has the group's, or because the group says so."""
    phone = talk(hall, MEMBER, "KTCL")
    assert phone.last is not None
    assert phone.last.replies[0].facts["fee"] == 0
    phone.sends("是")
    assert hall.account(MEMBER).balance_fen == 6_660
    hall.services.had[ORDINARY] = []
    hall.records.by_number[ORDINARY] = hall.records.of(MEMBER)
    talk(hall, ORDINARY, "KTCL", "是")
    assert hall.account(ORDINARY).balance_fen == 5_680
    for text in ("CXYW", "0000", "QXCL"):
        assert "彩铃" in (said := Phone(hall, ORDINARY).sends(text))
        assert "0元/月" in said


def test_caller_display_costs_nothing_in_two_brands(hall: HallWorld) -> None:
    """And five yuan in the third."""
    for number, brand, fee in ((ORDINARY, "QQT", 0), (STUDENT, "MZ", 0), (MEMBER, "SZX", 500)):
        hall.services.had[number] = []
        hall.alter(number, brand=brand)
        before = hall.account(number).balance_fen
        talk(hall, number, "KTLDXS", "是")
        assert hall.running(number) == ["LDXS"]
        assert before - hall.account(number).balance_fen == fee


def test_one_mailbox_takes_the_place_of_another(hall: HallWorld) -> None:
    """From next month, after that was agreed to."""
    talk(hall, ORDINARY, "KTYX5", "是")
    phone = talk(hall, ORDINARY, "KTYX20")
    assert phone.texts == ["sv.conflict"]
    phone.sends("是")
    assert hall.running(ORDINARY, NEXT_MONTH) == ["LDXS", "YX20"]


def test_an_unlimited_pack_is_not_had_beside_another(hall: HallWorld) -> None:
    """It is told, and given up only by a yes."""
    phone = talk(hall, "13800138005", "KTLL30")
    assert phone.texts == ["sv.conflict"]
    phone.sends("否")
    assert "BXL" in hall.running("13800138005")
    talk(hall, "13800138005", "KTLL30", "是")
    assert hall.running("13800138005") == ["LDXS", "LL30"]


@pytest.mark.parametrize("code", ["KTGJMY#123456", "KTGJCT#123456"])
def test_going_abroad_takes_credit_or_a_deposit(hall: HallWorld, code: str) -> None:
    """A hundred yuan, of balance and credit together."""
    assert talk(hall, STUDENT, code).texts[0] == "sv.err.deposit"
    hall.alter(STUDENT, balance_fen=10_000)
    assert talk(hall, STUDENT, code).texts[0] == "sv.confirm"


@pytest.mark.parametrize("code", ["KTGJMY", "QXGJMY", "KTGJCT", "QXHZ"])
def test_what_could_cost_much_takes_the_password(hall: HallWorld, code: str) -> None:
    """Abroad, and where calls go."""
    phone = talk(hall, ORDINARY, code)
    assert phone.texts == ["auth.ask_pw"]
    phone.sends("111222")
    assert phone.texts[0] == "auth.pw_wrong"


def test_an_overdraft_is_for_who_has_a_star(hall: HallWorld) -> None:
    """Then what is ordered may be paid from it."""
    assert talk(hall, "13800138003", "KTTZ", "580317").texts[0] == "sv.err.star"
    hall.alter(ORDINARY, balance_fen=0)
    assert talk(hall, ORDINARY, "KTLL10").texts == ["sv.err.balance"]
    phone = talk(hall, ORDINARY, "KTTZ")
    assert phone.texts == ["sv.confirm.once"]
    phone.sends("Y")
    talk(hall, ORDINARY, "KTLL10", "是")
    assert hall.account(ORDINARY).balance_fen == -1_000


def test_calls_are_forwarded_to_a_number(hall: HallWorld) -> None:
    """Another one takes its place; without the service there is none."""
    put = hall.preferences
    talk(hall, ORDINARY, "KTHZ#13800138002#739204", "Y")
    assert put.of(ORDINARY, "forward_to") == "13800138002"
    talk(hall, ORDINARY, "呼转 13800138009 739204", "Y")
    assert put.of(ORDINARY, "forward_to") == "13800138009"
    assert hall.running(ORDINARY).count("HZ") == 1
    talk(hall, ORDINARY, "QXHZ#739204", "Y")
    assert put.of(ORDINARY, "forward_to") == ""
    assert talk(hall, ORDINARY, f"KTHZ#{ORDINARY}#739204").texts[0] == "sv.forward.self"


def test_calls_are_not_forwarded_without_password_and_yes(hall: HallWorld) -> None:
    """Not even halfway."""
    talk(hall, ORDINARY, "KTHZ#13800138002", "Y")
    talk(hall, ORDINARY, "KTHZ#13800138002#739204", "N")
    assert hall.preferences.said == []
    assert "HZ" not in hall.running(ORDINARY)


def test_the_balance_is_reminded_of_below_an_amount(hall: HallWorld) -> None:
    """In fen; another amount takes its place. Once it is built."""
    register = built_conf().register
    assert talk(hall, ORDINARY, "KTYETX#0", register=register).texts == ["sv.reminder.zero"]
    assert talk(hall, ORDINARY, "KTYETX", register=register).texts == ["sv.ask.threshold"]
    talk(hall, ORDINARY, "KTYETX20", "Y", register=register)
    talk(hall, ORDINARY, "107#30", "Y", register=register)
    assert hall.preferences.of(ORDINARY, "balance_reminder") == "3000"
    assert hall.running(ORDINARY).count("YETX") == 1
    talk(hall, ORDINARY, "QXYETX", "Y")  # when it cannot be had any more as well
    assert "YETX" not in hall.running(ORDINARY)


def test_another_size_begins_next_month(hall: HallWorld) -> None:
    """This month stays as it is, and nothing is charged for it."""
    talk(hall, ORDINARY, "KTEDU40", "是")
    phone = talk(hall, ORDINARY, "BGEDU100")
    assert phone.texts == ["sv.switch.confirm"]
    phone.sends("是")
    assert [charge[2] for charge in hall.accounts.charges] == ["EDU40"]
    held = {one.service: one for one in hall.services.of(ORDINARY, NOW)}
    assert (held["EDU40"].until, held["EDU100"].since) == (NEXT_MONTH, NEXT_MONTH)
    assert hall.running(ORDINARY, NEXT_MONTH) == ["LDXS", "EDU100"]


def test_who_gives_up_the_size_that_was_to_come_is_told_that_the_other_ends(
    hall: HallWorld,
) -> None:
    """It was to make room; nobody agrees to that without having read it."""
    for texts in (("QXEDU", "Y"), ("0000", "2", "Y")):
        phone = talk(hall, ORDINARY, "KTEDU40", "是", "BGEDU100", "是")
        *first, last = texts
        for text in first:
            shown = phone.sends(text)
        assert "校园WLAN 100小时" in shown
        assert "校园WLAN 40小时仍于" in shown
        assert "校园WLAN 40小时仍于" in phone.sends(last)
        assert hall.running(ORDINARY, NEXT_MONTH) == ["LDXS"]
        hall.services.had[ORDINARY] = [s for s in hall.services.had[ORDINARY] if not s.until]


def test_a_change_of_mind_replaces_the_size_that_was_to_come(hall: HallWorld) -> None:
    """Once more before the month is over."""
    talk(hall, ORDINARY, "KTEDU40", "是", "BGEDU100", "是", "BGEDU250", "是")
    assert hall.running(ORDINARY, NEXT_MONTH) == ["LDXS", "EDU250"]
    assert hall.running(ORDINARY) == ["LDXS", "EDU40", "EDU250"]


def test_there_must_be_something_to_change(hall: HallWorld) -> None:
    """And something else to change to."""
    assert talk(hall, ORDINARY, "BGEDU100").texts == ["sv.switch.none"]
    assert talk(hall, ORDINARY, "KTEDU40", "是", "BGEDU40").texts == ["sv.err.have"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("流量包", ("KTLL10", "KTLL30", "KTLL50")),
        ("短信包", ("KTDX10", "KTDX15", "KTDX20")),
        ("308", ("KTYX0", "KTYX5", "KTYX20")),
    ],
)
def test_sizes_are_chosen_by_number(hall: HallWorld, text: str, items: tuple[str, ...]) -> None:
    """A number leads to the confirm, and to nothing else."""
    phone = talk(hall, ORDINARY, text)
    assert phone.dialogue.choice is not None
    assert phone.dialogue.choice.items == items
    phone.sends("2")
    assert phone.texts == ["sv.confirm"]
    assert hall.running(ORDINARY) == ["LDXS"]


def test_two_different_orders_wait_beside_each_other(hall: HallWorld) -> None:
    """A bare yes asks which is meant."""
    phone = talk(hall, ORDINARY, "KTCL", "KTLL10", "是")
    assert phone.texts == ["confirm.which"]
    phone.sends("2")
    assert hall.running(ORDINARY) == ["LDXS", "LL10"]


@pytest.mark.parametrize(
    "state", [state for state in NumberState if state is not NumberState.NORMAL]
)
@pytest.mark.parametrize("code", ["KTLL10", "KTHZ#13800138002#739204", "KTTZ", "BGEDU40", "KTYX5"])
def test_a_number_out_of_service_orders_nothing(
    hall: HallWorld, state: NumberState, code: str
) -> None:
    """Each says why."""
    hall.alter(ORDINARY, state=state)
    assert talk(hall, ORDINARY, code).texts[0] == "sv.err.status"


@pytest.mark.parametrize("code", ["KTLL10", "KTHZ#13800138002#362810"])
def test_the_black_list_orders_nothing(hall: HallWorld, code: str) -> None:
    """Whatever it is."""
    assert talk(hall, "13800138007", code).texts[0] == "sv.err.black"
