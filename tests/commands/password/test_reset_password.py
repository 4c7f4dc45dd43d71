"""Stories of who has forgotten their password and has a certificate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.accounts import NumberState
from commands.model.request import Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY, FAMILY, LI = "13800138001", "13800138009", "13800138006"  # two of Zhang's, one of Li's
RIGHT, WRONG = "110101199003078515", "110101199003078523"


def holds(hall: HallWorld, password: str) -> bool:
    return hall.passwords.matches(ORDINARY, Secret(password))


@pytest.mark.parametrize(
    "text",
    [
        f"MMCZ#{RIGHT}#528461#528461",
        f"CZMM#{RIGHT}#528461#528461",
        f"czsjmm {RIGHT} 528461 528461",
        f"401002*{RIGHT}*528461",
    ],
)
def test_a_password_is_reset_in_one_message(hall: HallWorld, text: str) -> None:
    """Without the old one."""
    phone = Phone(hall, ORDINARY)
    phone.sends(text)
    assert phone.texts[0] == "pw.changed"
    assert holds(hall, "528461")


@pytest.mark.parametrize("text", ["CZMM", "MMCZ", "忘记密码"])
def test_a_password_is_reset_step_by_step(hall: HallWorld, text: str) -> None:
    """Certificate, new, new again; each is looked at when it is typed."""
    phone = Phone(hall, ORDINARY)
    story = [
        (text, "pw.ask.id"),
        (RIGHT[:-1], "pw.reset.id_shape"),
        (WRONG, "pw.reset.id_wrong"),
        (RIGHT, "pw.ask.new"),
        ("888888", "pw.rule.same"),
        ("528461", "pw.ask.again"),
        ("528462", "pw.mismatch"),
        ("528461", "pw.changed"),
    ]
    for typed, answer in story:
        phone.sends(typed)
        assert phone.texts[0] == answer
        assert holds(hall, "528461") == (answer == "pw.changed")


def test_the_certificate_alone_leads_to_the_next_step(hall: HallWorld) -> None:
    """Sent with the command."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CZMM#" + RIGHT)
    assert phone.texts[0] == "pw.ask.new"


def test_a_wrong_certificate_that_was_sent_along_leads_nowhere(hall: HallWorld) -> None:
    """It is looked at before anything else is asked for."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CZMM#" + WRONG)
    assert phone.texts[0] == "pw.reset.id_wrong"
    for typed in ("528461", "528461"):
        phone.sends(typed)
    assert holds(hall, "739204")


def test_a_mark_that_is_not_the_owners_proves_nothing(hall: HallWorld) -> None:
    """Even if it got into the dialogue by some other way."""
    phone = Phone(hall, ORDINARY)
    for typed in ("CZMM", RIGHT):
        phone.sends(typed)
    step = phone.dialogue.step
    assert step is not None
    forged = replace(step, args={"certificate": hall.passwords.mark(Secret(WRONG))})
    phone.dialogue = replace(phone.dialogue, step=forged)
    for typed in ("528461", "528461"):
        phone.sends(typed)
    assert phone.texts[0] == "pw.reset.id_wrong"
    assert holds(hall, "739204")


def test_the_old_form_of_a_certificate_is_as_good_step_by_step(hall: HallWorld) -> None:
    """Fifteen digits, from before 1999."""
    old = RIGHT[:6] + RIGHT[8:17]
    hall.owners.certificates[ORDINARY] = Secret(old)  # the fake knows one form at a time
    phone = Phone(hall, ORDINARY)
    for typed in ("CZMM", old, "528461", "528461"):
        phone.sends(typed)
    assert phone.texts[0] == "pw.changed"


@pytest.mark.parametrize("new", ["888888", "380013", "990030", "739204"])
def test_the_rules_hold_for_a_reset_too(hall: HallWorld, new: str) -> None:
    """The old one is refused as well."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CZMM#{RIGHT}#{new}#{new}")
    assert phone.texts[0].startswith("pw.rule.")
    assert holds(hall, "739204")


def test_after_a_broken_rule_only_the_password_is_sent_again(hall: HallWorld) -> None:
    """The certificate was right."""
    phone = Phone(hall, ORDINARY)
    for text, answer in (
        (f"CZMM#{RIGHT}#888888#888888", "pw.rule.same"),
        ("528461", "pw.ask.again"),
        ("528461", "pw.changed"),
    ):
        phone.sends(text)
        assert phone.texts[0] == answer
        assert RIGHT not in str(phone.dialogue)
    assert holds(hall, "528461")


