"""Sample subscribers and cards: those of conf/sample, and any number more by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from commands.mobile_number import ELEVEN_DIGITS
from commands.model.accounts import MonthUsage, NumberState, SubscriberAccount, Subscription
from commands.model.request import Secret
from commands.password.password_rules import broken_rule
from gateway.config.checked_yaml import BadFile, CheckedFile, Finding, read
from gateway.config.sample.history import (
    Day,
    SampleHistory,
    SampleHistoryRow,
    ShortNumber,
    history_of,
    moment,
)
from tariffs.catalogue import Catalogue
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import Count, StrictRow, Yuan, fen

CardState = Literal["good", "used", "expired", "locked"]

FIRST_NUMBER: Final = 13_900_000_000
FIRST_CARD: Final = 870_000_000_000_000_000
FIRST_SERIAL: Final = 20_261_000_000_000_000  # printed on them


@dataclass(frozen=True, slots=True)
class Invitation:
    """A group wants them in its V-net."""

    group: str
    short_number: str


@dataclass(frozen=True, slots=True)
class Persona:
    """A sample subscriber with everything that the store keeps of one. Usage is this month's."""

    account: SubscriberAccount
    password: Secret
    weak: bool
    name: str
    certificate: Secret
    initial: bool = False
    subscriptions: tuple[Subscription, ...] = ()
    usage: tuple[MonthUsage, ...] = ()
    past: SampleHistory = field(default_factory=SampleHistory)
    invited: Invitation | None = None


@dataclass(frozen=True, slots=True)
class SampleCard:
    secret: Secret
    face_fen: int
    state: CardState = "good"
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    personas: tuple[Persona, ...]
    cards: tuple[SampleCard, ...]


# -- what conf/sample/personas.yaml may say ------------------------------------------------------


def signed_fen(yuan: object) -> int:
    """Yuan as fen; who owes has less than nothing."""
    negative = isinstance(yuan, int | float) and yuan < 0
    return -fen(-yuan) if negative else fen(yuan)  # type: ignore[operator]  # a number, seen above


Number = Annotated[str, Field(pattern=rf"^{ELEVEN_DIGITS}$")]


class PersonRow(StrictRow):
    name: str
    certificate: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$")]


class InvitationRow(StrictRow):
    name: str
    short_number: ShortNumber


class PersonaRow(SampleHistoryRow):
    person: str
    plan: str
    password: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    initial: bool = False
    prepaid: bool = True
    real_named: bool = True
    state: Annotated[NumberState, Field(strict=False)] = NumberState.NORMAL
    balance: Annotated[int, BeforeValidator(signed_fen)]
    used: Yuan = 0
    past_due: Yuan = 0
    star: Annotated[int, Field(ge=0, le=5)] = 0
    points: Count = 0
    classes: list[Literal["red", "black", "vip"]] = Field(default_factory=list)
    language: Literal["zh", "en"] = "zh"
    plan_until: Day | None = None
    services: dict[str, Day] = Field(default_factory=dict)
    usage: dict[str, Count] = Field(default_factory=dict)
    invited: InvitationRow | None = None


class CardRow(StrictRow):
    face: Yuan
    state: CardState = "good"
    serial: Annotated[str, Field(pattern=r"^[0-9]{17}$")]


class Personas(StrictRow):
    """conf/sample/personas.yaml."""

    people: dict[str, PersonRow]
    personas: dict[Number, PersonaRow]
    cards: dict[Annotated[str, Field(pattern=r"^[0-9]{18}$")], CardRow]


def load(path: Path, catalogue: Catalogue) -> Sample:
    """The personas and their cards. Raises BadFile."""
    loaded = read(path, Personas)
    findings = problems(loaded, catalogue)
    if findings:
        raise BadFile(findings)
    sheet = loaded.value
    return Sample(
        tuple(_persona(sheet, number, row, catalogue) for number, row in sheet.personas.items()),
        tuple(SampleCard(Secret(s), r.face, r.state, r.serial) for s, r in sheet.cards.items()),
    )


def problems(loaded: CheckedFile[Personas], catalogue: Catalogue) -> list[Finding]:
    """What the personas have that people or the catalogue do not."""
    return loaded.findings(_unknown(loaded.value, catalogue))


