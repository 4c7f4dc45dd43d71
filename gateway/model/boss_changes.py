"""What a command changes at the BOSS, as values: sent there as one, then made in our own copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Protocol

from commands.model.accounts import Accounts, NumberState, Subscriptions
from commands.model.recharge_cards import RechargeCards
from commands.model.request import Secret


@dataclass(frozen=True, slots=True)
class Charge:
    msisdn: str
    fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Credit:
    msisdn: str
    fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class SetState:
    msisdn: str
    state: NumberState


@dataclass(frozen=True, slots=True)
class SetLanguage:
    msisdn: str
    language: str


@dataclass(frozen=True, slots=True)
class SetNextPlan:
    msisdn: str
    plan: str
    since: int


@dataclass(frozen=True, slots=True)
class ChangePlan:
    msisdn: str
    plan: str
    brand: str


@dataclass(frozen=True, slots=True)
class SpendPoints:
    msisdn: str
    points: int


@dataclass(frozen=True, slots=True)
class OpenService:
    msisdn: str
    service: str
    since: int


@dataclass(frozen=True, slots=True)
class CloseService:
    msisdn: str
    service: str
    until: int


@dataclass(frozen=True, slots=True)
class ReopenService:
    msisdn: str
    service: str
    now: int


@dataclass(frozen=True, slots=True)
class RedeemCard:
    msisdn: str
    card: Secret


BossChange = (
    Charge
    | Credit
    | SetState
    | SetLanguage
    | SetNextPlan
    | ChangePlan
    | SpendPoints
    | OpenService
    | CloseService
    | ReopenService
    | RedeemCard
)
_KINDS: Final[Mapping[str, type[BossChange]]] = {
    "charge": Charge,
    "credit": Credit,
    "state": SetState,
    "language": SetLanguage,
    "next_plan": SetNextPlan,
    "plan": ChangePlan,
    "points": SpendPoints,
    "open": OpenService,
    "close": CloseService,
    "reopen": ReopenService,
    "redeem": RedeemCard,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


def written(change: BossChange) -> dict[str, object]:
    """As it is sent: {"do": "charge", "msisdn": …}. A card's secret stands there in clear."""
    return {"do": _NAMES[type(change)]} | {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in asdict(change).items()
    }


def read(plain: Mapping[str, object]) -> BossChange:
    """What `written` wrote."""
    fields = {name: value for name, value in plain.items() if name != "do"}
    if "state" in fields:
        fields["state"] = NumberState(str(fields["state"]))
    if "card" in fields:
        fields["card"] = Secret(str(fields["card"]))
    return _KINDS[str(plain["do"])](**fields)  # type: ignore[arg-type]  # as `written` took them


class LocalCopy(Protocol):
    """The ports of one transaction on our own store."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def services(self) -> Subscriptions: ...
    @property
    def cards(self) -> RechargeCards: ...


def make(changes: Sequence[BossChange], copy: LocalCopy, order: int, now: int) -> None:
    """Make the same changes in our own copy. Who is not in it has nothing to be changed."""
    for change in changes:
        if copy.accounts.find(change.msisdn) is not None:
            _make(change, copy, order, now)


def _make(change: BossChange, copy: LocalCopy, order: int, now: int) -> None:
    who = change.msisdn
    match change:
        case Charge(fen=fen, reason=reason):
            copy.accounts.charge(who, fen, reason, order, now)
        case Credit(fen=fen, reason=reason):
            copy.accounts.credit(who, fen, reason, order, now)
        case SetState(state=state):
            copy.accounts.set_state(who, state)
        case SetLanguage(language=language):
            copy.accounts.set_language(who, language)
        case SetNextPlan(plan=plan, since=since):
            copy.accounts.set_next_plan(who, plan, since, order)
        case ChangePlan(plan=plan, brand=brand):
            copy.accounts.change_plan(who, plan, brand)
        case SpendPoints(points=points):
            copy.accounts.spend_points(who, points, order, now)
        case OpenService(service=service, since=since):
            copy.services.open(who, service, since, order)
        case CloseService(service=service, until=until):
            copy.services.close(who, service, until, order)
        case ReopenService(service=service, now=then):
            copy.services.reopen(who, service, then, order)
        case RedeemCard(card=card):
            copy.cards.redeem(card, who, now)  # false where only the BOSS has the card
