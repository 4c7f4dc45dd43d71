"""Ports of commands/model in memory, and a hall made of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.model.accounts import MonthUsage, NumberState, SubscriberAccount, Subscription
from commands.model.credentials import PasswordState, PasswordTries
from commands.model.hall import Hall
from commands.model.orders import PlacedOrder
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from commands.model.request_quota import QuotaCategory, QuotaDecision
from commands.model.settings import HallSettings
from gateway.boss.ports import CardsElsewhere
from gateway.config import business
from gateway.config.sample import people as sample_people
from gateway.config.sample.history import SampleHistory
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Catalogue
from tests.commands.fake_records import (
    FakeAttemptCounts,
    FakeBills,
    FakeBossJobs,
    FakeBusinessCounts,
    FakeOneTimeLinks,
    FakePreferences,
    FakeRandomCodes,
    FakeRechargeCards,
    FakeRegisteredOwners,
    FakeSubscriberRecords,
    FakeTickets,
)

OWN_CONF = Path(__file__).parents[2] / "conf"
LINK_BASE = "https://10086.example/x/"
SIGNATURE = BilingualName("【中国移动】", " (China Mobile)")
NOW = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
NEXT_MONTH = 1_796_054_400  # 1 December 2026, 0:00 there


@cache
def own_conf() -> business.BusinessConfiguration:
    """The project's own conf/."""
    return business.load(OWN_CONF, signature=SIGNATURE)


@cache
def built_conf() -> business.BusinessConfiguration:
    """The same as if everything in it were built: no row says that it cannot be had yet."""
    with TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(OWN_CONF, Path(folder) / "conf", ignore=_NO_STORE))
        sheet = copied / "commands.yaml"
        lines = sheet.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("    unavailable:")]
        assert len(kept) < len(lines)
        sheet.write_text("".join(kept), encoding="utf-8")
        return business.load(copied, signature=SIGNATURE)


_NO_STORE = shutil.ignore_patterns("var")


@dataclass
class FakeAccounts:
    by_number: dict[str, SubscriberAccount] = field(default_factory=dict)
    charges: list[tuple[str, int, str, int]] = field(default_factory=list)
    credits: list[tuple[str, int, str, int]] = field(default_factory=list)

    def find(self, msisdn: str) -> SubscriberAccount | None:
        return self.by_number.get(msisdn)

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        before = self.by_number[msisdn]
        balance = before.balance_fen + fen
        stopped = before.state is NumberState.ARREARS and balance < 0
        state = (
            before.state
            if stopped or before.state is not NumberState.ARREARS
            else NumberState.NORMAL
        )
        due = max(0, before.past_due_fen - fen)
        self.credits.append((msisdn, fen, reason, order))
        return self._put(replace(before, balance_fen=balance, state=state, past_due_fen=due))

    def set_state(self, msisdn: str, state: NumberState) -> SubscriberAccount:
        return self._put(replace(self.by_number[msisdn], state=state))

    def set_language(self, msisdn: str, language: str) -> None:
        self._put(replace(self.by_number[msisdn], language=language))

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        self._put(replace(self.by_number[msisdn], next_plan=plan, next_plan_at=since))

    def change_plan(self, msisdn: str, plan: str, brand: str) -> SubscriberAccount:
        fresh = replace(self.by_number[msisdn], plan=plan, brand=brand, plan_until=0)
        return self._put(replace(fresh, next_plan="", next_plan_at=0))

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> SubscriberAccount:
        before = self.by_number[msisdn]
        return self._put(replace(before, points=before.points - points))

    def _put(self, account: SubscriberAccount) -> SubscriberAccount:
        self.by_number[account.msisdn] = account
        return account

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        before = self.by_number[msisdn]
        balance, used = before.balance_fen - fen, before.used_fen + fen
        self.by_number[msisdn] = replace(before, balance_fen=balance, used_fen=used)
        self.charges.append((msisdn, fen, reason, order))
        return self.by_number[msisdn]


