"""What there is to tell a subscriber: of the account as it is now, and of money that has moved.

Each function looks at one kind and returns what should be told as long as it is so. Whether it was
told already, and when it may be, is decided by who calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from commands.model.accounts import NumberState
from commands.reminders.model import (
    Booked,
    Reminder,
    ReminderKind,
    ReminderRules,
    SubscriberNow,
)
from commands.reminders.packs import pack_for
from commands.reminders.wishes import own_threshold_fen, wanted
from commands.services.order_service import OVERDRAFT
from tariffs.bilingual_name import BilingualName
from tariffs.calendar import month_of
from tariffs.catalogue import Catalogue

DAY: Final = 24 * 3600
_CLOSING: Final = (NumberState.PRE_CANCELLED, NumberState.TO_CANCEL)


def of_balance(now: SubscriberNow, rules: ReminderRules) -> Reminder | None:
    """The balance is below the subscriber's own amount; for prepaid numbers without one, below that
    of the rule."""
    kind, account = ReminderKind.BALANCE_LOW, now.account
    rule, own = rules.of(kind), own_threshold_fen(now)
    below = own or (rule.below_fen if account.prepaid else 0)
    if account.state is not NumberState.NORMAL or account.balance_fen >= below:
        return None
    if not wanted(kind, rule, now):
        return None
    text = "rm.balance_low.own" if own else "rm.balance_low"
    facts = {"balance": account.balance_fen, "below": below}
    key = f"below {below}"
    return Reminder(kind, key, "balance low", text, facts, rule.urgent, lasting=True)


def of_account(
    now: SubscriberNow, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Iterator[Reminder]:
    """Who owes is told that, and not also that the balance is low."""
    for found in (
        of_arrears(now, rules) or of_balance(now, rules),
        of_bill(now, rules, moment, catalogue),
        of_closing(now, rules),
    ):
        if found is not None:
            yield found


def of_now(
    now: SubscriberNow, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Iterator[Reminder]:
    """All that there is to tell, whatever has changed."""
    yield from of_account(now, rules, moment, catalogue)
    yield from of_allowance(now, rules, moment, catalogue)
    yield from of_endings(now, rules, moment, catalogue)


def owed_fen(now: SubscriberNow) -> int:
    """What should have been paid by now. Who may overdraw owes nothing for that."""
    account = now.account
    if account.past_due_fen > 0:
        return account.past_due_fen
    may_owe = any(one.service == OVERDRAFT for one in now.services)
    allowed = now.record.credit_fen if may_owe or not account.prepaid else 0
    return -account.balance_fen if account.balance_fen < -allowed else 0


def of_arrears(now: SubscriberNow, rules: ReminderRules) -> Reminder | None:
    """Something is owed, and the number is not stopped for it yet."""
    kind, owed = ReminderKind.ARREARS, owed_fen(now)
    if not owed or now.account.state is not NumberState.NORMAL:
        return None
    return of_debt(owed, 0, rules) if wanted(kind, rules.of(kind), now) else None


def of_debt(owed: int, until: int, rules: ReminderRules) -> Reminder:
    """`until`: when the number is stopped for it; 0: not known."""
    kind = ReminderKind.ARREARS
    facts = {"owed": owed, "until": until}
    urgent = rules.of(kind).urgent
    return Reminder(kind, "owing", "arrears", "rm.arrears", facts, urgent, lasting=True)


def of_allowance(
    now: SubscriberNow, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Iterator[Reminder]:
    """What plan and services include, where so much of it is used that it should be told."""
    kind = ReminderKind.ALLOWANCE
    rule = rules.of(kind)
    if now.account.state is not NumberState.NORMAL or not now.usage or not wanted(kind, rule, now):
        return
    total = _included(now, moment, catalogue)
    for use in now.usage:
        if total.get(use.item, 0) > 0:
            one = replace(now, usage=(use,))
            if (found := of_use(one, total[use.item], rules, moment, catalogue)) is not None:
                yield found


def _included(now: SubscriberNow, moment: int, catalogue: Catalogue) -> dict[str, int]:
    """By item; what may be used without end is not among them."""
    plan = catalogue.plans.get(now.account.plan)
    total = dict(plan.includes) if plan else {}
    begun = [one.service for one in now.services if one.since <= moment]
    services = [service for code in begun if (service := catalogue.service(code))]
    for service in services:
        for item, amount in service.includes.items():
            total[item] = total.get(item, 0) + amount
    endless = {item for service in services for item in service.unlimited}
    return {item: amount for item, amount in total.items() if item not in endless}


def of_use(
    now: SubscriberNow, total: int, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Reminder | None:
    """Of the one item whose use is given: for the highest share that is reached."""
    kind, (use,) = ReminderKind.ALLOWANCE, now.usage
    rule = rules.of(kind)
    reached = [share for share in rule.shares if use.used * 100 >= share * total]
    if not reached or use.item not in catalogue.items:
        return None
    share = max(reached)
    pack = pack_for(rule.packs.get(use.item, ()), now, catalogue)
    facts: dict[str, object] = {
        "item": catalogue.items[use.item],
        "share": share,
        "total": total,
        "used": use.used,
        "left": max(0, total - use.used),
        "pack": pack.name if pack else "",
        "fee": pack.fee_for(now.account.brand) if pack else 0,
        "code": f"KT{pack.code}" if pack else "",
    }
    month = month_of(moment, catalogue.zone)
    text = "rm.allowance.out" if use.used >= total else "rm.allowance"
    key = f"{month} {use.item} {share} of {total}"
    return Reminder(kind, key, f"allowance {use.item} {share}", text, facts, rule.urgent)


def of_bill(
    now: SubscriberNow, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Reminder | None:
    """The running month has cost much more than the last ones did."""
    kind = ReminderKind.HIGH_BILL
    rule, used, usual = rules.of(kind), now.account.used_fen, now.usual_fen
    if used < rule.at_least_fen or not usual or used < rule.times * usual:
        return None
    if not wanted(kind, rule, now):
        return None
    return of_cost(used, usual, rules, moment, catalogue)


def of_cost(
    used: int, usual: int, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Reminder:
    kind = ReminderKind.HIGH_BILL
    facts = {"used": used, "usual": usual}
    key = str(month_of(moment, catalogue.zone))
    return Reminder(kind, key, "high bill", "rm.high_bill", facts, rules.of(kind).urgent)


def of_closing(now: SubscriberNow, rules: ReminderRules) -> Reminder | None:
    """The number is on its way to be closed."""
    kind = ReminderKind.NUMBER_CLOSING
    if now.account.state not in _CLOSING or not wanted(kind, rules.of(kind), now):
        return None
    return of_end(0, rules)


def of_end(until: int, rules: ReminderRules) -> Reminder:
    """`until`: when the number is closed; 0: not known."""
    kind = ReminderKind.NUMBER_CLOSING
    facts, urgent = {"until": until}, rules.of(kind).urgent
    text = "rm.number_closing"
    return Reminder(kind, "closing", "number closing", text, facts, urgent, lasting=True)


def endings(now: SubscriberNow) -> dict[ReminderKind, int]:
    """When what ends by itself does; what does not is not among them."""
    found = {
        ReminderKind.CONTRACT_ENDING: now.record.contract_until,
        ReminderKind.PLAN_ENDING: now.account.plan_until,
        ReminderKind.POINTS_ENDING: (
            now.record.points_expire_at if now.record.points_expiring > 0 else 0
        ),
    }
    return {kind: until for kind, until in found.items() if until > 0}


def of_endings(
    now: SubscriberNow, rules: ReminderRules, moment: int, catalogue: Catalogue
) -> Iterator[Reminder]:
    """What ends within the days of its rule."""
    for kind, until in endings(now).items():
        rule = rules.of(kind)
        if until - rule.days * DAY <= moment < until and wanted(kind, rule, now):
            yield of_ending(kind, until, now.record.points_expiring, now, rules, catalogue)


def next_ending(now: SubscriberNow, rules: ReminderRules, moment: int) -> int:
    """When there will be something to tell of an ending that is still far; 0: never."""
    begins = [until - rules.of(kind).days * DAY for kind, until in endings(now).items()]
    return min((begin for begin in begins if begin > moment), default=0)


def of_ending(
    kind: ReminderKind,
    until: int,
    points: int,
    now: SubscriberNow,
    rules: ReminderRules,
    catalogue: Catalogue,
) -> Reminder:
    plan = catalogue.plans.get(now.account.plan)
    brand = catalogue.brands.get(now.account.brand)
    unknown = BilingualName("")
    facts: dict[str, object] = {
        "until": until,
        "points": points,
        "unit": brand.points if brand else unknown,
        "name": plan.name if plan else unknown,
    }
    urgent = rules.of(kind).urgent
    meaning = kind.value.replace("_", " ")
    return Reminder(kind, f"until {until}", meaning, f"rm.{kind.value}", facts, urgent)


def of_booking(
    booked: Booked, now: SubscriberNow, rules: ReminderRules, catalogue: Catalogue
) -> Reminder | None:
    """Money that has moved. Each has a meaning of its own: every charge is told."""
    kind = booked.kind
    rule = rules.of(kind)
    if not wanted(kind, rule, now):
        return None
    facts = {
        "fen": booked.fen,
        "name": _named(booked.what, catalogue) or booked.words,
        "way": booked.what,
        "balance": now.account.balance_fen if booked.balance_fen is None else booked.balance_fen,
    }
    meaning = f"{kind.value} {booked.key}"
    return Reminder(kind, booked.key, meaning, f"rm.{kind.value}", facts, rule.urgent)


def _named(code: str, catalogue: Catalogue) -> str:
    found = catalogue.service(code) or catalogue.plans.get(code)
    return found.name if found else ""
