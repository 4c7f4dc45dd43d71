"""What has to stay, in which columns, and why."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Table, or_

from commands.model.tickets import OVER
from gateway.store.forgetting.erased import Condition
from gateway.store.forgetting.number import ForgottenNumber
from gateway.store.messages import LEAVING, WAITING
from gateway.store.tables import (
    audit,
    bill_lines,
    calls,
    cards,
    detailed_records,
    door_requests,
    errands,
    inbox,
    ledger,
    menu_decisions,
    orders,
    outbox,
    password_tries,
    payments,
    preferences,
    profiles,
    provider_fees,
    rebates,
    strikes,
    subscribers,
    subscriptions,
    tickets,
    usage,
)


class Remainder(NamedTuple):
    """`columns` are all that may hold the number, or what it has said, from now on."""

    table: Table
    what: str
    columns: tuple[str, ...]
    where: Condition
    why: str


_GOING: Final = (WAITING, LEAVING)
_JOURNAL: Final = (
    "the regulation wants six months of who sent what kind of message, without its words; "
    "retention.metadata_days ends it"
)
_EVIDENCE: Final = "evidence of what was agreed to, in which words; retention.metadata_days ends it"
_ACCOUNT: Final = "the account: the contract, and accounting law; the operator's own system ends it"
_GUARD: Final = (
    "it keeps the number closed to whoever guesses, and whoever guesses from guessing on"
)


def _account(table: Table, what: str, *columns: str) -> Remainder:
    return Remainder(table, what, ("msisdn", *columns),
                     lambda number: number.is_(table.c.msisdn), _ACCOUNT)  # fmt: skip


def _either(table: Table) -> Condition:
    return lambda number: number.is_(table.c.phone) | number.is_(table.c.subject)


def _live(number: ForgottenNumber) -> ColumnElement[bool]:
    over = [state.value for state in OVER]
    return number.is_(tickets.c.phone) & tickets.c.state.not_in(over)


def _done(number: ForgottenNumber) -> ColumnElement[bool]:
    over = [state.value for state in OVER]
    return number.is_(tickets.c.phone) & tickets.c.state.in_(over)


def _sent(number: ForgottenNumber) -> ColumnElement[bool]:
    return outbox.c.destination.endswith(number.msisdn)


def _in(*columns: Any) -> Condition:
    return lambda number: or_(*[number.stands_in(column) for column in columns])


KEPT: Final = (
    Remainder(orders, "orders, with what was shown and how it was answered",
              ("phone", "subject", "args_sealed", "shown_sealed"), _either(orders), _EVIDENCE),
    Remainder(preferences, "what it has declined or agreed to be told", ("msisdn",),
              lambda number: number.is_(preferences.c.msisdn),
              "evidence of consent and of its withdrawal"),
    Remainder(errands, "what the BOSS was asked to do",
              ("phone", "subject", "destination", "args_sealed", "plan_sealed", "said_sealed"),
              _either(errands), _EVIDENCE),
    Remainder(door_requests, "requests of other interfaces, without their answers", ("subject",),
              lambda number: number.is_(door_requests.c.subject), _EVIDENCE),
    Remainder(inbox, "messages and keys, without words", ("phone",),
              lambda number: number.is_(inbox.c.phone), _JOURNAL),
    Remainder(outbox, "answers, without words", ("destination",),
              lambda number: _sent(number) & outbox.c.state.not_in(_GOING), _JOURNAL),
    Remainder(outbox, "answers that wait to be sent, with their words",
              ("destination", "text_sealed", "screen"),
              lambda number: _sent(number) & outbox.c.state.in_(_GOING),
              "their words are erased once they are sent"),
    Remainder(calls, "calls: when, how long, how they ended", ("phone",),
              lambda number: number.is_(calls.c.phone), _JOURNAL),
    Remainder(tickets, "tickets that are not done, with their words",
              ("phone", "content_sealed", "place_sealed", "result"), _live,
              "they are being worked on: forget the number again when they are done"),
    Remainder(tickets, "tickets that are done, without words", ("phone",), _done,
              "how complaints were handled has to be shown (电信用户申诉处理办法)"),
    Remainder(password_tries, "wrong tries of its password", ("msisdn",),
              lambda number: number.is_(password_tries.c.msisdn), _GUARD),
    Remainder(strikes, "what was counted against it and for it, a month at most", ("struck",),
              _in(strikes.c.struck), _GUARD),
    _account(subscribers, "the account: plan, balance, and the real name (实名登记)",
             "name_sealed", "certificate_sealed"),
    _account(profiles, "its profile", "joint_account", "group_name", "puk_sealed"),
    _account(subscriptions, "services"),
    _account(usage, "usage"),
    _account(bill_lines, "bills"),
    _account(ledger, "bookings"),
    _account(payments, "payments"),
    _account(provider_fees, "fees of content providers"),
    _account(rebates, "rebates"),
    Remainder(detailed_records, "detailed records (详单), its own and those of who spoke with it",
              ("msisdn", "other"),
              lambda number: number.is_(detailed_records.c.msisdn)
              | (detailed_records.c.other == number.msisdn), _ACCOUNT),
    Remainder(cards, "recharge cards that it used", ("used_by",),
              lambda number: number.is_(cards.c.used_by), _ACCOUNT),
    Remainder(menu_decisions, "menus that it was given to try", ("numbers",),
              _in(menu_decisions.c.numbers), "decisions are only added to"),
    Remainder(audit, "the audit: who looked at it and did what, this as well",
              ("subscriber", "reason", "result"),
              _in(audit.c.subscriber, audit.c.reason, audit.c.result),
              "one signed chain, of which nothing can be taken out"),
)  # fmt: skip
