"""conf/tariffs/campaigns.yaml: offers that are shown and taken up elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import Field

from tariffs.catalogue import UNNAMED, Campaign, Catalogue, Prepayment
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import Code, NameRow, StrictRow, Yuan


class PrepaymentRow(StrictRow):
    pay: Yuan
    get: Yuan


class CampaignRow(StrictRow):
    name: NameRow
    brands: list[str] = Field(default_factory=list)
    terms: NameRow | None = None
    prepayments: list[PrepaymentRow] = Field(default_factory=list)
    where: NameRow


class CampaignsFile(StrictRow):
    campaigns: dict[Code, CampaignRow]


def campaigns(file: CampaignsFile) -> dict[str, Campaign]:
    return {code: _campaign(code, row) for code, row in file.campaigns.items()}


def _campaign(code: str, row: CampaignRow) -> Campaign:
    return Campaign(
        code=code,
        name=row.name.label(),
        terms=row.terms.label() if row.terms else UNNAMED,
        where=row.where.label(),
        brands=tuple(row.brands),
        prepayments=tuple(Prepayment(p.pay, p.get) for p in row.prepayments),
    )


def campaign_problems(catalogue: Catalogue) -> Iterator[FileProblem]:
    """A price card is asked for by its code alone, so no two things may share one."""
    for code, campaign in catalogue.campaigns.items():
        here = ("campaigns", code)
        for brand in campaign.brands:
            if brand not in catalogue.brands:
                fix = one_of(catalogue.brands, brand)
                yield FileProblem((*here, "brands"), f"conf/tariffs has no brand '{brand}'", fix)
        for position, prepaid in enumerate(campaign.prepayments):
            if prepaid.get_fen < prepaid.pay_fen:
                place = (*here, "prepayments", position)
                yield FileProblem(place, "gives less than is paid", "Exchange pay: and get:")
        yield from _paid_twice(here, campaign)
        for kind, codes in _others(catalogue):
            if code in codes:
                yield FileProblem(
                    here, f"'{code}' is also the code of a {kind}", "Name it otherwise"
                )
        if not campaign.terms and not campaign.prepayments:
            yield FileProblem(here, "says nothing", "Add terms: or prepayments:")


def _paid_twice(here: FilePlace, campaign: Campaign) -> Iterator[FileProblem]:
    """Who pays so much would get two things."""
    paid: set[int] = set()
    for position, prepaid in enumerate(campaign.prepayments):
        if prepaid.pay_fen in paid:
            place = (*here, "prepayments", position, "pay")
            yield FileProblem(place, "the same amount is paid above", "Keep one of the two")
        paid.add(prepaid.pay_fen)


def _others(catalogue: Catalogue) -> Iterator[tuple[str, Collection[str]]]:
    yield "plan", catalogue.plans
    yield "service", catalogue.services
