"""ZF: the price card of a plan, a service or a campaign."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from tariffs.catalogue import Campaign, Catalogue, EffectiveFrom, Plan, Service


def tariff_card(request: Request, hall: Hall) -> Reply:
    catalogue, code = hall.catalogue, str(request.args["tariff"])
    if plan := catalogue.plans.get(code):
        return Reply("info.tariff.plan", _plan(plan, catalogue))
    if service := catalogue.service(code):
        return Reply("info.tariff.service", _service(service, catalogue))
    if campaign := catalogue.campaigns.get(code):
        return Reply("info.tariff.campaign", _campaign(campaign, catalogue))
    raise Refusal("info.tariff.none", {"code": code})


def _plan(plan: Plan, catalogue: Catalogue) -> dict[str, object]:
    return {
        "name": plan.name,
        "fee": plan.fee_fen,
        "local": plan.local,
        "includes": catalogue.amounts(plan.includes),
        "over": [(item, plan.over[c]) for c, item in catalogue.items.items() if c in plan.over],
        "family_numbers": plan.family_numbers,
        "family": plan.family_fen,
    }


def _service(service: Service, catalogue: Catalogue) -> dict[str, object]:
    brands, services = catalogue.brands, catalogue.services
    return {
        "name": service.name,
        "fee": service.fee_fen,
        "fees": [(brands[brand].name, fen) for brand, fen in service.fee_by_brand.items()],
        "by_group": service.paid_by_group,
        "includes": catalogue.amounts(service.includes),
        "unlimited": [catalogue.items[item].name for item in sorted(service.unlimited)],
        "note": service.note,
        "at_once": service.effect is EffectiveFrom.AT_ONCE,
        "provider": service.provider,
        "brands": [brands[brand].name for brand in sorted(service.brands)],
        "needs": services[service.needs].name if service.needs else "",
        "excludes": [services[other].name for other in sorted(service.excludes)],
        "cancel_code": service.cancel_code,
    }


def _campaign(campaign: Campaign, catalogue: Catalogue) -> dict[str, object]:
    return {
        "name": campaign.name,
        "brands": [catalogue.brands[brand].name for brand in campaign.brands],
        "terms": campaign.terms,
        "prepayments": [(p.pay_fen, p.get_fen) for p in campaign.prepayments],
        "where": campaign.where,
    }
