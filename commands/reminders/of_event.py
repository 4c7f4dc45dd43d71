"""What there is to tell a subscriber of an event that the BOSS has told the hall."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from commands.model.accounts import MonthUsage
from commands.reminders import noticing
from commands.reminders.boss_event import BossEvent
from commands.reminders.model import (
    Booked,
    Reminder,
    ReminderKind,
    ReminderRules,
    SubscriberNow,
)
from commands.reminders.wishes import wanted
from tariffs.catalogue import Catalogue

STALE: Final = 3 * 24 * 3600
"""Seconds after which what happened is no news any more."""


def event_key(event: BossEvent) -> str:
    """What tells a reminder from others of its kind, where the event alone does."""
    return f"event {event.id}"


def of_event(
    event: BossEvent, now: SubscriberNow, rules: ReminderRules, catalogue: Catalogue
) -> Reminder | None:
    """None: the subscriber does not want to hear of it, or there is nothing to hear."""
    facts, kind = event.facts, event.kind
    if not wanted(kind, rules.of(kind), now):
        return None
    match kind:
        case ReminderKind.BALANCE_LOW:
            return noticing.of_balance(_with_balance(now, facts.balance_fen), rules)
        case ReminderKind.CHARGE | ReminderKind.RECHARGE:
            return _of_money(event, now, rules, catalogue)
        case ReminderKind.ALLOWANCE:
            used = replace(now, usage=(MonthUsage(facts.item, facts.used),))
            return noticing.of_use(used, facts.total, rules, event.at, catalogue)
        case ReminderKind.ARREARS:
            return noticing.of_debt(facts.fen, facts.until, rules)
        case ReminderKind.HIGH_BILL:
            return noticing.of_cost(facts.fen, facts.usual_fen, rules, event.at, catalogue)
        case ReminderKind.NUMBER_CLOSING:
            return noticing.of_end(facts.until, rules)
        case ReminderKind.CONTRACT_ENDING | ReminderKind.POINTS_ENDING | ReminderKind.PLAN_ENDING:
            return noticing.of_ending(kind, facts.until, facts.points, now, rules, catalogue)
        case _:
            assert_never(kind)


def _with_balance(now: SubscriberNow, fen: int | None) -> SubscriberNow:
    return now if fen is None else replace(now, account=replace(now.account, balance_fen=fen))


def _of_money(
    event: BossEvent, now: SubscriberNow, rules: ReminderRules, catalogue: Catalogue
) -> Reminder | None:
    """What the hall ordered itself is told from its own ledger."""
    facts = event.facts
    if facts.order:
        return None
    booked = Booked(
        event.kind, event_key(event), facts.fen, facts.what, facts.balance_fen, facts.what
    )
    return noticing.of_booking(booked, now, rules, catalogue)
