"""What a BOSS keeps, as its JSON is: subscribers with their version, cards, and what was done under
which key. Only whole orders are done, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from simulators.boss.tickets import BossRefusal, BossTickets, JsonObject


class BossVersionConflict(Exception):
    """It is no longer as the order saw it."""


@dataclass(slots=True)
class BossRecords:
    subscribers: dict[str, JsonObject] = field(
        default_factory=dict
    )  # by number, as they are answered
    cards: dict[str, JsonObject] = field(default_factory=dict)  # by secret
    records: dict[str, list[JsonObject]] = field(default_factory=dict)  # detailed ones, by number
    refuses: dict[str, str] = field(default_factory=dict)  # numbers that get nothing, and why
    tickets: BossTickets = field(default_factory=BossTickets)
    done: set[str] = field(default_factory=set)  # keys of the orders that were made
    made: list[tuple[str, JsonObject]] = field(default_factory=list)  # every change, with its key

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> BossRecords:
        """{"subscribers": {number: record}, "cards": {secret: card}, "records": {number: [line]}};
        the last may be missing."""
        kept = deepcopy(dict(plain))
        return cls(kept["subscribers"], kept["cards"], kept.get("records", {}))

    def order(self, key: str, order: JsonObject) -> None:
        """Do all of it, or nothing, and under this key only once: whatever comes with a key that is
        done is the same wish. Raises BossVersionConflict or BossRefusal."""
        if key in self.done:
            return
        self._look(order["seen"], order["changes"])
        for change in order["changes"]:
            _CHANGES[change["do"]](self, change)
            self.made.append((key, change))
        for number in order["seen"]:
            self.subscribers[number]["version"] += 1
        self.done.add(key)

    def _look(self, seen: Mapping[str, int], changes: Sequence[JsonObject]) -> None:
        """Before anything is touched."""
        for number, version in seen.items():
            if number in self.refuses:
                raise BossRefusal(self.refuses[number])
            if number not in self.subscribers:
                raise BossRefusal("no such subscriber")
            if self.subscribers[number]["version"] != version:
                raise BossVersionConflict
        for change in changes:
            if change["do"] not in _CHANGES or change["msisdn"] not in seen:
                raise BossRefusal("an order that makes no sense")
            if change["do"] == "redeem" and self.cards[change["card"]]["state"] != "good":
                raise BossVersionConflict

    def card(self, asked: JsonObject) -> JsonObject | None:
        """By its secret, or by what is printed on it."""
        if "card" in asked:
            return self.cards.get(asked["card"])
        printed = asked["serial"]
        return next((c for c in self.cards.values() if c.get("serial") == printed), None)

    def detailed(self, number: str, begins: int, ends: int) -> JsonObject | None:
        """What began within these seconds."""
        if number not in self.subscribers:
            return None
        mine = self.records.get(number, [])
        return {"records": [line for line in mine if begins <= line["at"] < ends]}

    def account(self, number: str) -> JsonObject:
        account: JsonObject = self.subscribers[number]["account"]
        return account

    def services(self, number: str) -> list[JsonObject]:
        services: list[JsonObject] = self.subscribers[number]["services"]
        return services


def _charge(book: BossRecords, change: JsonObject) -> None:
    account = book.account(change["msisdn"])
    account["balance_fen"] -= change["fen"]
    account["used_fen"] += change["fen"]


def _credit(book: BossRecords, change: JsonObject) -> None:
    account = book.account(change["msisdn"])
    account["balance_fen"] += change["fen"]
    account["past_due_fen"] = max(0, account["past_due_fen"] - change["fen"])
    if account["state"] == "arrears" and account["balance_fen"] >= 0:
        account["state"] = "normal"


def _put(**fields: str) -> Callable[[BossRecords, JsonObject], None]:
    """These of a change's fields into those of the account."""

    def put(book: BossRecords, change: JsonObject) -> None:
        account = book.account(change["msisdn"])
        account.update({into: change[name] for name, into in fields.items()})

    return put


def _plan(book: BossRecords, change: JsonObject) -> None:
    fresh = {"plan": change["plan"], "brand": change["brand"], "plan_until": 0}
    book.account(change["msisdn"]).update(fresh | {"next_plan": "", "next_plan_at": 0})


def _points(book: BossRecords, change: JsonObject) -> None:
    book.account(change["msisdn"])["points"] -= change["points"]


def _open(book: BossRecords, change: JsonObject) -> None:
    begun = {"service": change["service"], "since": change["since"], "until": 0}
    book.services(change["msisdn"]).append(begun)


def _close(book: BossRecords, change: JsonObject) -> None:
    for one in book.services(change["msisdn"]):
        ends_later = not one["until"] or one["until"] > change["until"]
        if one["service"] == change["service"] and ends_later:
            one["until"] = change["until"]


def _reopen(book: BossRecords, change: JsonObject) -> None:
    for one in book.services(change["msisdn"]):
        if one["service"] == change["service"] and one["until"] > change["now"]:
            one["until"] = 0


def _redeem(book: BossRecords, change: JsonObject) -> None:
    book.cards[change["card"]]["state"] = "used"


_CHANGES: Final[Mapping[str, Callable[[BossRecords, JsonObject], None]]] = {
    "charge": _charge,
    "credit": _credit,
    "state": _put(state="state"),
    "language": _put(language="language"),
    "next_plan": _put(plan="next_plan", since="next_plan_at"),
    "plan": _plan,
    "points": _points,
    "open": _open,
    "close": _close,
    "reopen": _reopen,
    "redeem": _redeem,
}
