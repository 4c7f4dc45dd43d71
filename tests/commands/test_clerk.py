"""The clerk at the counter: proof, steps, confirms, and everything that comes in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import hourly
from commands.dialogue import Dialogue
from commands.ports import Matter, PasswordState, Verdict
from commands.text import understand
from commands.vocabulary import Channel, Confirm, Level, Secret
from tests.commands.fakes import NOW, FakeQuota, World, own_conf, world
from tests.commands.phone import Phone

ZHANG, LI, UNNAMED = "13800138001", "13800138002", "13800138003"
RICH = "13800138006"
PASSWORD = {ZHANG: "739204", LI: "123456", UNNAMED: "580317"}
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


@pytest.fixture
def hall() -> World:
    return world()


@pytest.fixture
def phone(hall: World) -> Phone:
    """Zhang's: real-named, with a strong password."""
    return Phone(hall, ZHANG)


def result(phone: Phone) -> str:
    assert phone.last is not None
    return phone.last.result


def story(phone: Phone, *lines: tuple[str, str]) -> None:
    """What is sent, and the first text that comes back."""
    for text, answer in lines:
        phone.sends(text)
        assert (text, phone.texts[:1]) == (text, [answer] if answer else [])


# -- proof: whose phone, whose number ------------------------------------------------------------


def test_ones_own_phone_is_proof_enough_for_a_question(phone: Phone) -> None:
    """R2: the network vouches for it."""
    assert "56.80" in phone.sends("YE")


def test_a_right_password_serves_any_number_from_any_phone(phone: Phone) -> None:
    """R1, on every channel; the password is advised to be deleted where it stays on the screen."""
    for channel in Channel:
        phone.channel = channel
        assert "12.50" in phone.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    phone.channel = Channel.SMS
    phone.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    assert phone.texts == ["q.balance.pre.ok", "auth.initial_tip", "auth.delete_tip"]


def test_another_number_without_its_password_is_refused(phone: Phone) -> None:
    """And not asked for: whoever types it next may be anybody."""
    story(phone, (f"CXYE#{LI}", "q.refuse.nopw"), ("123456", "help.lost"))
    assert phone.dialogue.step is None


def test_another_number_with_a_wrong_password_is_refused(phone: Phone) -> None:
    """And says nothing of the number."""
    answer = phone.sends(f"CXYE#{LI}#{PASSWORD[ZHANG]}")
    assert phone.texts == ["auth.pw_wrong", "auth.delete_tip"]
    assert "12.50" not in answer


def test_a_number_that_is_not_ours_has_no_right_password(phone: Phone) -> None:
    """It is told apart from no other: nobody finds out which numbers there are."""
    for text in ("auth.pw_wrong", "auth.pw_wrong", "auth.pw_locked", "auth.pw_locked"):
        story(phone, ("CXYE#13700000000#123456", text))


def test_ones_own_number_spelt_out_is_ones_own(phone: Phone) -> None:
    """With the country before it or not."""
    story(phone, (f"CXYE#{ZHANG}", "q.balance.pre.ok"), (f"YE 86{ZHANG}", "q.balance.pre.ok"))


def test_who_is_not_real_named_is_asked_for_the_password(hall: World) -> None:
    """R3: with the advice to register; typed, the question is answered."""
    phone = Phone(hall, UNNAMED)
    asked = phone.sends("YE")
    assert phone.texts == ["auth.not_realname"]
    assert "登记" in asked
    assert "3.00" in phone.sends(PASSWORD[UNNAMED])


def test_a_phone_that_nobody_vouches_for_is_no_proof(hall: World) -> None:
    """R2 holds for links that are trusted."""
    phone = Phone(hall, ZHANG, asserted=False)
    story(phone, ("YE", "auth.ask_pw"), (PASSWORD[ZHANG], "q.balance.pre.ok"))


def test_what_anybody_may_know_takes_no_proof(hall: World) -> None:
    """Not even a number of ours."""
    story(Phone(hall, "13700000000"), ("CD", "menu.main"))
    story(Phone(hall, UNNAMED), ("CD", "menu.main"))


