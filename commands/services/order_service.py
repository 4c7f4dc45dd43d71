"""KTEDU40, KTCL: adding a service. It is paid for the whole month when it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commands.model.accounts import SubscriberAccount, Subscription
from commands.model.hall import Hall
from commands.model.request import Arguments, ConfirmRule, Refusal, Reply, Request
from commands.model.subscriber_lookup import not_sold, ready_to_order, running
from commands.model.subscriber_records import SubscriberRecord
from commands.services.service_fees import service_fees
from tariffs import rules
from tariffs.catalogue import Service

OVERDRAFT: Final = "TZ"  # 信用透支: whoever has it may owe up to their credit


@dataclass(frozen=True, slots=True)
class _Deal:
    """What would be done: the service, from when, for how much, and what it takes the place of."""

    account: SubscriberAccount
    service: Service
    begins: int
    fee_fen: int
    replaces: tuple[Service, ...]

    def terms(self) -> dict[str, str]:
        """What the subscriber agrees to besides the service itself."""
        return {"fee": str(self.fee_fen), "replaces": ",".join(s.code for s in self.replaces)}


def propose(request: Request, hall: Hall) -> Reply:
    """Name, price, content and effect, for the confirm."""
    deal = _deal(request, hall)
    text = "sv.conflict" if deal.replaces else "sv.confirm"
    if request.spec.confirm is ConfirmRule.ONCE:
        text += ".once"
    return Reply(text, _facts(deal, request, hall))


def terms(request: Request, hall: Hall) -> Arguments:
    """The price, and what would end for it: an order keeps them until its confirm."""
    return _deal(request, hall).terms()


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Open it, charge the month if it begins at once, and end what it replaces."""
    deal = _deal(request, hall)
    _as_agreed(deal, request)
    subject, service = request.subject, deal.service
    for replaced in deal.replaces:
        hall.services.close(subject, replaced.code, deal.begins, request.id)
    if deal.fee_fen and deal.begins <= request.now:
        hall.accounts.charge(subject, deal.fee_fen, service.code, request.id, request.now)
    hall.services.open(subject, service.code, deal.begins, request.id)
    return (Reply("sv.ok", _facts(deal, request, hall)),)


def _as_agreed(deal: _Deal, request: Request) -> None:
    """Prices and services may have changed since the proposal. Raises Refusal if they have."""
    for name, value in deal.terms().items():
        if request.args.get(name, value) != value:
            raise Refusal("sv.err.changed", {"name": deal.service.name})


def _facts(deal: _Deal, request: Request, hall: Hall) -> dict[str, object]:
    return {
        "name": deal.service.name,
        "fee": deal.fee_fen,
        "includes": hall.catalogue.amounts(deal.service.includes),
        "note": deal.service.note,
        "at_once": deal.begins <= request.now,
        "begins": deal.begins,
        "old": [service.name for service in deal.replaces],
        "cancel_code": deal.service.cancel_code,
    }


def _deal(request: Request, hall: Hall) -> _Deal:
    """Whether it can be done, and how. Raises Refusal."""
    account = ready_to_order(request, hall)
    service = hall.catalogue.service(str(request.args["service"]))
    if service is None:  # the catalogue has changed since it was proposed
        raise Refusal("sv.err.gone")
    mine = running(request, hall)
    held = [subscription.service for subscription in mine]
    _not_ending(service, mine)
    replaces = _to_replace(
        service, rules.order_obstacle(service, account.brand, held, hall.catalogue), request, hall
    )
    prices = service_fees(request, hall)
    profile, fee = prices.profile, prices.of(service)
    _trusted(service, account, profile)
    begins = rules.begins(service, request.now, hall.catalogue)
    overdraft = profile.credit_fen if OVERDRAFT in held else 0
    if account.prepaid and begins <= request.now and account.balance_fen + overdraft < fee:
        raise Refusal(
            "sv.err.balance",
            {"name": service.name, "fee": fee, "balance": account.balance_fen},
        )
    return _Deal(account, service, begins, fee, replaces)


def _trusted(service: Service, account: SubscriberAccount, profile: SubscriberRecord) -> None:
    """Some services are given on credit, or for a deposit. Raises Refusal."""
    if account.star < service.star:
        raise Refusal("sv.err.star", {"name": service.name, "star": service.star})
    if account.balance_fen + profile.credit_fen < service.deposit_fen:
        raise Refusal("sv.err.deposit", {"name": service.name, "deposit": service.deposit_fen})


def _not_ending(service: Service, mine: list[Subscription]) -> None:
    """A service that was cancelled this month is still there. Raises Refusal."""
    for subscription in mine:
        if subscription.service == service.code and subscription.until:
            raise Refusal("sv.err.ending", {"name": service.name, "until": subscription.until})


def _to_replace(
    service: Service, hindrance: rules.OrderObstacle | None, request: Request, hall: Hall
) -> tuple[Service, ...]:
    """What must end so that the service can begin. Raises Refusal if nothing could help."""
    facts: dict[str, object] = {"name": service.name}
    match hindrance:
        case rules.AlreadyThere():
            raise Refusal("sv.err.have", facts)
        case rules.NotSold():
            raise not_sold(service, request, hall)
        case rules.WrongBrand():
            raise Refusal("sv.err.brand", facts)
        case rules.NeedsFirst(other):
            raise Refusal("sv.err.depend", {**facts, "needs": other.name})
        case rules.Conflicts(others):
            return others
        case None:
            return ()