def test_wrong_certificates_are_counted_over_all_numbers_of_a_person(hall: HallWorld) -> None:
    """Three a day; then none of them is reset, with the right one either. Others' are."""
    for number, left in ((ORDINARY, 2), (FAMILY, 1)):
        phone = Phone(hall, number)
        assert f"今日还可尝试{left}次" in phone.sends(f"CZMM#{WRONG}#528461#528461")
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CZMM#{WRONG}#528461#528461")
    assert phone.texts[0] == "auth.id_locked"
    for number in (ORDINARY, FAMILY):
        phone = Phone(hall, number)
        phone.sends(f"CZMM#{RIGHT}#528461#528461")
        assert phone.texts[0] == "auth.id_locked"
        phone.sends("CZMM")
        assert phone.texts[0] == "auth.id_locked"
    assert holds(hall, "739204")
    other = Phone(hall, LI)
    other.sends("CZMM#110101198512124474#528461#528461")
    assert other.texts[0] == "pw.changed"


def test_a_day_later_it_may_be_tried_again(hall: HallWorld) -> None:
    """The right one did not have to wait for anything else."""
    phone = Phone(hall, ORDINARY)
    for _ in range(3):
        phone.sends(f"CZMM#{WRONG}#528461#528461")
    phone.now += 24 * 3600
    phone.sends(f"CZMM#{RIGHT}#528461#528461")
    assert phone.texts[0] == "pw.changed"


def test_a_dialogue_ends_with_the_third_wrong_certificate(hall: HallWorld) -> None:
    """What is typed afterwards is no answer to it."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CZMM")
    for _ in range(3):
        phone.sends(WRONG)
    assert phone.texts[0] == "auth.id_locked"
    assert phone.dialogue.step is None


@pytest.mark.parametrize(
    "state", [state for state in NumberState if state is not NumberState.NORMAL]
)
@pytest.mark.parametrize("text", ["CZMM", f"CZMM#{RIGHT}#528461#528461"])
def test_a_number_that_is_not_in_service_is_not_reset(
    hall: HallWorld, state: NumberState, text: str
) -> None:
    """And nothing is asked for in vain."""
    hall.alter(ORDINARY, state=state)
    phone = Phone(hall, ORDINARY)
    phone.sends(text)
    assert phone.texts[0] == "sv.err.status"
    assert holds(hall, "739204")


def test_it_is_for_ones_own_phone(hall: HallWorld) -> None:
    """A link that vouches for nobody's number resets nobody's password."""
    phone = Phone(hall, ORDINARY, asserted=False)
    phone.sends(f"CZMM#{RIGHT}#528461#528461")
    phone.sends("739204")
    assert phone.texts[0] == "sys.own_phone"
    assert holds(hall, "739204")


def test_no_step_of_the_dialogue_holds_certificate_or_password(hall: HallWorld) -> None:
    """It is stored in the open."""
    phone = Phone(hall, ORDINARY)
    for typed in ("CZMM", RIGHT, "528461"):
        phone.sends(typed)
        assert RIGHT not in str(phone.dialogue)
        assert "528461" not in str(phone.dialogue)


@pytest.mark.parametrize(
    ("registered", "sent"),
    [
        ("110101199003078515", "110101199003078515"),
        ("E12345678", "e12345678"),  # a passport, old and new
        ("EA1234567", "EA1234567"),
        ("H1234567801", "H1234567801"),  # 港澳居民来往内地通行证
        ("12345678", "12345678"),  # 台湾居民来往大陆通行证
        ("1234567", "军字第1234567号"),  # 军官证
    ],
)
def test_every_kind_of_certificate_resets(hall: HallWorld, registered: str, sent: str) -> None:
    """In one message and step by step; a wrong one of each kind counts."""
    hall.owners.certificates[ORDINARY] = Secret(registered)
    hall.passwords.certificates[ORDINARY] = Secret(registered)
    phone = Phone(hall, ORDINARY)
    phone.sends(f"MMCZ#{sent.replace('345', '543').replace('1990', '1991')}#528461#528461")
    assert phone.texts[0] == "pw.reset.id_wrong"
    phone.sends(f"MMCZ#{sent}#528461#528461")
    assert phone.texts[0] == "pw.changed"
    for text, answer in (("CZMM", "pw.ask.id"), (sent, "pw.ask.new")):
        phone.sends(text)
        assert phone.texts[0] == answer
