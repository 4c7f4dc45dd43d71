"""commands.model.hall.Accounts: subscribers, their money and its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from commands.model.accounts import ListedClass, NumberState, SubscriberAccount
from gateway.config.time_zone import OperatorCalendar
from gateway.store.engine import Among
from gateway.store.lists.listed_classes import LISTED, listed_classes
from gateway.store.tables import bill_lines, ledger, payments, subscribers

WAYS = frozenset({"card", "hall", "web", "air", "bank"})  # a recharge that somebody paid for

_COLUMNS = (
    subscribers.c.msisdn,
    subscribers.c.brand,
    subscribers.c.plan,
    subscribers.c.prepaid,
    subscribers.c.real_named,
    subscribers.c.state,
    subscribers.c.balance_fen,
    subscribers.c.used_fen,
    subscribers.c.past_due_fen,
    subscribers.c.star,
    subscribers.c.points,
    subscribers.c.classes,
    subscribers.c.language,
    subscribers.c.plan_until,
    subscribers.c.next_plan,
    subscribers.c.next_plan_at,
    LISTED,
)
_IN_ORDER = select(*_COLUMNS).order_by(subscribers.c.msisdn)
_BY_NUMBER = Among(_IN_ORDER, subscribers.c.msisdn)
_BY_NUMBER_LOCKED = Among(_IN_ORDER.with_for_update(), subscribers.c.msisdn)
_STATES = {state.value: state for state in NumberState}
_NO_CLASS: frozenset[str] = frozenset()
_NO_LIST: tuple[ListedClass, ...] = ()


class SqlAccounts:
    """One transaction's view: accounts are read once, a batch's together."""

    def __init__(
        self, connection: Connection, calendar: OperatorCalendar, *, lock: bool = False
    ) -> None:
        self._connection = connection
        self._calendar = calendar
        self._lock = lock
        self._known: dict[str, SubscriberAccount | None] = {}

    def load(self, msisdns: Iterable[str]) -> None:
        """Read these together, in number order: two desks never wait for each other in a ring."""
        wanted = sorted({int(m) for m in msisdns if m and m not in self._known})
        if not wanted:
            return
        query = _BY_NUMBER_LOCKED if self._lock else _BY_NUMBER
        self._known.update(dict.fromkeys(map(str, wanted)))
        for row in query.rows(self._connection, wanted):
            self._known[str(row[0])] = _account(row)

    def find(self, msisdn: str) -> SubscriberAccount | None:
        if msisdn not in self._known:
            self.load([msisdn])
        return self._known.get(msisdn)  # who withholds the number has no account

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        """A fee is a line of the running bill as well: nobody wants to read it there as other."""
        charged = self._book(msisdn, "fee", -fen, reason, order, now)
        self._add_to_bill(msisdn, fen, now)
        return charged

    def _add_to_bill(self, msisdn: str, fen: int, now: int) -> None:
        columns = bill_lines.c
        line = {"msisdn": int(msisdn), "month": self._calendar.month(now), "item": "service"}
        mine = and_(*(columns[name] == value for name, value in line.items()))
        more = update(bill_lines).where(mine).values(fen=columns.fen + fen)
        if not self._connection.execute(more).rowcount:
            self._connection.execute(insert(bill_lines), line | {"fen": fen})

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        credited = self._book(msisdn, "recharge", fen, reason, order, now)
        if reason in WAYS:
            row = {"msisdn": int(msisdn), "paid_at": now, "way": reason, "fen": fen}
            self._connection.execute(insert(payments), row)
        if credited.past_due_fen:
            left = max(0, credited.past_due_fen - fen)
            credited = self._change(msisdn, {"past_due_fen": left}, past_due_fen=left)
        if credited.state is NumberState.ARREARS and credited.balance_fen >= 0:
            return self.set_state(msisdn, NumberState.NORMAL)
        return credited

    def set_state(self, msisdn: str, state: NumberState) -> SubscriberAccount:
        return self._change(msisdn, {"state": state.value}, state=state)

    def set_language(self, msisdn: str, language: str) -> None:
        self._change(msisdn, {"language": language}, language=language)

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        columns: dict[str, object] = {"next_plan": plan, "next_plan_at": since}
        self._change(msisdn, columns, next_plan=plan, next_plan_at=since)

    def change_plan(self, msisdn: str, plan: str, brand: str) -> SubscriberAccount:
        fields: dict[str, object] = {"plan": plan, "brand": brand, "plan_until": 0}
        fields |= {"next_plan": "", "next_plan_at": 0}
        return self._change(msisdn, fields, **fields)

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> SubscriberAccount:
        left = self._known_account(msisdn).points - points
        return self._change(msisdn, {"points": left}, points=left)

    def _change(self, msisdn: str, columns: dict[str, object], **fields: Any) -> SubscriberAccount:
        account = self._known_account(msisdn)
        mine = subscribers.c.msisdn == int(msisdn)
        self._connection.execute(update(subscribers).where(mine).values(columns))
        self._known[msisdn] = changed = replace(account, **fields)
        return changed

    def _known_account(self, msisdn: str) -> SubscriberAccount:
        account = self.find(msisdn)
        if account is None:
            raise LookupError("a change for a number that is not ours")
        return account

    def _book(
        self, msisdn: str, kind: str, fen: int, reason: str, order: int, now: int
    ) -> SubscriberAccount:
        account = self._known_account(msisdn)
        spent = -fen if kind == "fee" else 0
        row = {"msisdn": int(msisdn), "kind": kind, "fen": fen, "reason": reason}
        self._connection.execute(insert(ledger), row | {"order_id": order, "booked_at": now})
        balance = subscribers.c.balance_fen + fen
        self._connection.execute(
            update(subscribers)
            .where(subscribers.c.msisdn == int(msisdn))
            .values(balance_fen=balance, used_fen=subscribers.c.used_fen + spent)
        )
        booked = replace(
            account, balance_fen=account.balance_fen + fen, used_fen=account.used_fen + spent
        )
        self._known[msisdn] = booked
        return booked


def read_accounts(connection: Connection, numbers: Sequence[int]) -> dict[str, SubscriberAccount]:
    """As they are, locked by nobody."""
    return {str(row[0]): _account(row) for row in _BY_NUMBER.rows(connection, numbers)}


def _account(row: Sequence[Any]) -> SubscriberAccount:
    msisdn, brand, plan, prepaid, real, state, balance, used, due, star, points, *more = row
    classes, language, until, following, following_at, listed = more
    return SubscriberAccount(
        str(msisdn),
        brand,
        plan,
        prepaid,
        real,
        _STATES[state],
        balance,
        used,
        due,
        star,
        points,
        frozenset(classes.split(",")) if classes else _NO_CLASS,
        language,
        until,
        following,
        following_at,
        listed_classes(listed) if listed else _NO_LIST,
    )