def _unknown(sheet: Personas, catalogue: Catalogue) -> Iterator[FileProblem]:
    for number, row in sheet.personas.items():
        here: FilePlace = ("personas", number)
        if row.person not in sheet.people:
            yield FileProblem((*here, "person"), f"people has no '{row.person}'", "Add them there")
        if row.plan not in catalogue.plans:
            what, fix = f"conf/tariffs has no plan '{row.plan}'", one_of(catalogue.plans, row.plan)
            yield FileProblem((*here, "plan"), what, fix)
        for code in row.services.keys() - catalogue.services.keys():
            yield FileProblem((*here, "services", code), f"conf/tariffs has no service '{code}'")
        for code in row.usage.keys() - catalogue.items.keys():
            yield FileProblem((*here, "usage", code), f"conf/tariffs has no item '{code}'")
        if row.group and (missing := set(row.group.pays) - catalogue.services.keys()):
            what = f"conf/tariffs has no service '{missing.pop()}'"
            yield FileProblem((*here, "group", "pays"), what)
        if row.bills and (billed := history_of(row, catalogue.zone).month_fen(0)) != row.used:
            what = (
                f"the running month's bill is {billed / 100:.2f}, not the {row.used / 100:.2f} used"
            )
            yield FileProblem((*here, "bills"), what, "Both are told to the same subscriber")


def _persona(sheet: Personas, number: str, row: PersonaRow, catalogue: Catalogue) -> Persona:
    person, zone = sheet.people[row.person], catalogue.zone
    return Persona(
        account=_account(number, row, catalogue),
        password=Secret(row.password),
        weak=broken_rule(row.password, number, [person.certificate]) is not None,
        name=person.name,
        certificate=Secret(person.certificate),
        initial=row.initial,
        subscriptions=tuple(
            Subscription(code, moment(since, zone)) for code, since in row.services.items()
        ),
        usage=tuple(MonthUsage(item, used) for item, used in row.usage.items()),
        past=history_of(row, zone),
        invited=Invitation(row.invited.name, row.invited.short_number) if row.invited else None,
    )


def _account(number: str, row: PersonaRow, catalogue: Catalogue) -> SubscriberAccount:
    return SubscriberAccount(
        msisdn=number,
        brand=catalogue.plans[row.plan].brand,
        plan=row.plan,
        prepaid=row.prepaid,
        real_named=row.real_named,
        state=row.state,
        balance_fen=row.balance,
        used_fen=row.used,
        past_due_fen=row.past_due,
        star=row.star,
        points=row.points,
        classes=frozenset(row.classes),
        language=row.language,
        plan_until=moment(row.plan_until, catalogue.zone),
    )


# -- any number more -----------------------------------------------------------------------------


def subscriber(place: int) -> Persona:
    """Sample subscriber number `place`, counted from 0: 139…, plan QQT88, no name, no services."""
    number = str(FIRST_NUMBER + place)
    account = SubscriberAccount(
        msisdn=number,
        brand="QQT",
        plan="QQT88",
        prepaid=True,
        real_named=True,
        state=NumberState.NORMAL,
        balance_fen=place % 10_000,
        used_fen=0,
    )
    password = Secret(password_of(place, number))
    return Persona(account, password, weak=False, name="", certificate=Secret(""))


def password_of(place: int, number: str) -> str:
    """Six digits that look like chance and break no rule, the same every time."""
    # The factor has no divisor in common with 1,000,000: neighbours get different passwords.
    digits = (place * 738_271 + 190_523) % 1_000_000
    while broken_rule(f"{digits:06}", number, ()) is not None:
        digits = (digits + 7_919) % 1_000_000
    return f"{digits:06}"


def card(place: int) -> SampleCard:
    """Sample card number `place`: good for 50 yuan."""
    return SampleCard(Secret(str(FIRST_CARD + place)), 5_000, serial=str(FIRST_SERIAL + place))


def shown(place: int) -> str:
    """Sample subscriber number `place`, for who wants to try it: number and service password."""
    one = subscriber(place)
    return f"{one.account.msisdn} {one.password.reveal()}"