@dataclass
class FakeSubscriptions:
    had: dict[str, list[Subscription]] = field(default_factory=dict)
    used: dict[str, list[MonthUsage]] = field(default_factory=dict)

    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        mine = self.had.get(msisdn, [])
        return [s for s in mine if not s.until or s.until > max(now, s.since)]

    def usage(self, msisdn: str, now: int) -> Sequence[MonthUsage]:
        return self.used.get(msisdn, [])

    def open(self, msisdn: str, service: str, since: int, order: int) -> None:
        self.had.setdefault(msisdn, []).append(Subscription(service, since))

    def close(self, msisdn: str, service: str, until: int, order: int) -> None:
        self.had[msisdn] = [
            replace(s, until=until)
            if s.service == service and (not s.until or s.until > until)
            else s
            for s in self.had[msisdn]
        ]

    def reopen(self, msisdn: str, service: str, now: int, order: int) -> None:
        self.had[msisdn] = [
            replace(s, until=0) if s.service == service and s.until > now else s
            for s in self.had[msisdn]
        ]


@dataclass
class FakePasswords:
    by_number: dict[str, Secret] = field(default_factory=dict)
    states: dict[str, PasswordState] = field(default_factory=dict)
    certificates: dict[str, Secret] = field(default_factory=dict)
    wrong: dict[str, PasswordTries] = field(default_factory=dict)

    def matches(self, msisdn: str, password: Secret) -> bool:
        return self.by_number.get(msisdn) == password

    def state(self, msisdn: str) -> PasswordState:
        return self.states.get(msisdn, PasswordState(weak=False, initial=False))

    def change(self, msisdn: str, password: Secret, *, weak: bool, initial: bool, now: int) -> None:
        self.by_number[msisdn] = password
        self.states[msisdn] = PasswordState(weak, initial)

    def forbidden_digits(self, msisdn: str) -> Sequence[Secret]:
        return [self.certificates[msisdn]] if msisdn in self.certificates else []

    def mark(self, password: Secret) -> str:
        return f"mark {hash(password.reveal()):x}"

    def tries(self, msisdn: str) -> PasswordTries:
        return self.wrong.get(msisdn, PasswordTries())

    def record_tries(self, msisdn: str, tries: PasswordTries) -> None:
        self.wrong[msisdn] = tries


@dataclass
class FakeOrders:
    placed: dict[int, PlacedOrder] = field(default_factory=dict)
    answers: list[tuple[int, str]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)

    def shown(self, order: int, text: str, now: int) -> None:
        self.texts[order] = text
        if order in self.placed:
            self.placed[order] = replace(self.placed[order], shown_at=now)

    def propose(self, order: PlacedOrder) -> None:
        self.placed[order.id] = order

    def consume(self, order: int, answer: str, now: int) -> PlacedOrder | None:
        found = self.placed.get(order)
        if found is None or found.expires_at <= now or not found.shown_at:
            return None
        self.answers.append((order, answer))
        return self.placed.pop(order)

    def ended(self, order: int, result: str) -> None:
        self.ends[order] = result

    def decline(self, order: int, answer: str, now: int) -> PlacedOrder | None:
        return self.placed.pop(order, None)

    def find(self, order: int) -> PlacedOrder | None:
        return self.placed.get(order)

    def waiting(self, subject: str, action: str, now: int) -> PlacedOrder | None:
        for order in reversed(self.placed.values()):
            if (order.subject, order.action) == (subject, action) and order.expires_at > now:
                return order
        return None


@dataclass
class FakeRandomSource:
    """Draws what it was given, in turn."""

    draws: list[str] = field(default_factory=list)

    def digits(self, count: int) -> str:
        return self.draws.pop(0)


class FakeQuota:
    def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
        return QuotaDecision(allowed=True)


