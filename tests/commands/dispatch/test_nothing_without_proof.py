"""Whatever is sent, nothing changes without the proof and the confirm of its class."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from commands.model.accounts import NumberState, SubscriberAccount
from commands.model.request import Secret
from commands.number import vnet_join
from tests.commands.command_texts import (
    IGNORANT,
    KNOWING,
    NEW_PASSWORD,
    OTHER,
    RIGHT_CERTIFICATE,
    RIGHT_CODES,
    RIGHT_PASSWORD,
    ZHANG,
    command_texts,
)
from tests.commands.fakes import NOW, HallWorld, world
from tests.commands.phone import Phone

YES = ["是", "Y", "y", "1", "是。"]
NO = ["N", "否", "0", "好的", "2", "3", "2,3"]
# What the password alone protects, among services.
GUARDED = {"HZ", "GJMY", "GJCT"}
# What may be done without a yes, by who knows the old password or has the card.
AT_ONCE = {"pw.change", "pw.reset", "rc.self"}
# Tried more often than the rest.
WORTH_TRYING = [
    "st.suspend", "st.resume", "sv.plan_change", "sv.plan_undo", "pt.exchange", "sv.forward",
    "sv.order.abroad", "sv.order.data", "pw.reset", "rc.other", "un.list", "un.pick",
]  # fmt: skip
GIVEN_FOR_POINTS = {1_000: 800, 2_700: 1_800, 3_000: 2_200}  # fen: points


@dataclass(frozen=True)
class Kept:
    """What a subscriber would not want to be otherwise by itself."""

    account: SubscriberAccount
    password: object
    services: tuple[tuple[str, int], ...]
    forward_to: str

    @property
    def proven(self) -> tuple[object, ...]:
        """What takes the password."""
        a = self.account
        guarded = [held for held in self.services if held[0] in GUARDED]
        plan = (a.brand, a.plan, a.next_plan)
        return (a.state, plan, a.points, a.past_due_fen, self.password, guarded, self.forward_to)


def kept(hall: HallWorld, number: str) -> Kept:
    return Kept(
        replace(hall.account(number), language="zh"),
        hall.passwords.by_number[number],
        tuple((one.service, one.until) for one in hall.services.had[number]),
        hall.preferences.of(number, "forward_to"),
    )


POINTS = sum(account.points for account in world().accounts.by_number.values())


def a_hall() -> HallWorld:
    """Where a group has asked somebody, and chance is soon known."""
    made = world()
    made.random.draws = RIGHT_CODES * 50
    made.orders.propose(vnet_join.invitation(7, NOW, "60", "兴达集团", ZHANG, "6103"))
    return made


def talk(texts: list[tuple[str, int]], hall: HallWorld) -> set[str]:
    """Each text so many seconds after the last; the actions that took effect."""
    phone, done = Phone(hall, ZHANG), set()
    for text, later in texts:
        phone.now += later
        phone.sends(text)
        if phone.last is not None and phone.last.changed:
            done.add(phone.last.action)
    return done


def talks(
    commands: dict[str, list[str]], answers: list[str]
) -> st.SearchStrategy[list[tuple[str, int]]]:
    """Commands, each with some answers to what it may ask, at any pace."""
    actions = [*sorted(commands), *[name for name in WORTH_TRYING if name in commands] * 10]

    def text(name: str, number: int) -> str:
        return commands[name][number % len(commands[name])]

    later = st.sampled_from([0] * 12 + [1, 61, 600, 3600, 24 * 3600])
    asked = st.builds(text, st.sampled_from(actions), st.integers(0, 200))
    answered = st.lists(st.tuples(st.sampled_from(answers), later), min_size=1, max_size=3)
    turns = st.lists(st.tuples(st.tuples(asked, later), answered), min_size=1, max_size=6)
    return turns.map(lambda said: [each for ask, rest in said for each in (ask, *rest)])


# What is typed into steps and is wrong.
GUESSES = ["111222", "123456", "110101199003078523", NEW_PASSWORD, "QQT58"]
PROOFS = [RIGHT_PASSWORD, *RIGHT_CODES, RIGHT_CERTIFICATE]
SOME = {name: texts for name, texts in command_texts(KNOWING).items() if name not in AT_ONCE}


@given(talks(command_texts(IGNORANT), [*GUESSES, *YES * 2]))
def test_without_proof_nothing_changes_that_takes_one(texts: list[tuple[str, int]]) -> None:
    """However often yes is said. Passwords, certificates, codes and cards in it are all wrong."""
    hall = a_hall()
    before = {number: kept(hall, number) for number in (ZHANG, OTHER)}
    if "pw.random" in talk(texts, hall):  # for that, one's own phone and a yes are enough
        hall.passwords.by_number[ZHANG] = Secret(RIGHT_PASSWORD)
    assert kept(hall, ZHANG).proven == before[ZHANG].proven
    assert kept(hall, OTHER) == before[OTHER]
    assert hall.accounts.credits == []


@given(talks(command_texts(KNOWING), [RIGHT_PASSWORD, "918273", *YES]), st.booleans())
def test_the_password_alone_is_not_enough_for_what_takes_a_code(
    texts: list[tuple[str, int]], stopped: bool
) -> None:
    """A stopped number stays stopped, and points stay points."""
    hall = a_hall()
    if stopped:
        hall.alter(ZHANG, state=NumberState.SUSPENDED)
    talk(texts, hall)
    assert not stopped or hall.account(ZHANG).state is NumberState.SUSPENDED
    assert hall.account(ZHANG).points == a_hall().account(ZHANG).points


@given(talks(SOME, [*PROOFS * 2, *NO]))
def test_without_a_yes_nothing_changes(texts: list[tuple[str, int]]) -> None:
    """However much is proven: by password, code and certificate, and for others too."""
    hall = a_hall()
    before = {number: kept(hall, number) for number in (ZHANG, OTHER)}
    talk(texts, hall)
    for number in (ZHANG, OTHER):
        assert kept(hall, number) == before[number]
    assert hall.accounts.credits == hall.accounts.charges == []


@given(talks(command_texts(KNOWING), [*PROOFS * 2, *YES, *NO]))
def test_money_is_what_came_in_less_what_was_charged(texts: list[tuple[str, int]]) -> None:
    """For everybody, whatever is proven and agreed to; and each booking belongs to one message."""
    hall = a_hall()
    before = {number: account.balance_fen for number, account in hall.accounts.by_number.items()}
    talk(texts, hall)
    for number, account in hall.accounts.by_number.items():
        credited = sum(fen for who, fen, _, _ in hall.accounts.credits if who == number)
        charged = sum(fen for who, fen, _, _ in hall.accounts.charges if who == number)
        assert account.balance_fen == before[number] + credited - charged
    cards = [fen for _, fen, reason, _ in hall.accounts.credits if reason == "card"]
    assert sorted(cards) in ([], [5_000], [10_000], [5_000, 10_000])
    for booked in (hall.accounts.credits, hall.accounts.charges):
        assert len({(order, reason) for _, _, reason, order in booked}) == len(booked)
    given = [fen for _, fen, reason, _ in hall.accounts.credits if reason == "points"]
    points = sum(account.points for account in hall.accounts.by_number.values())
    assert points == POINTS - sum(GIVEN_FOR_POINTS[fen] for fen in given)
