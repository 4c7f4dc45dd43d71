"""The ports of commands/model/hall.py over what the BOSS has said of one subscriber.

Reading asks nobody: everything was fetched before. Writing only notes what is to be changed; the
notes are sent as one, with the versions that were seen, so that nothing is decided on what has
changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from commands.model.accounts import (
    Accounts,
    MonthUsage,
    NumberState,
    SubscriberAccount,
    Subscription,
)
from commands.model.recharge_cards import UNSEEN, RechargeCard
from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord, SubscriberRecords
from gateway.model.boss_changes import (
    BossChange,
    ChangePlan,
    Charge,
    CloseService,
    Credit,
    OpenService,
    RedeemCard,
    ReopenService,
    SetLanguage,
    SetNextPlan,
    SetState,
    SpendPoints,
)


@dataclass(frozen=True, slots=True)
class BossRecord:
    """A subscriber at the BOSS. The version rises with each change."""

    version: int
    account: SubscriberAccount
    services: tuple[Subscription, ...] = ()
    usage: tuple[MonthUsage, ...] = ()
    profile: SubscriberRecord = field(default_factory=SubscriberRecord)


@dataclass(frozen=True, slots=True)
class SeenRecords:
    """What was fetched for one errand: who is not among them is no subscriber."""

    records: Mapping[str, BossRecord]
    cards: Mapping[Secret, RechargeCard] = field(default_factory=dict)
    serials: Mapping[str, RechargeCard] = field(
        default_factory=dict
    )  # by the number printed on them

    def versions(self) -> dict[str, int]:
        return {number: record.version for number, record in self.records.items()}


@dataclass(slots=True)
class NotedChanges:
    """What is to be changed, in order."""

    changes: list[BossChange] = field(default_factory=list)


_Meant = Callable[[Subscription], bool]


class BossAccounts:
    """commands.model.hall.Accounts. `own`: where our lists say what somebody is listed as."""

    def __init__(self, seen: SeenRecords, notes: NotedChanges, own: Accounts | None = None) -> None:
        self._known = {
            number: _as_listed(record.account, own.find(number) if own else None)
            for number, record in seen.records.items()
        }
        self._notes = notes

    def find(self, msisdn: str) -> SubscriberAccount | None:
        return self._known.get(msisdn)

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        before = self._account(msisdn)
        paid = replace(before, balance_fen=before.balance_fen - fen, used_fen=before.used_fen + fen)
        return self._note(Charge(msisdn, fen, reason), paid)

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        """As the BOSS does: what is past due is paid first, and who owes nothing is back."""
        before = self._account(msisdn)
        balance, due = before.balance_fen + fen, max(0, before.past_due_fen - fen)
        back = before.state is NumberState.ARREARS and balance >= 0
        state = NumberState.NORMAL if back else before.state
        after = replace(before, balance_fen=balance, past_due_fen=due, state=state)
        return self._note(Credit(msisdn, fen, reason), after)

    def set_state(self, msisdn: str, state: NumberState) -> SubscriberAccount:
        return self._note(SetState(msisdn, state), replace(self._account(msisdn), state=state))

    def set_language(self, msisdn: str, language: str) -> None:
        after = replace(self._account(msisdn), language=language)
        self._note(SetLanguage(msisdn, language), after)

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        after = replace(self._account(msisdn), next_plan=plan, next_plan_at=since)
        self._note(SetNextPlan(msisdn, plan, since), after)

    def change_plan(self, msisdn: str, plan: str, brand: str) -> SubscriberAccount:
        fresh = replace(self._account(msisdn), plan=plan, brand=brand, plan_until=0)
        after = replace(fresh, next_plan="", next_plan_at=0)
        return self._note(ChangePlan(msisdn, plan, brand), after)

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> SubscriberAccount:
        before = self._account(msisdn)
        after = replace(before, points=before.points - points)
        return self._note(SpendPoints(msisdn, points), after)

    def _note(self, change: BossChange, after: SubscriberAccount) -> SubscriberAccount:
        self._notes.changes.append(change)
        self._known[after.msisdn] = after
        return after

    def _account(self, msisdn: str) -> SubscriberAccount:
        if (found := self.find(msisdn)) is None:
            raise LookupError("a change for a number that the BOSS does not know")
        return found


def _as_listed(account: SubscriberAccount, own: SubscriberAccount | None) -> SubscriberAccount:
    """The BOSS knows nothing of our lists."""
    return replace(account, listed=own.listed if own else ())


class BossServices:
    """commands.model.hall.Subscriptions."""

    def __init__(self, seen: SeenRecords, notes: NotedChanges) -> None:
        self._had = {number: list(record.services) for number, record in seen.records.items()}
        self._used = {number: record.usage for number, record in seen.records.items()}
        self._notes = notes

    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        mine = self._had.get(msisdn, [])
        return [one for one in mine if not one.until or one.until > max(now, one.since)]

    def usage(self, msisdn: str, now: int) -> Sequence[MonthUsage]:
        return self._used.get(msisdn, ())

    def open(self, msisdn: str, service: str, since: int, order: int) -> None:
        self._had.setdefault(msisdn, []).append(Subscription(service, since))
        self._notes.changes.append(OpenService(msisdn, service, since))

    def close(self, msisdn: str, service: str, until: int, order: int) -> None:
        self._end(msisdn, service, until, lambda one: not one.until or one.until > until)
        self._notes.changes.append(CloseService(msisdn, service, until))

    def reopen(self, msisdn: str, service: str, now: int, order: int) -> None:
        self._end(msisdn, service, 0, lambda one: one.until > now)
        self._notes.changes.append(ReopenService(msisdn, service, now))

    def _end(self, msisdn: str, service: str, until: int, meant: _Meant) -> None:
        self._had[msisdn] = [
            replace(one, until=until) if one.service == service and meant(one) else one
            for one in self._had.get(msisdn, [])
        ]


class BossCards:
    """commands.model.tickets.RechargeCards."""

    def __init__(self, seen: SeenRecords, notes: NotedChanges) -> None:
        self._cards = dict(seen.cards)
        self._serials = seen.serials
        self._notes = notes

    def find(self, secret: Secret) -> RechargeCard | None:
        return self._cards.get(secret)

    def by_serial(self, serial: str) -> RechargeCard | None:
        return self._serials.get(serial)

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        card = self._cards.get(secret)
        if card is None or card.state != "good":
            return False
        self._cards[secret] = replace(card, state="used")
        self._notes.changes.append(RedeemCard(msisdn, secret))
        return True


class CardsElsewhere:
    """commands.model.tickets.RechargeCards where nobody can ask the BOSS: any card may be good."""

    def find(self, secret: Secret) -> RechargeCard | None:
        return RechargeCard(0, UNSEEN)

    def by_serial(self, serial: str) -> RechargeCard | None:
        return RechargeCard(0, UNSEEN)

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        raise LookupError("only the BOSS can use a card up")


class BossProfiles:
    """commands.model.bills.SubscriberRecords. Of whom it was not asked, our own copy tells."""

    def __init__(self, seen: SeenRecords, own: SubscriberRecords) -> None:
        self._seen = seen
        self._own = own

    def of(self, msisdn: str) -> SubscriberRecord:
        record = self._seen.records.get(msisdn)
        return record.profile if record else self._own.of(msisdn)

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        self._own.join(msisdn, group, short_number)

    def by_short_number(self, group: str, short_number: str) -> str | None:
        return self._own.by_short_number(group, short_number)

    def billed_together(self, joint_account: str) -> Sequence[str]:
        return self._own.billed_together(joint_account)
