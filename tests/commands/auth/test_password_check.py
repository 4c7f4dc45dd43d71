"""Who may do what: the proof an operation demands, and the lock after wrong passwords."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.auth import password_check
from commands.auth.required_level import required_level
from commands.model.credentials import PasswordState, PasswordTries
from commands.model.request import SELF_SERVICE, AuthLevel, Channel, Refusal, Reply, Request, Secret
from tests.commands.fakes import NOW, HallWorld, an_account, own_conf, world

ZHANG, LI = "13800138001", "13800138002"
RIGHT, WRONG = Secret("739204"), Secret("605193")
HOUR, DAY = 3600, 24 * 3600


def a_request(
    phone: str = ZHANG,
    *,
    now: int = NOW,
    channel: Channel = Channel.SMS,
    asserted: bool = True,
    subject: str = ZHANG,
) -> Request:
    """About Zhang, from whatever phone."""
    spec = own_conf().register.specs["q.balance"]
    return Request(1, now, channel, "10", phone, subject, spec, asserted=asserted)


def enter(hall: HallWorld, password: Secret, **where: object) -> Reply | None:
    """The refusal, or None if the password was right."""
    try:
        password_check.check_password(a_request(**where), password, hall.hall())  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.reply
    return None


def said(reply: Reply | None) -> tuple[str, object] | None:
    return None if reply is None else (reply.text, next(iter(reply.facts.values())))


# -- which proof ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "named", "listed", "needed"),
    [
        (True, True, AuthLevel.A1, AuthLevel.A1),
        (True, True, AuthLevel.A2, AuthLevel.A2),
        (True, True, AuthLevel.A3, AuthLevel.A3),
        (True, False, AuthLevel.A1, AuthLevel.A2),  # R3
        (True, False, AuthLevel.A3, AuthLevel.A3),
        (False, True, AuthLevel.A1, AuthLevel.A2),  # R1
        (False, False, AuthLevel.A1, AuthLevel.A2),
        (False, True, AuthLevel.A3, AuthLevel.A3),
    ],
)
def test_the_proof_that_a_request_needs(
    own: bool, named: bool, listed: AuthLevel, needed: AuthLevel
) -> None:
    """Another number, or one that is not real-named, needs the password wherever a phone would
    do."""
    request = a_request(ZHANG if own else LI)
    assert required_level(request, an_account(real_named=named), listed) is needed


@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(AuthLevel))
def test_never_less_than_what_is_listed(
    own: bool, named: bool, asserted: bool, listed: AuthLevel
) -> None:
    """And never the phone alone, if nobody vouches for it."""
    request = a_request(ZHANG if own else LI, asserted=asserted)
    needed = required_level(request, an_account(real_named=named), listed)
    assert needed >= listed
    assert asserted or needed >= AuthLevel.A2


# -- wrong passwords -----------------------------------------------------------------------------


def test_the_right_password_opens(hall: HallWorld) -> None:
    """From any phone, on any channel."""
    assert enter(hall, RIGHT) is None
    assert enter(hall, RIGHT, phone=LI, channel=Channel.VOICE) is None


def test_the_third_wrong_one_locks_for_a_day(hall: HallWorld) -> None:
    """What is left is told until then; the hours afterwards."""
    told = [said(enter(hall, WRONG)) for _ in range(3)]
    assert told == [("auth.pw_wrong", 2), ("auth.pw_wrong", 1), ("auth.pw_locked", 24)]


STRANGERS: list[dict[str, object]] = [
    {"phone": LI, "channel": Channel.SMS},
    {"phone": "13800138003", "channel": Channel.USSD},
    {"phone": "", "channel": Channel.VOICE, "asserted": False},  # withheld
]


def test_strangers_share_one_count_wherever_they_are(hall: HallWorld) -> None:
    """Three phones, three channels, one number: a guess more than that is nobody's."""
    told = [said(enter(hall, WRONG, **where)) for where in STRANGERS]
    assert told == [("auth.pw_wrong", 2), ("auth.pw_wrong", 1), ("auth.pw_locked", 24)]
    for where in STRANGERS:
        assert said(enter(hall, RIGHT, **where)) == ("auth.pw_locked", 24)
    assert enter(hall, RIGHT, phone=LI, now=NOW + DAY) is None


def test_strangers_close_nothing_on_the_owners_phone(hall: HallWorld) -> None:
    """Which keeps its own three tries, on whatever channel."""
    for where in STRANGERS * 3:
        enter(hall, WRONG, **where)
    assert enter(hall, RIGHT) is None
    told = [said(enter(hall, WRONG, channel=channel)) for channel in SELF_SERVICE]
    assert told == [("auth.pw_wrong", 2), ("auth.pw_wrong", 1), ("auth.pw_locked", 24)]


