"""What subscribers write, when, and what they must read."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import Final

from gateway.config.sample import people as sample_people
from tests.simulation.people import Account, Person, Reads, Turn

RECHARGE: Final = 50_00  # fen, of every sample card
FEE: Final = 10_00  # fen a month, of the service that is ordered here
ORDERING: Final = "您正在订购校园WLAN 40小时"
CANCELLING: Final = "您将退订校园WLAN 40小时"
WORDS: Final = (
    "信号网速话费短信漫游充值套餐流量积分停机宽带彩铃客服营业厅手机卡号码今天昨天总是常常不好太慢"
)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _says(words: str) -> Reads:
    return lambda account, shown: account if words in shown else None


def _balance(account: Account, shown: str) -> Account | None:
    return account if f"您的余额{yuan(account.balance)}元" in shown else None


def _recharged(account: Account, shown: str) -> Account | None:
    after = account.balance + RECHARGE
    if f"充值50.00元,当前余额{yuan(after)}元" not in shown:
        return None
    return replace(account, balance=after)


def _ordering(account: Account, shown: str) -> Account | None:
    if "EDU40" in account.services:
        return account if "无需重复订购" in shown else None
    return replace(account, asked="order") if ORDERING in shown else None


def _ordered(account: Account, shown: str) -> Account | None:
    if account.asked != "order":
        return account if "校园WLAN" not in shown else None
    if "校园WLAN 40小时已开通" not in shown:
        return None
    return replace(
        account,
        asked="",
        services=account.services | {"EDU40"},
        balance=account.balance - FEE,
        charged=account.charged + FEE,
    )


def _declined(account: Account, shown: str) -> Account | None:
    if account.asked != "order":
        return account if "校园WLAN" not in shown else None
    return replace(account, asked="") if "没有订购" in shown else None


def _cancelling(account: Account, shown: str) -> Account | None:
    if "EDU40" not in account.services:
        return account if "退订校园WLAN 40小时(" not in shown else None
    return replace(account, asked="cancel") if CANCELLING in shown else None


def _cancelled(account: Account, shown: str) -> Account | None:
    if account.asked != "cancel":
        return account if "已退订" not in shown else None
    if "校园WLAN 40小时已退订" not in shown:
        return None
    return replace(account, asked="", ended=account.ended | {"EDU40"})


def _complained(text: str) -> Reads:
    def reads(account: Account, shown: str) -> Account | None:
        if re.search(r"已登记您的投诉,编号\d+|您反映的问题与工单\d+相同", shown) is None:
            return None
        return replace(account, complaints=(*account.complaints, text))

    return reads


def _new_password(password: str) -> Reads:
    def reads(account: Account, shown: str) -> Account | None:
        return replace(account, password=password) if "修改成功" in shown else None

    return reads


# -- who there is ----------------------------------------------------------------------------------


def people(chance: Random, places: list[int], cards: list[int], turns: int) -> list[Person]:
    """At these places of the sample; each card is somebody's."""
    return [_person(chance, place, turns, cards) for place in places]


def _person(chance: Random, place: int, turns: int, cards: list[int]) -> Person:
    sample = sample_people.subscriber(place)
    password = sample.password.reveal()
    account = Account(sample.account.balance_fen, password=password)
    person = Person(sample.account.msisdn, account, [], [password])
    hasty = chance.random()  # the share of turns before which nothing is waited for
    kinds, weights = list(_KINDS), [5, 5, 1, 2, 3, 2, 1, 1, 1]
    while len(person.turns) < turns:
        (kind,) = chance.choices(kinds, weights)
        for turn in _KINDS[kind](chance, person, cards):
            pause = chance.uniform(0.0, 0.5) if chance.random() < hasty else chance.uniform(0.5, 9)
            waits = turn.waits or chance.random() > hasty
            person.turns.append(replace(turn, pause=pause, waits=waits))
    return person


def _asks_balance(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    return [Turn(_fresh(chance, person, ("YE", "CXYE", "YECX")), _balance, 0)]


def _fresh(chance: Random, person: Person, words: tuple[str, ...]) -> str:
    """In letters in which this person has not written it yet: what looks the same may be taken for
    the same, sent again."""
    written = {turn.text for turn in person.turns}
    while True:
        letters = chance.choice(words)
        text = "".join(chance.choice((letter, letter.lower())) for letter in letters)
        if text not in written:
            return text


def _says_it_again(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    """A question to which he has the answer: he wants another one."""
    if not person.turns or person.turns[-1].reads is not _balance:
        return []
    person.turns[-1] = replace(person.turns[-1], must=True)
    return [person.turns[-1]]


def _says_it_later(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    """The same, and something else was said in between."""
    asked = [turn for turn in person.turns[:-1] if turn.reads is _balance]
    if not asked or person.turns[-1].reads is _balance:
        return []
    person.turns[-1] = replace(person.turns[-1], must=True)
    return [chance.choice(asked)]


def _recharges(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    if not cards:
        return []
    secret = sample_people.card(cards.pop()).secret.reveal()
    person.secrets.append(secret)
    return [Turn(f"CZ#{secret}", _recharged, 0)]


def _opens_menu(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    return [Turn(_fresh(chance, person, ("CD", "MENU", "HELP")), _says("请回复序号"), 0)]


def _is_unclear(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    count = chance.choice([1, 3, 80, 150]) + len(person.turns)
    return [Turn("喵" * count, _says("没有明白您的意思"), 0, *in_parts(chance))]


def _orders(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    """Once at most, and then with money for it: else nobody is asked."""
    if any(turn.text == "KTEDU40" for turn in person.turns):
        return []
    turns = [*_recharges(chance, person, cards), Turn("KTEDU40", _ordering, 0, must=True)]
    if chance.random() < 0.3:
        return [*turns, Turn("否", _declined, 0, must=True, anew=ORDERING)]
    turns.append(Turn("是", _ordered, 0, must=True, anew=ORDERING))
    if chance.random() < 0.4:
        turns += [
            Turn("QXEDU", _cancelling, 0, must=True),
            Turn("Y", _cancelled, 0, must=True, anew=CANCELLING),
        ]
    return turns


def _complains(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    return [complaint(chance, chance.choice([12, 90, 160]), in_parts(chance))]


def complaint(chance: Random, characters: int, parts: tuple[str, int]) -> Turn:
    text = "".join(chance.choices(WORDS, k=characters))
    return Turn(f"TS {text}", _complained(text), 0, *parts)


def in_parts(chance: Random) -> tuple[str, int]:
    """Phones count their long messages from anywhere: others' may have the same number."""
    return chance.choice(["udh8", "udh16", "sar"]), chance.randint(1, 3)


def _changes_password(chance: Random, person: Person, cards: list[int]) -> list[Turn]:
    old, head, tail = (
        person.secrets[0],
        chance.choice([739, 846, 471, 925]),
        max(205, chance.randrange(204, 797)),  # 739204 stands in conf/, as an example
    )
    new = f"{head}{tail + (tail >= head)}"  # twice the same would be refused
    if any(turn.text.startswith("XGMM") for turn in person.turns):
        return []
    person.secrets.append(new)
    return [Turn(f"XGMM {old} {new} {new}", _new_password(new), 0, must=True)]


_KINDS = {
    "balance": _asks_balance,
    "recharge": _recharges,
    "menu": _opens_menu,
    "unclear": _is_unclear,
    "order": _orders,
    "complaint": _complains,
    "password": _changes_password,
    "again": _says_it_again,
    "later": _says_it_later,
}
