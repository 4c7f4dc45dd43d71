"""Everything in conf/ that the business is made of, read and checked together: all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import islice
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
from gateway.configuration import is_configuration
from gateway.experience import experience
from gateway.files import MOST_FINDINGS, BadFile, Document, Finding, Loaded, Model, read
from gateway.oddities import document_oddities
from gateway.prices import (
    Prices,
    campaign_prices,
    exchange_prices,
    plan_prices,
    prices,
    service_prices,
)
from gateway.strays import strays
from gateway.wording import Words
from tariffs import campaigns, exchanges, sheets
from tariffs.campaigns import Campaigns
from tariffs.catalogue import SHANGHAI, Catalogue
from tariffs.exchanges import Exchanges
from tariffs.problem import Problem


@dataclass(frozen=True, slots=True)
class Conf:
    """What a gateway says and does, until it is read anew."""

    register: Register
    catalogue: Catalogue
    words: Words
    regions: Regions
    offers: Offers
    holidays: holidays.Holidays
    prices: Prices


def load(folder: Path, *, signature: str, zone: tzinfo = SHANGHAI, learnt: bool = True) -> Conf:
    """All of conf/ but gateway.yaml and menus, and with `learnt` what was learnt from examples.
    Raises BadFile with every mistake found."""
    reading = _Reading(folder)
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
    reading.strays()
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
        *reading.oddities(),
        *plans.findings(plan_prices(catalogue)),
        *services.findings(service_prices(catalogue)),
        *offers.findings(campaign_prices(catalogue)),
        *points.findings(exchange_prices(catalogue)),
    ]
    if not findings:
        findings += commands.findings(check.problems(commands.value, catalogue, ACTIONS))
    if findings:
        raise BadFile(findings)
    register = sheet.register(commands.value, catalogue, READING, doors.value.registry())
    known = prices(catalogue, commands.value)
    findings = [
        *slot.findings(offer_sheet.problems(slot.value, register, catalogue)),
        *slot.findings(_offered_prices(slot.value, known)),
        *replies.odd_prices(languages, known),
        *words.findings(plain_sheet.word_problems(words.value)),
        *rules.findings(plain_sheet.rule_problems(rules.value, words.value, register)),
    ]
    if findings:
        raise BadFile(findings)
    known_by_heart, findings = experience(folder, rules.value.labels) if learnt else (None, [])
    if findings:
        raise BadFile(findings)
    plain = plain_sheet.plain(words.value, rules.value, register, catalogue, known_by_heart)
    register = replace(register, plain=plain)
    texts = {language.code: language.texts() for language in languages}
    return Conf(
        register=register,
        catalogue=catalogue,
        words=Words(texts, signature=signature, zone=zone),
        regions=regions.regions(where.value),
        offers=slot.value.read(register, zone),
        holidays=holidays.holidays(off.value),
        prices=known,
    )


def _known(commands: Commands) -> Known:
    """What the registry of interfaces may name."""
    own = {channel.value: number for channel, number in commands.interfaces.items()}
    return Known(frozenset(commands.rights), own)


def _offered_prices(sheet: OfferSheet, known: Prices) -> Iterator[Problem]:
    for name, row in sheet.offers.items():
        for language, text in (("zh", row.pitch.zh), ("en", row.pitch.en)):
            for what, fix in known.odd(text, row.code):
                yield Problem(("offers", name, "pitch", language), f"'{name}' {what}", fix)


class _Reading:
    """Reads file after file and keeps what is wrong with each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[Path] = {folder / "sample" / "personas.yaml"}
        self._documents: list[Document] = []
        self.findings: list[Finding] = []

    def read(self, path: Path, model: type[Model]) -> Loaded[Model] | None:
        self._read.add(path)
        try:
            loaded = read(path, model)
        except BadFile as bad:
            self.findings += bad.findings
            return None
        self._documents.append(loaded.document)
        return loaded

    def strays(self) -> None:
        """What lies here as if it were read. Files of settings may lie beside."""
        for found in strays(self._folder, self._read, apart=["menus"]):
            path = Path(found.file)
            if path.parent != self._folder or not is_configuration(path):
                self.findings.append(found)

    def oddities(self) -> Iterator[Finding]:
        for document in self._documents:
            yield from islice(document_oddities(document), MOST_FINDINGS)

    def languages(self, folder: Path) -> list[replies.Language]:
        self._read.update(replies.files(folder))
        try:
            return replies.languages(folder)
        except BadFile as bad:
            self.findings += bad.findings
            return []
