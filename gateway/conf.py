"""Everything in conf/ that the business is made of, read and checked together: all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from commands import check, check_rules, interfaces, offer_sheet, regions, sheet
from commands.actions import ACTIONS, READING
from commands.interfaces import Interfaces, Known
from commands.offer_sheet import OfferSheet
from commands.offers import Offers
from commands.plain import sheet as plain_sheet
from commands.regions import Regions, RegionSheet
from commands.register import Register
from commands.sheet import Commands
from gateway import holidays, replies
from gateway.files import BadFile, Finding, Loaded, Model, read
from gateway.wording import Words
from tariffs import campaigns, exchanges, sheets
from tariffs.campaigns import Campaigns
from tariffs.catalogue import SHANGHAI, Catalogue
from tariffs.exchanges import Exchanges


@dataclass(frozen=True, slots=True)
class Conf:
    """What a gateway says and does, until it is read anew."""

    register: Register
    catalogue: Catalogue
    words: Words
    regions: Regions
    offers: Offers
    holidays: holidays.Holidays


def load(folder: Path, *, signature: str, zone: tzinfo = SHANGHAI) -> Conf:
    """All of conf/ but gateway.yaml and menus. Raises BadFile with every mistake found."""
    reading = _Reading()
    commands = reading.read(folder / "commands.yaml", Commands)
    brands = reading.read(folder / "tariffs/brands.yaml", sheets.Brands)
    plans = reading.read(folder / "tariffs/plans.yaml", sheets.Plans)
    services = reading.read(folder / "tariffs/services.yaml", sheets.Services)
    offers = reading.read(folder / "tariffs/campaigns.yaml", Campaigns)
    points = reading.read(folder / "tariffs/exchanges.yaml", Exchanges)
    where = reading.read(folder / "regions.yaml", RegionSheet)
    doors = reading.read(folder / "interfaces.yaml", Interfaces)
    slot = reading.read(folder / "offers.yaml", OfferSheet)
    off = reading.read(folder / "holidays.yaml", holidays.HolidaySheet)
    words = reading.read(folder / "plain/words.yaml", plain_sheet.Words)
    rules = reading.read(folder / "plain/rules.yaml", plain_sheet.Rules)
    languages = reading.languages(folder / "replies")
    if not (commands and brands and plans and services and offers and points):
        raise BadFile(reading.findings)
    if not (where and doors and slot and off and words and rules) or reading.findings:
        raise BadFile(reading.findings)
    catalogue = replace(
        sheets.catalogue(brands.value, plans.value, services.value, zone),
        campaigns=campaigns.campaigns(offers.value),
        exchanges=exchanges.exchanges(points.value),
    )
    findings = [
        *brands.findings(sheets.brand_problems(catalogue)),
        *plans.findings(sheets.plan_problems(catalogue)),
        *services.findings(sheets.service_problems(catalogue)),
        *offers.findings(campaigns.campaign_problems(catalogue)),
        *points.findings(exchanges.exchange_problems(catalogue)),
        *where.findings(regions.problems(where.value)),
        *off.findings(holidays.problems(off.value)),
        *commands.findings(check_rules.problems(commands.value)),
        *doors.findings(interfaces.problems(doors.value, _known(commands.value))),
        *replies.problems(languages, signature),
    ]
    if not findings:
        findings += commands.findings(check.problems(commands.value, catalogue, ACTIONS))
    if findings:
        raise BadFile(findings)
    register = sheet.register(commands.value, catalogue, READING, doors.value.registry())
    findings = [
        *slot.findings(offer_sheet.problems(slot.value, register, catalogue)),
        *words.findings(plain_sheet.word_problems(words.value)),
        *rules.findings(plain_sheet.rule_problems(rules.value, words.value, register)),
    ]
    if findings:
        raise BadFile(findings)
    plain = plain_sheet.plain(words.value, rules.value, register, catalogue)
    register = replace(register, plain=plain)
    texts = {language.code: language.texts() for language in languages}
    return Conf(
        register=register,
        catalogue=catalogue,
        words=Words(texts, signature=signature, zone=zone),
        regions=regions.regions(where.value),
        offers=slot.value.read(register, zone),
        holidays=holidays.holidays(off.value),
    )


def _known(commands: Commands) -> Known:
    """What the registry of interfaces may name."""
    own = {channel.value: number for channel, number in commands.interfaces.items()}
    return Known(frozenset(commands.rights), own)


class _Reading:
    """Reads file after file and keeps what is wrong with each."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def read(self, path: Path, model: type[Model]) -> Loaded[Model] | None:
        try:
            return read(path, model)
        except BadFile as bad:
            self.findings += bad.findings
            return None

    def languages(self, folder: Path) -> list[replies.Language]:
        try:
            return replies.languages(folder)
        except BadFile as bad:
            self.findings += bad.findings
            return []
