"""DH: points given for money on the account. Each brand has its own points, and its own offers."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.numbered_list import numbered_rows
from commands.model.request import Arguments, Refusal, Reply, Request
from commands.model.subscriber_lookup import account, ready_to_order
from tariffs.catalogue import PointsExchange

POINTS = "points"  # the reason in the ledger


def choices(request: Request, hall: Hall) -> Reply:
    """DH alone: what there is for this brand's points, by number."""
    found = account(request, hall)
    fitting = [e for e in hall.catalogue.exchanges.values() if _for(e, found.brand)]
    rows = [({"name": one.name, "points": one.points}, f"DH#{one.code}") for one in fitting]
    lines, items = numbered_rows(rows, request.channel)
    facts = {"unit": _unit(found.brand, hall), "points": found.points, "lines": lines}
    return Reply("pt.choices" if lines else "pt.choices.none", facts, opens=items)


def allowed(request: Request, hall: Hall) -> None:
    """Looked at before a random code is sent."""
    _exchange(request, hall)


def propose(request: Request, hall: Hall) -> Reply:
    return Reply("pt.exchange.confirm", _facts(_exchange(request, hall), request, hall))


def terms(request: Request, hall: Hall) -> Arguments:
    exchange = _exchange(request, hall)
    return {"points": str(exchange.points), "gives": str(exchange.gives_fen)}


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    exchange = _exchange(request, hall)
    if any(request.args.get(n) != value for n, value in terms(request, hall).items()):
        raise Refusal("pt.err.changed")
    subject, order, now = request.subject, request.id, request.now
    hall.accounts.spend_points(subject, exchange.points, order, now)
    hall.accounts.credit(subject, exchange.gives_fen, POINTS, order, now)
    return (Reply("pt.exchange.ok", _facts(exchange, request, hall)),)


def _facts(exchange: PointsExchange, request: Request, hall: Hall) -> dict[str, object]:
    found = account(request, hall)
    return {
        "name": exchange.name,
        "points": exchange.points,
        "unit": _unit(found.brand, hall),
        "left": found.points,
        "balance": found.balance_fen,
    }


def _exchange(request: Request, hall: Hall) -> PointsExchange:
    """Raises Refusal if it is not for this subscriber, or for more points than they have."""
    found = ready_to_order(request, hall)
    exchange = hall.catalogue.exchanges.get(str(request.args["exchange"]))
    if exchange is None or not _for(exchange, found.brand):
        raise Refusal("pt.err.unknown", {"code": str(request.args["exchange"])})
    if found.points < exchange.points:
        facts = {"name": exchange.name, "points": exchange.points, "left": found.points}
        raise Refusal("pt.err.few", {**facts, "unit": _unit(found.brand, hall)})
    return exchange


def _for(exchange: PointsExchange, brand: str) -> bool:
    return not exchange.brands or brand in exchange.brands


def _unit(brand: str, hall: Hall) -> str:
    """积分, M值 or 福分."""
    found = hall.catalogue.brands.get(brand)
    return found.points if found else ""