# -- weak passwords ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "tips"),
    [
        (PasswordState(weak=True, initial=False), ["auth.weak_tip"]),
        (PasswordState(weak=True, initial=True), ["auth.initial_tip"]),
        (PasswordState(weak=False, initial=False), []),
    ],
)
def test_a_weak_password_is_served_first_and_reminded_of_afterwards(
    hall: World, state: PasswordState, tips: list[str]
) -> None:
    """R4: only to who has given it."""
    hall.passwords.states[LI] = state
    phone = Phone(hall, LI)
    phone.sends(f"YE#{PASSWORD[LI]}")
    assert phone.texts[0].startswith("q.balance")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
    other = Phone(hall, ZHANG)
    other.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    assert [text for text in other.texts[1:] if text != "auth.delete_tip"] == tips


# -- wrong passwords over several messages -------------------------------------------------------


def test_a_wrong_password_may_be_typed_again_until_it_locks(hall: World) -> None:
    """R5: the lock ends the dialogue, so that the next digits are no password."""
    phone = Phone(hall, UNNAMED)
    story(
        phone,
        ("YE", "auth.not_realname"),
        ("111222", "auth.pw_wrong"),
        ("111333", "auth.pw_wrong"),
        ("111444", "auth.pw_locked"),
    )
    assert phone.dialogue.step is None


def test_a_slip_of_the_finger_is_no_guess(hall: World) -> None:
    """Five digits, or seven: it is said what is wanted, and not counted."""
    phone = Phone(hall, UNNAMED)
    story(phone, ("YE", "auth.not_realname"))
    for slip in ("58031", "5803177", "5") * 2:
        story(phone, (slip, "auth.pw_shape"))
    assert hall.passwords.tries(UNNAMED).wrong == 0
    story(phone, (PASSWORD[UNNAMED], "q.balance.pre.ok"))


def test_a_lock_closes_what_takes_a_password_and_nothing_else(hall: World) -> None:
    """One's own phone goes on asking, and no password is changed."""
    owner, friend = Phone(hall, ZHANG), Phone(hall, LI)
    for guess in ("111222", "111333", "111444"):
        owner.sends(f"BK#{guess}")
    assert owner.texts[0] == "auth.pw_locked"
    story(owner, ("YE", "q.balance.pre.ok"), ("MMXG#739204#528461#528461", "auth.pw_locked"))
    story(friend, (f"CXYE#{ZHANG}#{PASSWORD[ZHANG]}", "q.balance.pre.ok"))
    owner.now += DAY
    story(owner, ("MMXG#739204#528461#528461", "pw.changed"))


def test_a_stranger_closes_the_password_for_strangers(hall: World) -> None:
    """The owner does on his own phone whatever he did before."""
    guesser, owner = Phone(hall, LI), Phone(hall, ZHANG)
    for guess in ("111222", "111333", "111444"):
        guesser.sends(f"CXYE#{ZHANG}#{guess}")
    assert guesser.texts[0] == "auth.pw_locked"
    story(guesser, (f"CXYE#{ZHANG}#{PASSWORD[ZHANG]}", "auth.pw_locked"))
    story(owner, ("YE", "q.balance.pre.ok"), ("MMXG#739204#528461#528461", "pw.changed"))
    story(owner, ("TJ#528461", "st.suspend.confirm"), ("Y", "st.suspend.ok"))
    guesser.now += DAY
    story(guesser, (f"CXYE#{ZHANG}#528461", "q.balance.pre.ok"))


def test_a_right_password_forgives_the_wrong_ones(hall: World) -> None:
    """On the phone that gave it."""
    phone = Phone(hall, UNNAMED)
    for _ in range(3):
        story(phone, ("YE#111222", "auth.pw_wrong"), ("YE#111333", "auth.pw_wrong"))
        story(phone, (f"YE#{PASSWORD[UNNAMED]}", "q.balance.pre.ok"))


