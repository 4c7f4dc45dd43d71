"""The ports of commands/ports.py over what the BOSS has said of one subscriber.

Reading asks nobody: everything was fetched before. Writing only notes what is to be changed; the
notes are sent as one, with the versions that were seen, so that nothing is decided on what has
changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from commands.keeping import UNSEEN, Card
from commands.ports import Account, State, Subscription, Usage
from commands.records import Profile, Profiles
from commands.vocabulary import Secret
from gateway.boss.changes import (
    Change,
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
class Record:
    """A subscriber at the BOSS. The version rises with each change."""

    version: int
    account: Account
    services: tuple[Subscription, ...] = ()
    usage: tuple[Usage, ...] = ()
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was fetched for one errand: who is not among them is no subscriber."""

    records: Mapping[str, Record]
    cards: Mapping[Secret, Card] = field(default_factory=dict)
    serials: Mapping[str, Card] = field(default_factory=dict)  # by the number printed on them

    def versions(self) -> dict[str, int]:
        return {number: record.version for number, record in self.records.items()}


@dataclass(slots=True)
class Notes:
    """What is to be changed, in order."""

    changes: list[Change] = field(default_factory=list)


_Meant = Callable[[Subscription], bool]


class BossAccounts:
    """commands.ports.Accounts."""

    def __init__(self, seen: Seen, notes: Notes) -> None:
        self._known = {number: record.account for number, record in seen.records.items()}
        self._notes = notes

    def find(self, msisdn: str) -> Account | None:
        return self._known.get(msisdn)

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        before = self._account(msisdn)
        paid = replace(before, balance_fen=before.balance_fen - fen, used_fen=before.used_fen + fen)
        return self._note(Charge(msisdn, fen, reason), paid)

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        """As the BOSS does: what is past due is paid first, and who owes nothing is back."""
        before = self._account(msisdn)
        balance, due = before.balance_fen + fen, max(0, before.past_due_fen - fen)
        back = before.state is State.ARREARS and balance >= 0
        state = State.NORMAL if back else before.state
        after = replace(before, balance_fen=balance, past_due_fen=due, state=state)
        return self._note(Credit(msisdn, fen, reason), after)

    def set_state(self, msisdn: str, state: State) -> Account:
        return self._note(SetState(msisdn, state), replace(self._account(msisdn), state=state))

    def set_language(self, msisdn: str, language: str) -> None:
        after = replace(self._account(msisdn), language=language)
        self._note(SetLanguage(msisdn, language), after)

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        after = replace(self._account(msisdn), next_plan=plan, next_plan_at=since)
        self._note(SetNextPlan(msisdn, plan, since), after)

    def change_plan(self, msisdn: str, plan: str, brand: str) -> Account:
        fresh = replace(self._account(msisdn), plan=plan, brand=brand, plan_until=0)
        after = replace(fresh, next_plan="", next_plan_at=0)
        return self._note(ChangePlan(msisdn, plan, brand), after)

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> Account:
        before = self._account(msisdn)
        after = replace(before, points=before.points - points)
        return self._note(SpendPoints(msisdn, points), after)

    def _note(self, change: Change, after: Account) -> Account:
        self._notes.changes.append(change)
        self._known[after.msisdn] = after
        return after

    def _account(self, msisdn: str) -> Account:
        if (found := self.find(msisdn)) is None:
            raise LookupError("a change for a number that the BOSS does not know")
        return found


class BossServices:
    """commands.ports.Services."""

    def __init__(self, seen: Seen, notes: Notes) -> None:
        self._had = {number: list(record.services) for number, record in seen.records.items()}
        self._used = {number: record.usage for number, record in seen.records.items()}
        self._notes = notes

    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        mine = self._had.get(msisdn, [])
        return [one for one in mine if not one.until or one.until > max(now, one.since)]

    def usage(self, msisdn: str, now: int) -> Sequence[Usage]:
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
    """commands.keeping.Cards."""

    def __init__(self, seen: Seen, notes: Notes) -> None:
        self._cards = dict(seen.cards)
        self._serials = seen.serials
        self._notes = notes

    def find(self, secret: Secret) -> Card | None:
        return self._cards.get(secret)

    def by_serial(self, serial: str) -> Card | None:
        return self._serials.get(serial)

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        card = self._cards.get(secret)
        if card is None or card.state != "good":
            return False
        self._cards[secret] = replace(card, state="used")
        self._notes.changes.append(RedeemCard(msisdn, secret))
        return True


class CardsElsewhere:
    """commands.keeping.Cards at the counter, where nobody can ask the BOSS: any card may be
    good."""

    def find(self, secret: Secret) -> Card | None:
        return Card(0, UNSEEN)

    def by_serial(self, serial: str) -> Card | None:
        return Card(0, UNSEEN)

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        raise LookupError("only the BOSS can use a card up")


class BossProfiles:
    """commands.records.Profiles. Of whom it was not asked, our own copy tells."""

    def __init__(self, seen: Seen, own: Profiles) -> None:
        self._seen = seen
        self._own = own

    def of(self, msisdn: str) -> Profile:
        record = self._seen.records.get(msisdn)
        return record.profile if record else self._own.of(msisdn)

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        self._own.join(msisdn, group, short_number)

    def by_short_number(self, group: str, short_number: str) -> str | None:
        return self._own.by_short_number(group, short_number)

    def billed_together(self, joint_account: str) -> Sequence[str]:
        return self._own.billed_together(joint_account)
