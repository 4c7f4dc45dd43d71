"""The ports of commands/ports.py in memory, and a hall made of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.keeping import Card
from commands.ports import (
    Account,
    Hall,
    Matter,
    Order,
    PasswordState,
    Settings,
    State,
    Subscription,
    Tries,
    Usage,
    Verdict,
)
from commands.vocabulary import Secret
from gateway import conf, sample
from gateway.boss.ports import CardsElsewhere
from gateway.past import Past
from tariffs.catalogue import Catalogue
from tariffs.label import Label
from tests.commands.keepers import (
    FakeBills,
    FakeCards,
    FakeCodes,
    FakeErrands,
    FakeLinks,
    FakePeople,
    FakePreferences,
    FakeProfiles,
    FakeStrikes,
    FakeTally,
    FakeTickets,
)

OWN_CONF = Path(__file__).parents[2] / "conf"
LINK_BASE = "https://10086.example/x/"
SIGNATURE = Label("【中国移动】", " (China Mobile)")
NOW = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
NEXT_MONTH = 1_796_054_400  # 1 December 2026, 0:00 there


@cache
def own_conf() -> conf.Conf:
    """The project's own conf/."""
    return conf.load(OWN_CONF, signature=SIGNATURE)


@cache
def built_conf() -> conf.Conf:
    """The same as if everything in it were built: no row says that it cannot be had yet."""
    with TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(OWN_CONF, Path(folder) / "conf", ignore=_NO_STORE))
        sheet = copied / "commands.yaml"
        lines = sheet.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("    unavailable:")]
        assert len(kept) < len(lines)
        sheet.write_text("".join(kept), encoding="utf-8")
        return conf.load(copied, signature=SIGNATURE)


_NO_STORE = shutil.ignore_patterns("var")


@dataclass
class FakeAccounts:
    by_number: dict[str, Account] = field(default_factory=dict)
    charges: list[tuple[str, int, str, int]] = field(default_factory=list)
    credits: list[tuple[str, int, str, int]] = field(default_factory=list)

    def find(self, msisdn: str) -> Account | None:
        return self.by_number.get(msisdn)

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        before = self.by_number[msisdn]
        balance = before.balance_fen + fen
        stopped = before.state is State.ARREARS and balance < 0
        state = before.state if stopped or before.state is not State.ARREARS else State.NORMAL
        due = max(0, before.past_due_fen - fen)
        self.credits.append((msisdn, fen, reason, order))
        return self._put(replace(before, balance_fen=balance, state=state, past_due_fen=due))

    def set_state(self, msisdn: str, state: State) -> Account:
        return self._put(replace(self.by_number[msisdn], state=state))

    def set_language(self, msisdn: str, language: str) -> None:
        self._put(replace(self.by_number[msisdn], language=language))

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        self._put(replace(self.by_number[msisdn], next_plan=plan, next_plan_at=since))

    def change_plan(self, msisdn: str, plan: str, brand: str) -> Account:
        fresh = replace(self.by_number[msisdn], plan=plan, brand=brand, plan_until=0)
        return self._put(replace(fresh, next_plan="", next_plan_at=0))

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> Account:
        before = self.by_number[msisdn]
        return self._put(replace(before, points=before.points - points))

    def _put(self, account: Account) -> Account:
        self.by_number[account.msisdn] = account
        return account

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        before = self.by_number[msisdn]
        balance, used = before.balance_fen - fen, before.used_fen + fen
        self.by_number[msisdn] = replace(before, balance_fen=balance, used_fen=used)
        self.charges.append((msisdn, fen, reason, order))
        return self.by_number[msisdn]


@dataclass
class FakeServices:
    had: dict[str, list[Subscription]] = field(default_factory=dict)
    used: dict[str, list[Usage]] = field(default_factory=dict)

    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        mine = self.had.get(msisdn, [])
        return [s for s in mine if not s.until or s.until > max(now, s.since)]

    def usage(self, msisdn: str, now: int) -> Sequence[Usage]:
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
    wrong: dict[str, Tries] = field(default_factory=dict)

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

    def tries(self, msisdn: str) -> Tries:
        return self.wrong.get(msisdn, Tries())

    def record_tries(self, msisdn: str, tries: Tries) -> None:
        self.wrong[msisdn] = tries