# -- step by step --------------------------------------------------------------------------------


def test_a_step_waits_ten_minutes(hall: World) -> None:
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
    assert phone.dialogue.step.level is Level.A2
    story(phone, ("528461", "pw.ask.again"), ("528461", "pw.changed"))


def test_a_step_of_a_new_password_waits_for_the_old_one_first(hall: World, phone: Phone) -> None:
    """A wrong old one is refused and may be typed again; nothing is changed before."""
    story(
        phone,
        ("MMXG", "pw.ask.old"),
        ("605193", "auth.pw_wrong"),
        (PASSWORD[ZHANG], "pw.ask.new"),
        ("528461", "pw.ask.again"),
    )
    assert hall.passwords.matches(ZHANG, Secret(PASSWORD[ZHANG]))


def test_a_refused_entry_is_asked_for_again_and_no_other(hall: World, phone: Phone) -> None:
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


def test_after_the_password_a_refusal_ends_the_dialogue(hall: World) -> None:
    """It was right: the next six digits are something else."""
    hall.alter(UNNAMED, balance_fen=0)
    phone = Phone(hall, UNNAMED)
    phone.sends("KTEDU40")
    assert phone.texts == ["auth.not_realname"]
    phone.sends(PASSWORD[UNNAMED])
    assert phone.texts[0] == "sv.err.balance"
    assert phone.dialogue == Dialogue()


# -- confirms ------------------------------------------------------------------------------------


def test_what_costs_is_proposed_and_done_only_when_it_is_said(hall: World) -> None:
    """C2: the order waits, with its proof and its terms; the yes consumes it."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    assert (order.phone, order.subject, order.level) == (LI, LI, Level.A1)
    assert phone.last is not None
    assert phone.last.proposed == order.id
    assert phone.dialogue.pending[0].confirm is Confirm.TWICE
    assert hall.accounts.charges == []
    story(phone, ("是", "sv.ok"))
    assert hall.orders.answers == [(order.id, "是")]
    assert (hall.orders.placed, phone.dialogue.pending) == ({}, ())
    assert [charge[3] for charge in hall.accounts.charges] == [order.id]


@pytest.mark.parametrize("word", ["Y", "1", "是的", "好", "N", "否", "要", "0"])
def test_the_second_confirmation_takes_one_word(hall: World, word: str) -> None:
    """Everything else orders nothing, and the order is gone."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), (word, "sv.not_ordered"))
    assert (hall.orders.placed, hall.accounts.charges) == ({}, [])
    phone.sends("是")
    assert hall.accounts.charges == []


@pytest.mark.parametrize("word", ["Y", "y", "是", "1", "Ｙ"])
def test_a_single_confirmation_takes_any_yes(hall: World, word: str) -> None:
    """C1: it costs nothing."""
    hall.chance.draws = ["528461"]
    phone = Phone(hall, ZHANG)
    story(phone, ("2010", "pw.random.confirm"), (word, "pw.random"))
    assert hall.passwords.matches(ZHANG, Secret("528461"))


@pytest.mark.parametrize(
    ("text", "yes", "waits", "answer"),
    [("2010", "Y", 10 * MINUTE, "confirm.expired"), ("KTEDU40", "是", DAY, "sv.expired")],
)
def test_a_late_yes_is_too_late(hall: World, text: str, yes: str, waits: int, answer: str) -> None:
    """To the second, and it says so; a moment before it is not."""
    hall.chance.draws = ["528461"]
    late, early = Phone(hall, ZHANG), Phone(hall, LI)
    for phone in (late, early):
        phone.sends(text)
    late.now += waits
    story(late, (yes, answer))
    assert (result(late), len(hall.orders.placed)) == ("expired", 1)
    early.now += waits - 1
    early.sends(yes)
    assert result(early) == "ok"


