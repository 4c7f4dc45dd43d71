"""Everything in conf/ that the business is made of, read and checked together: all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path

from commands.config import (
    class_file,
    command_checks,
    command_file,
    interface_file,
    offer_file,
    region_file,
    reminder_file,
    rule_checks,
    ticket_file,
)
from commands.config import sentence_file as plain_sheet
from commands.config.class_file import ClassesFile
from commands.config.command_file import CommandsFile
from commands.config.interface_file import InterfacesFile, KnownNames
from commands.config.offer_file import OffersFile
from commands.config.region_file import RegionsFile
from commands.config.reminder_file import RemindersFile
from commands.config.ticket_file import TicketsFile
from commands.dispatch.command_table import ACTIONS, READING
from commands.marketing.offers import NO_OFFERS, Recommendations
from commands.model.command_register import CommandRegister
from commands.model.daily_hours import DailyHours
from commands.model.regions import Regions
from commands.reminders.model import ReminderRules, SentTo
from gateway.config import (
    holidays,
    known_classes,
    replies,
    reply_habits,
    roles,
    service_numbers,
)
from gateway.config.checked_yaml import (
    MOST_FINDINGS,
    BadFile,
    CheckedFile,
    Document,
    Finding,
    Model,
    fit,
    parse,
    read,
)
from gateway.config.price_check import (
    PriceCheck,
    campaign_prices,
    exchange_prices,
    plan_prices,
    prices,
    reference_problems,
    service_prices,
)
from gateway.config.sentence_examples import experience
from gateway.config.service_numbers import NumbersFile, NumberSurroundings
from gateway.config.settings import own_or_ours
from gateway.config.size_check import service_sizes
from gateway.config.sources import is_configuration
from gateway.config.text_problems import document_oddities, texts_of, unequal_names
from gateway.config.tickets import ticket_book
from gateway.config.unread_files import strays
from gateway.wording.tariff_references import put_in, referred, values_of
from gateway.wording.words import Wording
from tariffs import campaigns, changes, points_exchanges, tariff_files
from tariffs.bilingual_name import BilingualName
from tariffs.campaigns import CampaignsFile
from tariffs.catalogue import SHANGHAI, Catalogue, at_numbers, scheduled
from tariffs.file_problem import FileProblem
from tariffs.points_exchanges import PointsExchangesFile

_SAMPLES = ("personas.yaml", "operators.yaml", "interfaces.yaml")  # read elsewhere


@dataclass(frozen=True, slots=True)
class BusinessConfiguration:
    """What a gateway says and does, until it is read anew."""

    register: CommandRegister
    catalogue: Catalogue
    words: Wording
    regions: Regions
    offers: Recommendations
    holidays: holidays.Holidays
    prices: PriceCheck
    reminders: ReminderRules
    pitches: Recommendations = NO_OFFERS  # the offers as they are written, prices left open
    numbers: CheckedFile[NumbersFile] | None = None  # service numbers beside the hall's own

    def at(self, now: int) -> BusinessConfiguration:
        """With the prices of a moment, in seconds since 1970."""
        return self.priced(self.catalogue.at(now))

    def priced(self, catalogue: Catalogue) -> BusinessConfiguration:
        """With the prices of this catalogue."""
        words, offers = self.words.priced(catalogue), priced_offers(self.pitches, catalogue)
        return replace(self, catalogue=catalogue, words=words, offers=offers)


def load(
    folder: Path, *, signature: str, zone: tzinfo = SHANGHAI, learnt: bool = True,
    delivered: frozenset[str] = frozenset(), unasked: DailyHours | None = None,
) -> BusinessConfiguration:  # fmt: skip
    """All of conf/ but gateway.yaml and menus, and with `learnt` what was learnt from examples.
    `delivered`: commands that can be had, though their row says that they cannot. `unasked`: when
    the hall speaks first. Raises BadFile with every mistake found."""
    reading = _Reading(folder)
    commands = reading.read(folder / "commands.yaml", CommandsFile)
    brands = reading.read(folder / "tariffs/brands.yaml", tariff_files.BrandsFile)
    plans = reading.read(folder / "tariffs/plans.yaml", tariff_files.PlansFile)
    services = reading.read(folder / "tariffs/services.yaml", tariff_files.ServicesFile)
    offers = reading.read(folder / "tariffs/campaigns.yaml", CampaignsFile)
    points = reading.read(folder / "tariffs/exchanges.yaml", PointsExchangesFile)
    where = reading.read(folder / "regions.yaml", RegionsFile)
    doors = reading.read(folder / "interfaces.yaml", InterfacesFile)
    slot = reading.read(folder / "offers.yaml", OffersFile)
    ranks = reading.read(own_or_ours(folder, known_classes.FILE), ClassesFile)
    off = reading.read(folder / "holidays.yaml", holidays.HolidaySheet)
    people = reading.read(own_or_ours(folder, roles.FILE), roles.RolesFile)
    seen_to = reading.read(own_or_ours(folder, ticket_book.FILE), TicketsFile)
    told = reading.read_if_there(folder / "reminders.yaml", RemindersFile)
    beside = reading.read_if_there(folder / "numbers.yaml", NumbersFile)
    words = reading.read(folder / "plain/words.yaml", plain_sheet.SentenceWordsFile)
    rules = reading.read(folder / "plain/rules.yaml", plain_sheet.SentenceRulesFile)
    languages = reading.languages(folder / "replies")
    reading.strays()
    if not (commands and brands and plans and services and offers and points):
        raise BadFile(reading.findings)
    if not (where and doors and slot and off and people and words and rules):
        raise BadFile(reading.findings)
    if not (seen_to and ranks and told and beside):
        raise BadFile(reading.findings)
    if reading.findings:
        raise BadFile(reading.findings)
    known_campaigns = campaigns.campaigns(offers.value)
    exchanges = points_exchanges.points_exchanges(points.value)
    catalogue = scheduled(
        [
            (since, replace(each, campaigns=known_campaigns, exchanges=exchanges))
            for since, each in changes.catalogues(brands.value, plans.value, services.value, zone)
        ]
    )
    catalogue = at_numbers(catalogue, beside.value.fees())
    findings = [
        *brands.findings(tariff_files.brand_problems(catalogue)),
        *plans.findings(_in_each(tariff_files.plan_problems, catalogue)),
        *services.findings(_in_each(tariff_files.service_problems, catalogue)),
        *plans.findings(changes.plan_change_problems(plans.value)),
        *services.findings(changes.service_change_problems(services.value)),
        *offers.findings(campaigns.campaign_problems(catalogue)),
        *points.findings(points_exchanges.points_exchange_problems(catalogue)),
        *where.findings(region_file.problems(where.value)),
        *off.findings(holidays.problems(off.value)),
        *people.findings(roles.problems(people.value)),
        *seen_to.findings(ticket_file.problems(seen_to.value)),
        *commands.findings(rule_checks.problems(commands.value)),
        *doors.findings(interface_file.problems(doors.value, _known(commands.value, where.value))),
        *ranks.findings(class_file.problems(ranks.value, commands.value.rights)),
        *replies.problems(languages, signature, catalogue),
        *reading.oddities(),
        *plans.findings(_in_each(plan_prices, catalogue, zone)),
        *services.findings(_in_each(service_prices, catalogue, zone)),
        *services.findings(_in_each(service_sizes, catalogue, zone)),
        *offers.findings(campaign_prices(catalogue)),
        *points.findings(exchange_prices(catalogue)),
    ]
    if not findings:
        findings += commands.findings(command_checks.problems(commands.value, catalogue, ACTIONS))
    if findings:
        raise BadFile(findings)
    register = command_file.register(
        commands.value, catalogue, READING, doors.value.registry(), delivered
    )
    limits = replace(
        register.settings,
        tickets=seen_to.value.rules(),
        classes=ranks.value.read(),
        reminders_for_all=told.value.sent_to(SentTo.ALL),
        reminders_for_nobody=told.value.sent_to(SentTo.NOBODY),
    )
    register = replace(register, settings=limits)
    known = prices(catalogue, commands.value)
    findings = [
        *slot.findings(offer_file.problems(slot.value, register, catalogue)),
        *slot.findings(_offered_prices(slot.value, known, catalogue)),
        *beside.findings(
            service_numbers.problems(
                beside.value,
                NumberSurroundings(
                    commands.value,
                    slot.value.offers,
                    [str(row.region.zh) for row in where.value.regions],
                    [*catalogue.services, *catalogue.plans],
                ),
            )
        ),
        *told.findings(reminder_file.problems(told.value, catalogue, register, unasked)),
        *replies.odd_prices(languages, known),
        *reply_habits.unlike_others(languages),
        *reply_habits.misled(languages, register.codes, signature),
        *reading.misled(register.codes),
        *words.findings(plain_sheet.word_problems(words.value)),
        *rules.findings(plain_sheet.rule_problems(rules.value, words.value, register)),
    ]
    if findings:
        raise BadFile(findings)
    known_by_heart, findings = experience(folder, rules.value.labels) if learnt else (None, [])
    if findings:
        raise BadFile(findings)
    plain = plain_sheet.sentence_reader(
        words.value, rules.value, register, catalogue, known_by_heart
    )
    register = replace(register, plain=plain)
    texts = {language.code: language.texts() for language in languages}
    pitches = slot.value.read(register, zone)
    read = BusinessConfiguration(
        register=register,
        catalogue=catalogue,
        words=Wording(texts, signature=signature, zone=zone),
        regions=region_file.regions(where.value),
        offers=pitches,
        pitches=pitches,
        numbers=beside,
        holidays=holidays.holidays(off.value),
        prices=known,
        reminders=told.value.read(holidays.holidays(off.value)),
    )
    return read.priced(catalogue)


def priced_offers(pitches: Recommendations, catalogue: Catalogue) -> Recommendations:
    """Offers with prices and names from a catalogue."""

    def said(pitch: BilingualName) -> BilingualName:
        zh, en = (
            put_in(text, values_of(referred(text), catalogue, language))
            for language, text in (("zh", str(pitch)), ("en", pitch.en))
        )
        return BilingualName(zh, en)

    filled = tuple(replace(offer, pitch=said(offer.pitch)) for offer in pitches.offers)
    return replace(pitches, offers=filled)


def _in_each(
    problems: Callable[[Catalogue], Iterator[FileProblem]],
    catalogue: Catalogue,
    zone: tzinfo | None = None,
) -> Iterator[FileProblem]:
    """What is wrong with any of the catalogues that will hold. `zone`: with texts that say an
    amount, which another amount will make wrong; then it is told from when."""
    found: dict[FileProblem, int] = {}
    for since, each in catalogue.stretches:
        for one in problems(each):
            found.setdefault(one, since)
    first = catalogue.stretches[0][0]
    for one, since in found.items():
        known = zone is None or since == first
        yield one if known else _later(one, datetime.fromtimestamp(since, zone))


def _later(problem: FileProblem, moment: datetime) -> FileProblem:
    what = f"from {moment:%Y-%m-%d} on it {problem.what}"
    fix = f"{problem.fix}, or give the change a name: or note: of its own"
    return FileProblem(problem.place, what, fix)


def _known(commands: CommandsFile, where: RegionsFile) -> KnownNames:
    """What the registry of interfaces may name."""
    own = {channel.value: number for channel, number in commands.interfaces.items()}
    regions = frozenset(row.region.zh for row in where.regions)
    return KnownNames(frozenset(commands.rights), own, regions)


def _offered_prices(
    file: OffersFile, known: PriceCheck, catalogue: Catalogue
) -> Iterator[FileProblem]:
    for name, row in file.offers.items():
        for language, text in (("zh", row.pitch.zh), ("en", row.pitch.en)):
            found = [*known.odd(text, row.code), *reference_problems(referred(text), catalogue)]
            for what, fix in found:
                yield FileProblem(("offers", name, "pitch", language), f"'{name}' {what}", fix)


class _Reading:
    """Reads file after file and keeps what is wrong with each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[Path] = {folder / "sample" / name for name in _SAMPLES}
        self._documents: list[Document] = []
        self.findings: list[Finding] = []

    def read(self, path: Path, model: type[Model]) -> CheckedFile[Model] | None:
        self._read.add(path)
        try:
            loaded = read(path, model)
        except BadFile as bad:
            self.findings += bad.findings
            return None
        self._documents.append(loaded.document)
        if not loaded.document.data:
            fix = "Write what belongs there, or remove the file"
            self.findings.append(Finding(str(path), 1, "says nothing", fix))
        return loaded

    def read_if_there(self, path: Path, model: type[Model]) -> CheckedFile[Model] | None:
        """With everything left as it is by itself, if there is no such file."""
        if path.exists() or path.is_symlink():
            return self.read(path, model)
        document = parse("", str(path))
        return CheckedFile(fit(document, model), document)

    def strays(self) -> None:
        """What lies here as if it were read. Files of settings may lie beside."""
        for found in strays(self._folder, self._read, apart=["menus"]):
            path = Path(found.file)
            if path.parent != self._folder or not is_configuration(path):
                self.findings.append(found)

    def oddities(self) -> Iterator[Finding]:
        for document in self._documents:
            priced = Path(document.file).name == "offers.yaml"
            yield from islice(document_oddities(document, priced=priced), MOST_FINDINGS)

    def misled(self, codes: Collection[str]) -> Iterator[Finding]:
        """Texts that tell to send what is no code, and names that are not the same in both
        languages."""
        for document in self._documents:
            yield from unequal_names(document)
            for place, _, text in texts_of(document):
                for what, fix in reply_habits.unknown_codes(text, codes):
                    yield document.finding(FileProblem(place, what, fix))

    def languages(self, folder: Path) -> list[replies.ReplyLanguage]:
        self._read.update(replies.files(folder))
        try:
            return replies.languages(folder)
        except BadFile as bad:
            self.findings += bad.findings
            return []