def test_the_owners_own_mistakes_close_his_phone_and_leave_the_others(hall: HallWorld) -> None:
    """Whoever found his phone guesses there; from another he can still stop it."""
    for _ in range(3):
        enter(hall, WRONG)
    assert said(enter(hall, RIGHT, channel=Channel.VOICE)) == ("auth.pw_locked", 24)
    assert enter(hall, RIGHT, phone=LI) is None


def test_a_number_that_nobody_vouches_for_is_a_stranger(hall: HallWorld) -> None:
    """Who forges the owner's number does not close his phone."""
    for _ in range(3):
        refused = enter(hall, WRONG, asserted=False)
    assert said(refused) == ("auth.pw_locked", 24)
    assert enter(hall, RIGHT) is None


def test_both_are_told_whose_phone_it_still_opens_from(hall: HallWorld) -> None:
    """The owner hears of his own lock, a stranger of the strangers'."""
    for phone in (ZHANG, LI):
        for _ in range(3):
            refused = enter(hall, WRONG, phone=phone)
        assert refused is not None
        words = own_conf().words.say([refused], Channel.SMS, "zh")
        assert ("本机查询不受影响" in words) == (phone == ZHANG)
        assert ("只能在机主本机上使用" in words) == (phone == LI)


@pytest.mark.parametrize(
    ("wrong", "right", "left"),
    [
        ([ZHANG, ZHANG], ZHANG, {ZHANG: 2, LI: 2}),
        ([LI, LI], LI, {ZHANG: 2, LI: 2}),
        ([LI, "13800138003"], LI, {ZHANG: 2, LI: 0}),  # somebody else guesses beside her
        ([LI, LI], "13800138003", {ZHANG: 2, LI: 0}),
        ([LI, LI], ZHANG, {ZHANG: 2, LI: 0}),  # he asks all day, and they guess all day
        ([ZHANG, ZHANG], LI, {ZHANG: 0, LI: 2}),  # whoever found his phone guesses on
    ],
)
def test_a_right_password_forgives_the_slips_of_its_own_phone(
    hall: HallWorld, wrong: list[str], right: str, left: dict[str, int]
) -> None:
    """And nobody else's: a guesser gains nothing by those who know it. `left`: what the next wrong
    one leaves."""
    for phone in wrong:
        enter(hall, WRONG, phone=phone)
    assert enter(hall, RIGHT, phone=right) is None
    for phone, more in left.items():
        text = "auth.pw_wrong" if more else "auth.pw_locked"
        assert said(enter(hall, WRONG, phone=phone)) == (text, more or 24)


def test_who_withholds_the_number_is_forgiven_nothing(hall: HallWorld) -> None:
    """They may be anybody."""
    withheld: dict[str, object] = {"phone": "", "channel": Channel.VOICE, "asserted": False}
    for _ in range(2):
        enter(hall, WRONG, **withheld)
    assert enter(hall, RIGHT, **withheld) is None
    assert said(enter(hall, WRONG, **withheld)) == ("auth.pw_locked", 24)


def test_slips_from_before_a_lock_are_not_forgiven_for_others(hall: HallWorld) -> None:
    """Her three closed it once; after that only what came since counts as hers."""
    short = replace(hall.settings, lock=HOUR)
    hall.settings = short
    for _ in range(3):
        enter(hall, WRONG, phone=LI)
    later = NOW + HOUR + 1
    enter(hall, WRONG, phone=LI, now=later)
    enter(hall, WRONG, phone="13800138003", now=later)
    assert enter(hall, RIGHT, phone=LI, now=later) is None
    assert said(enter(hall, WRONG, phone=LI, now=later)) == ("auth.pw_locked", 1)


@given(
    st.lists(
        st.tuples(st.sampled_from([ZHANG, LI, "13800138003"]), st.booleans(), st.integers(0, DAY)),
        max_size=20,
    )
)
def test_no_order_of_tries_gives_strangers_more_or_the_owner_less(
    entries: list[tuple[str, bool, int]],
) -> None:
    """Strangers have three guesses in any 24 hours, and the owner's door hears nothing of them."""
    both, alone = world(), world()
    now, guesses = NOW, list[int]()
    for phone, right, pause in entries:
        now += pause
        refused = enter(both, RIGHT if right else WRONG, phone=phone, now=now)
        if phone == ZHANG:
            same = enter(alone, RIGHT if right else WRONG, phone=phone, now=now)
            assert refused == same
        elif refused is not None and refused.text == "auth.pw_wrong":
            guesses = [at for at in guesses if now - at < DAY] + [now]
        elif refused is None:
            guesses = []  # who knows it may forgive; by whom is asked above
        assert len(guesses) <= 2  # the third is told as a lock


def test_each_number_has_its_own_count(hall: HallWorld) -> None:
    """Zhang's mistakes do not lock Li."""
    for _ in range(3):
        enter(hall, WRONG)
    assert enter(hall, Secret("123456"), phone=LI, subject=LI) is None


