"""A turn of a subscriber: parameters asked step by step, and what was not understood."""

from __future__ import annotations

from commands.model.dialogue import Dialogue
from commands.model.request import AuthLevel, Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone, result, story

ZHANG, LI, UNNAMED = "13800138001", "13800138002", "13800138003"
PASSWORD = {ZHANG: "739204", LI: "123456", UNNAMED: "580317"}
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def test_a_step_waits_ten_minutes(hall: HallWorld) -> None:
    """Then the digits are no password any more."""
    for later, answer in ((10 * MINUTE - 1, "q.balance.pre.ok"), (10 * MINUTE, "step.expired")):
        phone = Phone(hall, UNNAMED)
        story(phone, ("YE", "auth.not_realname"))
        phone.now += later
        story(phone, (PASSWORD[UNNAMED], answer))


def test_another_command_ends_the_waiting(phone: Phone) -> None:
    """It is what the subscriber wants now."""
    story(phone, ("MMXG", "pw.ask.old"), ("2010", "pw.random.confirm"))
    assert phone.dialogue.step is None
    phone.sends(PASSWORD[ZHANG])
    assert phone.texts != ["pw.ask.new"]


def test_what_is_gathered_is_kept_as_marks(phone: Phone) -> None:
    """The dialogue is no place for secrets."""
    story(
        phone, ("MMXG", "pw.ask.old"), (PASSWORD[ZHANG], "pw.ask.new"), ("528461", "pw.ask.again")
    )
    for secret in (PASSWORD[ZHANG], "528461"):
        assert secret not in repr(phone.dialogue)


def test_a_step_keeps_the_proof_that_was_given(phone: Phone) -> None:
    """Who has given the old password is not asked for it again."""
    story(phone, ("MMXG", "pw.ask.old"), (PASSWORD[ZHANG], "pw.ask.new"))
    assert phone.dialogue.step is not None
    assert phone.dialogue.step.level is AuthLevel.A2
    story(phone, ("528461", "pw.ask.again"), ("528461", "pw.changed"))


def test_a_step_of_a_new_password_waits_for_the_old_one_first(
    hall: HallWorld, phone: Phone
) -> None:
    """A wrong old one is refused and may be typed again; nothing is changed before."""
    story(
        phone,
        ("MMXG", "pw.ask.old"),
        ("605193", "auth.pw_wrong"),
        (PASSWORD[ZHANG], "pw.ask.new"),
        ("528461", "pw.ask.again"),
    )
    assert hall.passwords.matches(ZHANG, Secret(PASSWORD[ZHANG]))


def test_a_refused_entry_is_asked_for_again_and_no_other(hall: HallWorld, phone: Phone) -> None:
    """R8, each rule; what has been given stays given."""
    story(phone, ("MMXG", "pw.ask.old"), (PASSWORD[ZHANG], "pw.ask.new"))
    for bad, rule in (
        ("111111", "pw.rule.same"),
        ("123456", "pw.rule.run"),
        ("654321", "pw.rule.run"),
        ("112233", "pw.rule.pattern"),
        ("123123", "pw.rule.pattern"),
        ("121212", "pw.rule.pattern"),
        ("138001", "pw.rule.phone"),
        ("100831", "pw.rule.phone"),
        ("078515", "pw.rule.id"),
        ("515870", "pw.rule.id"),
        ("520131", "pw.rule.listed"),
        (PASSWORD[ZHANG], "pw.rule.old"),
        ("52846", "pw.rule.len"),
    ):
        story(phone, (bad, rule))
    story(phone, ("528461", "pw.ask.again"), ("528462", "pw.mismatch"), ("528461", "pw.changed"))
    assert hall.passwords.matches(ZHANG, Secret("528461"))


def test_after_the_password_a_refusal_ends_the_dialogue(hall: HallWorld) -> None:
    """It was right: the next six digits are something else."""
    hall.alter(UNNAMED, balance_fen=0)
    phone = Phone(hall, UNNAMED)
    phone.sends("KTEDU40")
    assert phone.texts == ["auth.not_realname"]
    phone.sends(PASSWORD[UNNAMED])
    assert phone.texts[0] == "sv.err.balance"
    assert phone.dialogue == Dialogue()


def test_an_unknown_text_offers_what_it_may_have_meant(hall: HallWorld) -> None:
    """By number, for a day; a number that is not in the list is told."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU", "help.unknown"))
    assert result(phone) == "unknown"
    choice = phone.dialogue.choice
    assert choice is not None
    assert choice.items == ("KTEDU40", "KTEDU100")
    story(phone, ("9", "un.bad_no"))
    phone.now += DAY
    story(phone, ("1", "list.expired"))
    story(phone, ("KTEDU", "help.unknown"), ("1", "sv.confirm"), ("是", "sv.ok"))
    assert "EDU40" in hall.running(LI)


def test_a_command_that_does_not_fit_is_told_its_form(phone: Phone) -> None:
    """With an example that works."""
    words = phone.sends("MMXG#123")
    assert phone.texts[0] == "help.format"
    assert "MMXG#" in words