def test_a_yes_twice_is_one_yes(hall: World) -> None:
    """The second is an answer to nothing."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("是", "sv.ok"))
    phone.sends("是")
    assert result(phone) == "unknown"
    assert len(hall.accounts.charges) == 1


def test_a_yes_from_a_stale_dialogue_finds_no_order(hall: World) -> None:
    """The dialogue was lost and an older one came back: nothing happens twice."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    stale = phone.dialogue
    story(phone, ("是", "sv.ok"))
    phone.dialogue = stale
    story(phone, ("是", "confirm.gone"))
    assert result(phone) == "gone"
    assert phone.dialogue.pending == ()
    assert len(hall.accounts.charges) == 1


def test_a_newer_order_of_the_kind_takes_the_olders_place(hall: World) -> None:
    """One yes buys one thing: the last that was shown."""
    phone = Phone(hall, RICH)
    phone.sends("KTEDU40")
    first = next(iter(hall.orders.placed))
    phone.sends("KTEDU100")
    assert first not in hall.orders.placed
    assert len(phone.dialogue.pending) == 1
    phone.sends("是")
    assert "EDU100" in hall.running(RICH)
    assert "EDU40" not in hall.running(RICH)


def test_a_question_in_between_leaves_the_order_waiting(hall: World) -> None:
    """And so do a word nobody knows and a menu: only an answer answers."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("YE", "q.balance.pre.ok"), ("CXTC", "q.plan"))
    assert len(phone.dialogue.pending) == 1
    story(phone, ("是", "sv.ok"))


def test_orders_of_two_kinds_wait_side_by_side(hall: World) -> None:
    """Each has its own word; the other one waits on."""
    hall.chance.draws = ["528461"]
    phone = Phone(hall, LI)
    story(
        phone,
        ("KTEDU40", "sv.confirm"),
        ("2010", "pw.random.confirm"),
        ("Y", "pw.random"),
    )
    assert [pending.action for pending in phone.dialogue.pending] == ["sv.order"]
    story(phone, ("是", "sv.ok"))
    assert phone.dialogue.pending == ()


def test_a_no_is_for_what_was_asked_last(hall: World) -> None:
    """The older order waits on."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("2010", "pw.random.confirm"), ("N", "pw.random.kept"))
    assert [pending.action for pending in phone.dialogue.pending] == ["sv.order"]


def test_an_order_is_carried_out_as_it_was_placed(hall: World) -> None:
    """By its number, its channel, its interface and its proof, whichever brings the yes."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    phone.interface = "18"
    story(phone, ("是", "sv.ok"))
    assert hall.accounts.charges[0][3] == order.id
    assert order.interface == "10"


def test_an_order_keeps_no_proof(hall: World) -> None:
    """Its level says what was proven; a password is not needed for that."""
    phone = Phone(hall, UNNAMED)
    hall.alter(UNNAMED, balance_fen=10_000)
    story(phone, (f"KTEDU40#{PASSWORD[UNNAMED]}", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    assert order.level == Level.A2
    assert not any(isinstance(value, Secret) for value in order.args.values())


def test_what_can_no_longer_be_done_is_refused_at_the_yes(hall: World) -> None:
    """The order is consumed; nothing was charged."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    hall.alter(LI, balance_fen=0)
    story(phone, ("是", "sv.err.balance"))
    assert (hall.orders.placed, hall.accounts.charges) == ({}, [])
    assert result(phone) == "refused"