@dataclass
class HallWorld:
    """A hall with the sample's subscribers in it, all of it in memory."""

    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    services: FakeSubscriptions = field(default_factory=FakeSubscriptions)
    passwords: FakePasswords = field(default_factory=FakePasswords)
    orders: FakeOrders = field(default_factory=FakeOrders)
    random: FakeRandomSource = field(default_factory=FakeRandomSource)
    records: FakeSubscriberRecords = field(default_factory=FakeSubscriberRecords)
    bills: FakeBills = field(default_factory=FakeBills)
    owners: FakeRegisteredOwners = field(default_factory=FakeRegisteredOwners)
    attempts: FakeAttemptCounts = field(default_factory=FakeAttemptCounts)
    codes: FakeRandomCodes = field(default_factory=FakeRandomCodes)
    cards: FakeRechargeCards = field(default_factory=FakeRechargeCards)
    tickets: FakeTickets = field(default_factory=FakeTickets)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    links: FakeOneTimeLinks = field(default_factory=FakeOneTimeLinks)
    business_counts: FakeBusinessCounts = field(default_factory=FakeBusinessCounts)
    boss_jobs: FakeBossJobs | None = None  # there is no BOSS
    catalogue: Catalogue = field(default_factory=lambda: own_conf().catalogue)
    settings: HallSettings = field(
        default_factory=lambda: replace(own_conf().register.settings, link_base=LINK_BASE)
    )

    def hall(self) -> Hall:
        return Hall(
            self.accounts,
            self.services,
            self.passwords,
            self.orders,
            self.catalogue,
            self.random,
            FakeQuota(),
            self.records,
            self.bills,
            self.owners,
            self.attempts,
            self.codes,
            CardsElsewhere() if self.boss_jobs else self.cards,
            self.tickets,
            self.preferences,
            self.links,
            self.settings,
            own_conf().regions,
            own_conf().holidays,
            self.business_counts,
            self.boss_jobs,
        )

    def admit(self, persona: sample_people.Persona) -> None:
        number = persona.account.msisdn
        self.accounts.by_number[number] = persona.account
        self.services.had[number] = list(persona.subscriptions)
        self.services.used[number] = list(persona.usage)
        self.passwords.by_number[number] = persona.password
        self.passwords.states[number] = PasswordState(persona.weak, persona.initial)
        self.passwords.certificates[number] = persona.certificate
        self.owners.certificates[number] = persona.certificate
        self.owners.names[number] = persona.name
        self._remember(number, persona.past)

    def _remember(self, number: str, past: SampleHistory) -> None:
        """As if the sample had been loaded at NOW."""
        records = past.at(NOW, self.catalogue.zone)
        self.records.by_number[number] = records.profile
        if past.puk:
            self.owners.puks[number] = past.puk
        for month, line in records.lines:
            self.bills.lines.setdefault((number, month), []).append(line)
        for month, fee in records.fees:
            self.bills.fees.setdefault((number, month), []).append(fee)
        self.bills.paid[number] = sorted(records.payments, key=lambda paid: -paid.at)
        self.bills.returned[number] = sorted(records.rebates, key=lambda back: -back.at)

    def account(self, number: str) -> SubscriberAccount:
        return self.accounts.by_number[number]

    def alter(self, number: str, **changes: object) -> None:
        """Something about a subscriber is otherwise than in the sample."""
        self.accounts.by_number[number] = replace(self.account(number), **changes)  # type: ignore[arg-type]

    def running(self, number: str, now: int = NOW) -> list[str]:
        return [subscription.service for subscription in self.services.of(number, now)]


def world(personas: Iterable[sample_people.Persona] | None = None) -> HallWorld:
    """By default with the ten personas of conf/sample."""
    made = HallWorld()
    for persona in own_sample().personas if personas is None else personas:
        made.admit(persona)
    for card in own_sample().cards:
        made.cards.by_secret[card.secret] = RechargeCard(card.face_fen, card.state)
        made.cards.serials[card.serial] = card.secret
    return made


@cache
def own_sample() -> sample_people.Sample:
    return sample_people.load(OWN_CONF / "sample/personas.yaml", own_conf().catalogue)


def an_account(number: str = "13800138001", **changes: object) -> SubscriberAccount:
    """Somebody ordinary, and what is special about them."""
    ordinary = SubscriberAccount(number, "QQT", "QQT88", True, True, NumberState.NORMAL, 5000, 0)
    return replace(ordinary, **changes)  # type: ignore[arg-type]
