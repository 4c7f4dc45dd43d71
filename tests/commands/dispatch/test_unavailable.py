"""What cannot be had yet is not promised: it says so at once, and what can be had instead."""

from __future__ import annotations

import shutil

import pytest

from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE
from commands.model.request import SELF_SERVICE, Channel
from gateway.config import business
from tests.commands.fakes import OWN_CONF, SIGNATURE, HallWorld, built_conf, own_conf
from tests.commands.phone import Phone

ORDINARY, UNREGISTERED, BLACK, STOPPED = (
    "13800138001", "13800138003", "13800138007", "13800138008",
)  # fmt: skip
TEXTS = [
    ("CXXD", "q.detail"), ("CXXD#202610", "q.detail"), ("XD#739204", "q.detail"),
    ("详单", "q.detail"), ("CXXD#13800138002#123456", "q.detail"), ("CXXD#1", "q.detail"),
    ("通话记录", "q.detail"),
]  # fmt: skip
REMINDERS = [
    ("KTYETX#20", "sv.reminder"), ("KTYETX", "sv.reminder"), ("107#5", "sv.reminder"),
    ("KTYETX#0", "sv.reminder"), ("余额提醒", "sv.reminder"), ("KTYETX#20#739204", "sv.reminder"),
    ("SFTX", "charges.on"), ("258172", "charges.on"),
]  # fmt: skip
REASONS = {
    "q.detail": "q.detail.unavailable",
    "sv.reminder": "sv.reminder.unavailable",
    "charges.on": "charges.unavailable",
}


@pytest.fixture(scope="module")
def without_reminders(tmp_path_factory: pytest.TempPathFactory) -> CommandRegister:
    """Of an operator where nobody reminds."""
    folder = tmp_path_factory.mktemp("conf") / "conf"
    shutil.copytree(OWN_CONF, folder, ignore=shutil.ignore_patterns("var"))
    sheet = folder / "commands.yaml"
    text = sheet.read_text(encoding="utf-8")
    for row in ("sv.reminder", "charges.on"):
        text = text.replace(f"  {row}:\n", f"  {row}:\n    unavailable: {REASONS[row]}\n", 1)
    sheet.write_text(text, encoding="utf-8")
    return business.load(folder, signature=SIGNATURE).register


@pytest.mark.parametrize("number", [ORDINARY, UNREGISTERED, BLACK, STOPPED])
@pytest.mark.parametrize(("text", "action"), [*TEXTS, *REMINDERS])
def test_it_is_told_at_once(
    hall: HallWorld, number: str, text: str, action: str, without_reminders: CommandRegister
) -> None:
    """Whoever asks, and without password or confirm; nothing is kept of it."""
    phone = Phone(hall, number, register=without_reminders)
    phone.sends(text)
    assert phone.texts[0] == REASONS[action]
    assert phone.last is not None
    assert (phone.last.action, phone.last.result) == (action, "refused")
    assert phone.dialogue == NO_DIALOGUE
    assert (hall.preferences.said, hall.orders.placed, hall.attempts.struck) == ([], {}, [])
    assert phone.sends("是") == phone.sends("Y")  # nothing waits for it


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("channel", list(SELF_SERVICE))
@pytest.mark.parametrize("text", ["CXXD", "KTYETX#20", "SFTX"])
def test_on_every_channel_with_a_way_on(
    hall: HallWorld,
    text: str,
    channel: Channel,
    language: str,
    without_reminders: CommandRegister,
) -> None:
    """A query that answers, or a person."""
    hall.alter(ORDINARY, language=language)
    interface = {Channel.SMS: "10", Channel.USSD: "18", Channel.VOICE: "15"}[channel]
    phone = Phone(hall, ORDINARY, channel=channel, interface=interface, register=without_reminders)
    words = phone.sends(text)
    assert ("暂不能" if language == "zh" else "cannot be had") in words
    if channel is Channel.SMS:
        assert "RG" in words
        assert any(code in words for code in ("CXYE", "CXHF", "CXZD"))
    else:
        assert any(name in words for name in ("余额", "话费", "账单", "balance", "charges", "bill"))


@pytest.mark.parametrize(
    ("ordered", "cancel", "answer"),
    [
        ("KTYETX#20", ("QXYETX", "Y"), "sv.cancel.ok"),
        ("SFTX", ("QXSFTX",), "charges.off"),
    ],
)
def test_what_was_ordered_while_it_could_be_is_cancelled(
    hall: HallWorld,
    ordered: str,
    cancel: tuple[str, ...],
    answer: str,
    without_reminders: CommandRegister,
) -> None:
    """And the way back is not told."""
    before = Phone(hall, ORDINARY, register=built_conf().register)
    for text in (ordered, "Y"):
        before.sends(text)
    phone = Phone(hall, ORDINARY, register=without_reminders)
    for text in cancel:
        words = phone.sends(text)
    assert phone.texts[0] == answer
    assert ordered.split("#")[0] not in words.replace("QXSFTX", "")
    assert "YETX" not in hall.running(ORDINARY)


def test_a_yes_to_what_was_asked_before_orders_nothing(
    hall: HallWorld, without_reminders: CommandRegister
) -> None:
    """It could be had when the confirm was asked for, and cannot when it is answered."""
    phone = Phone(hall, ORDINARY, register=built_conf().register)
    phone.sends("KTYETX#20")
    assert phone.texts == ["sv.reminder.confirm"]
    phone.register = without_reminders
    phone.sends("Y")
    assert phone.texts == ["sv.reminder.unavailable"]
    assert hall.preferences.said == []
    assert "YETX" not in hall.running(ORDINARY)


def test_a_step_that_waited_goes_no_further(hall: HallWorld) -> None:
    """A password is not looked at for nothing."""
    phone = Phone(hall, ORDINARY, register=built_conf().register)
    phone.sends("CXXD")
    assert phone.texts == ["auth.ask_pw"]
    phone.register = own_conf().register
    phone.sends("000001")
    assert phone.texts[0] == "q.detail.unavailable"
    assert hall.attempts.struck == []


def test_no_menu_and_no_text_offers_it() -> None:
    """What cannot be had is not in the book, nor among the codes that answers tell."""
    menus = (OWN_CONF / "menus").glob("*.yaml")
    lines = [line for path in menus for line in path.read_text(encoding="utf-8").splitlines()]
    offered = [line for line in lines if not line.strip().startswith("#")]
    assert not [line for line in offered if "run: q.detail" in line]
    replies = [p.read_text(encoding="utf-8") for p in (OWN_CONF / "replies").rglob("*.yaml")]
    told = [line for text in replies for line in text.splitlines()]
    assert [line for line in told if "CXXD" in line] == []