def test_a_price_that_changed_since_is_not_charged(hall: World) -> None:
    """What was agreed to is what is done."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    dearer = replace(hall.catalogue.services["EDU40"], fee_fen=9_900)
    services = {**hall.catalogue.services, "EDU40": dearer}
    hall.catalogue = replace(hall.catalogue, services=services)
    hall.alter(LI, balance_fen=100_000)
    story(phone, ("是", "sv.err.changed"))
    assert hall.accounts.charges == []


# -- not understood, and too much ----------------------------------------------------------------


def test_an_unknown_text_offers_what_it_may_have_meant(hall: World) -> None:
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


class Strict(FakeQuota):
    """Allows what it is told to."""

    verdict = Verdict(allowed=True)

    def take(self, msisdn: str, now: int, matter: Matter) -> Verdict:
        return self.verdict


def test_who_asks_too_often_is_told_once_and_then_left_alone(
    hall: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every channel's count; a menu that is not understood is none."""
    quota = Strict()
    monkeypatch.setattr(hall, "hall", lambda: replace(World.hall(hall), quota=quota))
    story(phone, ("YE", "q.balance.pre.ok"))
    quota.verdict = Verdict(allowed=False, tell=True, minutes=12)
    assert "12" in phone.sends("YE")
    quota.verdict = Verdict(allowed=False)
    assert phone.sends("YE") == ""
    assert result(phone) == "limited"
    assert phone.now == NOW


SAID = [
    ("YE", Matter.QUESTION),
    ("CXXD", Matter.QUESTION),
    ("ZF#LL30", Matter.QUESTION),
    ("0000", Matter.QUESTION),
    ("CD", Matter.QUESTION),
    ("我的余额还有多少", Matter.UNCLEAR),  # guessed
    ("怎么没有这样的业务", Matter.UNCLEAR),
    ("MMXG#123", Matter.UNCLEAR),  # does not fit
    ("是", Matter.UNCLEAR),  # to nothing
    ("KTLL10", Matter.CHANGE),
    ("KQYX", Matter.CHANGE),
    ("YZM", Matter.CHANGE),
    ("TJ", Matter.SAFETY),
    ("GS#13800138002#123456", Matter.SAFETY),
    ("QXCL", Matter.SAFETY),
    ("501", Matter.SAFETY),
    ("JSYX", Matter.SAFETY),
    ("RG", Matter.SAFETY),
]


@pytest.mark.parametrize(("text", "matter"), SAID)
def test_what_a_message_takes_of_its_hour(text: str, matter: Matter) -> None:
    """What only answers, what changes something, and what protects are counted apart."""
    register = own_conf().register
    assert hourly.matter_of(understand(text, Dialogue(), register)) is matter


def test_answers_to_what_we_asked_are_never_mere_questions(hall: World) -> None:
    """A yes, a no, a password: whoever is silenced can still finish what was begun."""
    phone, register = Phone(hall, ZHANG), own_conf().register
    phone.sends("KTLL10")
    for word in ("是", "N", "0"):
        assert hourly.matter_of(understand(word, phone.dialogue, register)) is Matter.SAFETY
    phone.sends("TJ")
    assert hourly.matter_of(understand("739204", phone.dialogue, register)) is Matter.SAFETY


@pytest.mark.parametrize("channel", [Channel.USSD, Channel.VOICE])
def test_only_questions_are_counted_on_screens_and_calls(
    hall: World, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left before a silent screen."""
    quota = Strict()
    quota.verdict = Verdict(allowed=False, minutes=12)
    monkeypatch.setattr(hall, "hall", lambda: replace(World.hall(hall), quota=quota))
    interface = {Channel.USSD: "18", Channel.VOICE: "15"}[channel]
    phone = Phone(hall, ZHANG, channel=channel, interface=interface)
    phone.sends("YE")
    assert phone.texts == ["help.many"]
    for text in ("怎么没有这样的业务", "QXCL", "KTLL10"):
        assert phone.sends(text)
        assert phone.texts != ["help.many"]


def test_a_forged_sender_takes_nothing_from_its_owners_hour(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that nobody vouches for have an hour of their own."""
    asked: list[str] = []

    class Listening(FakeQuota):
        def take(self, msisdn: str, now: int, matter: Matter) -> Verdict:
            asked.append(msisdn)
            return Verdict(allowed=True)

    monkeypatch.setattr(hall, "hall", lambda: replace(World.hall(hall), quota=Listening()))
    Phone(hall, ZHANG, asserted=False).sends("YE")
    Phone(hall, ZHANG).sends("YE")
    assert len(set(asked)) == 2
    assert asked[1] == ZHANG