@dataclass
class FakeOrders:
    placed: dict[int, Order] = field(default_factory=dict)
    answers: list[tuple[int, str]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def shown(self, order: int, text: str, now: int) -> None:
        self.texts[order] = text
        if order in self.placed:
            self.placed[order] = replace(self.placed[order], shown_at=now)

    def propose(self, order: Order) -> None:
        self.placed[order.id] = order

    def consume(self, order: int, answer: str, now: int) -> Order | None:
        found = self.placed.get(order)
        if found is None or found.expires_at <= now or not found.shown_at:
            return None
        self.answers.append((order, answer))
        return self.placed.pop(order)

    def decline(self, order: int, answer: str, now: int) -> Order | None:
        return self.placed.pop(order, None)

    def find(self, order: int) -> Order | None:
        return self.placed.get(order)

    def waiting(self, subject: str, action: str, now: int) -> Order | None:
        for order in reversed(self.placed.values()):
            if (order.subject, order.action) == (subject, action) and order.expires_at > now:
                return order
        return None


@dataclass
class FakeChance:
    """Draws what it was given, in turn."""

    draws: list[str] = field(default_factory=list)

    def digits(self, count: int) -> str:
        return self.draws.pop(0)


class FakeQuota:
    def take(self, msisdn: str, now: int, matter: Matter) -> Verdict:
        return Verdict(allowed=True)


@dataclass
class World:
    """A hall with the sample's subscribers in it, all of it in memory."""

    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    services: FakeServices = field(default_factory=FakeServices)
    passwords: FakePasswords = field(default_factory=FakePasswords)
    orders: FakeOrders = field(default_factory=FakeOrders)
    chance: FakeChance = field(default_factory=FakeChance)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    bills: FakeBills = field(default_factory=FakeBills)
    people: FakePeople = field(default_factory=FakePeople)
    strikes: FakeStrikes = field(default_factory=FakeStrikes)
    codes: FakeCodes = field(default_factory=FakeCodes)
    cards: FakeCards = field(default_factory=FakeCards)
    tickets: FakeTickets = field(default_factory=FakeTickets)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    links: FakeLinks = field(default_factory=FakeLinks)
    tally: FakeTally = field(default_factory=FakeTally)
    errands: FakeErrands | None = None  # there is no BOSS
    catalogue: Catalogue = field(default_factory=lambda: own_conf().catalogue)
    settings: Settings = field(
        default_factory=lambda: replace(own_conf().register.settings, link_base=LINK_BASE)
    )

    def hall(self) -> Hall:
        return Hall(
            self.accounts,
            self.services,
            self.passwords,
            self.orders,
            self.catalogue,
            self.chance,
            FakeQuota(),
            self.profiles,
            self.bills,
            self.people,
            self.strikes,
            self.codes,
            CardsElsewhere() if self.errands else self.cards,
            self.tickets,
            self.preferences,
            self.links,
            self.settings,
            own_conf().regions,
            own_conf().holidays,
            self.tally,
            self.errands,
        )

    def admit(self, persona: sample.Persona) -> None:
        number = persona.account.msisdn
        self.accounts.by_number[number] = persona.account
        self.services.had[number] = list(persona.subscriptions)
        self.services.used[number] = list(persona.usage)
        self.passwords.by_number[number] = persona.password
        self.passwords.states[number] = PasswordState(persona.weak, persona.initial)
        self.passwords.certificates[number] = persona.certificate
        self.people.certificates[number] = persona.certificate
        self.people.names[number] = persona.name
        self._remember(number, persona.past)

    def _remember(self, number: str, past: Past) -> None:
        """As if the sample had been loaded at NOW."""
        records = past.at(NOW, self.catalogue.zone)
        self.profiles.by_number[number] = records.profile
        if past.puk:
            self.people.puks[number] = past.puk
        for month, line in records.lines:
            self.bills.lines.setdefault((number, month), []).append(line)
        for month, fee in records.fees:
            self.bills.fees.setdefault((number, month), []).append(fee)
        self.bills.paid[number] = sorted(records.payments, key=lambda paid: -paid.at)
        self.bills.returned[number] = sorted(records.rebates, key=lambda back: -back.at)

    def account(self, number: str) -> Account:
        return self.accounts.by_number[number]

    def alter(self, number: str, **changes: object) -> None:
        """Something about a subscriber is otherwise than in the sample."""
        self.accounts.by_number[number] = replace(self.account(number), **changes)  # type: ignore[arg-type]

    def running(self, number: str, now: int = NOW) -> list[str]:
        return [subscription.service for subscription in self.services.of(number, now)]


def world(personas: Iterable[sample.Persona] | None = None) -> World:
    """By default with the ten personas of conf/sample."""
    made = World()
    for persona in own_sample().personas if personas is None else personas:
        made.admit(persona)
    for card in own_sample().cards:
        made.cards.by_secret[card.secret] = Card(card.face_fen, card.state)
        made.cards.serials[card.serial] = card.secret
    return made


@cache
def own_sample() -> sample.Sample:
    return sample.load(OWN_CONF / "sample/personas.yaml", own_conf().catalogue)


def an_account(number: str = "13800138001", **changes: object) -> Account:
    """Somebody ordinary, and what is special about them."""
    ordinary = Account(number, "QQT", "QQT88", True, True, State.NORMAL, 5000, 0)
    return replace(ordinary, **changes)  # type: ignore[arg-type]