def test_while_it_is_locked_even_the_right_one_opens_nothing(hall: HallWorld) -> None:
    """A guesser must not learn from us which it was; and trying on makes it no longer."""
    for _ in range(3):
        enter(hall, WRONG)
    for later in (1, HOUR, DAY - 1):
        for password in (RIGHT, WRONG):
            refused = enter(hall, password, now=NOW + later)
            assert refused is not None
            assert refused.text == "auth.pw_locked"
    assert enter(hall, RIGHT, now=NOW + DAY) is None


@pytest.mark.parametrize(
    ("later", "hours"), [(0, 24), (1, 24), (HOUR, 23), (HOUR + 1, 23), (DAY - 1, 1)]
)
def test_the_hours_that_are_left_are_rounded_up(hall: HallWorld, later: int, hours: int) -> None:
    """Never promised too early."""
    for _ in range(3):
        enter(hall, WRONG)
    assert said(enter(hall, RIGHT, now=NOW + later)) == ("auth.pw_locked", hours)


def test_after_the_lock_there_are_three_tries_again(hall: HallWorld) -> None:
    """The count begins anew."""
    for _ in range(3):
        enter(hall, WRONG)
    told = [said(enter(hall, WRONG, now=NOW + DAY)) for _ in range(3)]
    assert told == [("auth.pw_wrong", 2), ("auth.pw_wrong", 1), ("auth.pw_locked", 24)]


def test_after_a_shorter_lock_as_well(hall: HallWorld) -> None:
    """Those that it was made for are not counted twice."""
    short = replace(hall.hall(), settings=replace(hall.hall().settings, lock=HOUR))
    for later in (0, 0, 0, HOUR, HOUR):
        with pytest.raises(Refusal) as refused:
            password_check.check_password(replace(a_request(), now=NOW + later), WRONG, short)
    assert said(refused.value.reply) == ("auth.pw_wrong", 1)


def test_a_success_clears_the_count(hall: HallWorld) -> None:
    """Two slips and the right one are no guessing."""
    for _ in range(3):
        for _ in range(2):
            enter(hall, WRONG)
        assert enter(hall, RIGHT) is None
    assert hall.passwords.tries(ZHANG) == PasswordTries()


@pytest.mark.parametrize(("third", "text"), [(DAY - 1, "auth.pw_locked"), (DAY, "auth.pw_wrong")])
def test_only_what_happened_within_a_day_counts(hall: HallWorld, third: int, text: str) -> None:
    """Counted back from each wrong one."""
    enter(hall, WRONG)
    enter(hall, WRONG, now=NOW + DAY // 2)
    refused = enter(hall, WRONG, now=NOW + third)
    assert refused is not None
    assert refused.text == text


def test_the_day_slides_along(hall: HallWorld) -> None:
    """Not from the first one on: the last three lie within one day."""
    for later in (0, 20 * HOUR, 25 * HOUR):
        refused = enter(hall, WRONG, now=NOW + later)
        assert refused is not None
        assert refused.text == "auth.pw_wrong"
    assert said(enter(hall, WRONG, now=NOW + 26 * HOUR)) == ("auth.pw_locked", 24)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2 * DAY)), max_size=12))
def test_nobody_guesses_more_than_a_few_times_a_day(entries: list[tuple[bool, int]]) -> None:
    """Whatever the pauses: three wrong ones within 24 hours, and then the lock."""
    hall, now = world(), NOW
    guesses: list[int] = []
    for right, pause in entries:
        now += pause
        locked = hall.passwords.tries(ZHANG).locked_until > now
        refused = enter(hall, RIGHT if right else WRONG, now=now)
        if locked:
            assert refused is not None
            assert refused.text == "auth.pw_locked"
        elif right:
            assert refused is None
            guesses.clear()
        else:
            guesses = [at for at in guesses if now - at < DAY] + [now]
            assert len(guesses) <= 3


def test_the_limits_are_data(hall: HallWorld) -> None:
    """An operator may be stricter."""
    strict = replace(hall.hall().settings, wrong_passwords=1, lock=HOUR)
    own = replace(hall.hall(), settings=strict)
    with pytest.raises(Refusal) as refused:
        password_check.check_password(a_request(), WRONG, own)
    assert said(refused.value.reply) == ("auth.pw_locked", 1)


# -- reminders -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weak", "initial", "texts"),
    [
        (False, False, []),
        (True, False, ["auth.weak_tip"]),
        (False, True, ["auth.initial_tip"]),
        (True, True, ["auth.initial_tip"]),
    ],
)
def test_a_weak_or_initial_password_is_reminded_of(
    hall: HallWorld, weak: bool, initial: bool, texts: list[str]
) -> None:
    """Once, with the better reason (R4)."""
    hall.passwords.states[ZHANG] = PasswordState(weak, initial)
    assert [tip.text for tip in password_check.reminders(ZHANG, hall.hall())] == texts
