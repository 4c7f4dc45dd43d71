"""What operations people wrote, ready to serve: swapped as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from commands.model.command_register import CommandRegister
from commands.model.daily_hours import daily_hours
from commands.model.regions import Regions
from commands.reminders.model import ReminderRules
from gateway.config import business
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.editions.conf_files import (
    ConfFiles,
    at_folder,
    conf_files,
    laid_out,
    version_of,
)
from gateway.config.editions.edition import Edition
from gateway.config.holidays import Holidays
from gateway.config.menu_check import checked
from gateway.config.menu_files import MenuFiles, read_menus
from gateway.config.menu_world import world_of
from gateway.config.service_numbers import own_number_problems
from gateway.config.settings import LinkSettings, ServiceSettings, Settings
from gateway.dialogue.menu_runner import MenuRunner
from gateway.dialogue.responder import Responder
from gateway.model.notices.notice import SaidNotice
from gateway.model.service_number import ServiceNumber
from gateway.wording.words import Wording
from menus.model.surroundings import BookSurroundings
from menus.model.wording import MenuChannel
from menus.tools.key_order import in_order_of_use
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long a USSD dialogue lasts for us, in seconds, less than for any network; and a call."""

    key: int = 60  # from a screen to the key that answers it
    dialogue: int = 180
    call: int = 900


class NumberedHall(NamedTuple):
    """What is said and done where another service number is asked."""

    number: ServiceNumber
    register: CommandRegister
    catalogue: Catalogue
    conversation: Responder
    menu_runner: MenuRunner


class PricedHall(NamedTuple):
    """What is said and done from a moment on, for prices change then: seconds since 1970."""

    since: int
    catalogue: Catalogue
    conversation: Responder
    menu_runner: MenuRunner
    others: tuple[NumberedHall, ...]


@dataclass(frozen=True, slots=True)
class HallSnapshot:
    """One edition of conf/, with the settings of this process."""

    version: str  # of the edition; its menus have the same
    register: CommandRegister
    catalogue: Catalogue
    regions: Regions
    holidays: Holidays
    reminders: ReminderRules
    words: Wording  # at the prices it was read with
    conversation: Responder
    menu_runner: MenuRunner
    menus: MenuFiles  # with their options in order
    world: BookSurroundings  # what menus may lean on
    confirm_ports: frozenset[str]  # service numbers at which Y and 1 also say 是
    number: str  # the service number; digits after it are a sub-port
    signature: BilingualName  # ends every short message
    ussd_number: str  # what is dialled, without * and #
    patience: AnswerTimes
    sms_link: str  # by which short messages leave that answer no short message; empty: none
    letters_link: str  # by which they leave where the link asked by takes none: after a call
    files: ConfFiles = field(default_factory=dict)  # what it was read from, if that is our conf/
    said: tuple[SaidNotice, ...] = ()  # notices with which calls and screens begin
    priced: tuple[PricedHall, ...] = ()  # in order, if prices change
    others: tuple[NumberedHall, ...] = ()  # service numbers beside the hall's own
    asked: ServiceNumber | None = None  # the one of them that is asked

    def at(self, now: float) -> HallSnapshot:
        """With the prices that hold at a moment."""
        if not self.priced:
            return self
        held = next(one for one in reversed(self.priced) if one.since <= now)
        if held.catalogue is self.catalogue:
            return self
        _, catalogue, conversation, runner, others = held
        return replace(
            self, catalogue=catalogue, conversation=conversation, menu_runner=runner, others=others
        )

    def at_number(self, digits: str) -> HallSnapshot:
        """As it is where this number is written to or called; digits behind a number are a
        sub-port of it."""
        if not self.others:
            return self
        fits = [one for one in self.others if digits.startswith(one.number.digits)]
        found = max(fits, key=lambda one: len(one.number.digits), default=None)
        if found is None or (
            len(self.number) > len(found.number.digits) and digits.startswith(self.number)
        ):
            return self
        return self._as(found)

    def at_code(self, dialled: str) -> HallSnapshot:
        """As it is where this is dialled: *125#, *125*1#."""
        for one in self.others:
            code = one.number.ussd_code
            if code and (dialled == code or dialled.startswith(f"{code.rstrip('#')}*")):
                return self._as(one)
        return self

    def _as(self, other: NumberedHall) -> HallSnapshot:
        number, register, catalogue, conversation, runner = other
        return replace(
            self, register=register, catalogue=catalogue, conversation=conversation,
            menu_runner=runner, number=number.digits, signature=number.signature, asked=number,
        )  # fmt: skip

    @property
    def class_queues(self) -> frozenset[str]:
        """The exchange's queues that customer classes wait in, besides everybody's."""
        classes = self.register.settings.classes.known
        return frozenset(one.queue for one in classes if one.queue)

    def has_context(self, port: str) -> bool:
        """True for a service number at which numbers mean something of their own: a confirm, a
        rating. No list that was sent from elsewhere is answered there."""
        own = port in self.confirm_ports or port.removeprefix(self.number) in self.register.ports
        return own and port != self.number


def open_snapshot(settings: Settings) -> HallSnapshot:
    """Everything under conf/, read and checked. Raises BadFile with every mistake found."""
    snapshot = _opened(settings)
    files = conf_files(settings.conf)
    return replace(_named(snapshot, version_of(files)), files=files)


def open_edition(settings: Settings, edition: Edition, own: ConfFiles) -> HallSnapshot:
    """An edition instead of conf/; `own` files stand for what it does not hold. Raises BadFile with
    every mistake found, named as if it lay in conf/."""
    with laid_out(edition.upon(own)) as folder:
        return _named(_opened(at_folder(settings, folder), edition.use), edition.version)


def _named(snapshot: HallSnapshot, version: str) -> HallSnapshot:
    menus = snapshot.menus
    return replace(
        snapshot,
        version=version,
        menus=replace(menus, book=replace(menus.book, version=version)),
    )


def _opened(settings: Settings, use: Mapping[str, int] | None = None) -> HallSnapshot:
    service, (read, menus) = settings.service, _read(settings)
    world = world_of(read, signature := service.signature.label())
    checked(menus, world)
    _can_be_dialled(menus, service.ussd_code)
    menus = replace(menus, book=in_order_of_use(menus.book, use or {}))
    limits = replace(read.register.settings, link_base=service.link_base)
    register = replace(read.register, settings=limits)
    numbers = _numbers(read, service, menus)
    priced = tuple(
        _priced(read.priced(each), register, since, numbers)
        for since, each in read.catalogue.stretches
    )
    _, catalogue, conversation, runner, others = priced[0]
    return HallSnapshot(
        "",
        register,
        catalogue,
        read.regions,
        read.holidays,
        read.reminders,
        read.words,
        conversation,
        runner,
        menus,
        world,
        frozenset([service.confirm_port]),
        service.number,
        signature,
        service.ussd_code.strip("*#"),
        AnswerTimes(settings.limits.ussd_key, settings.limits.ussd_dialogue, settings.limits.call),
        next((link.name for link in settings.smpp.links if link.ussd == "off"), ""),
        next((link.name for link in sorted(settings.smpp.links, key=_carries_ussd)), ""),
        priced=priced if len(priced) > 1 else (),
        others=others,
    )


def _priced(
    read: business.BusinessConfiguration,
    register: CommandRegister,
    since: int,
    numbers: tuple[ServiceNumber, ...],
) -> PricedHall:
    conversation = Responder(register, read.words, read.offers)
    runner = MenuRunner(conversation, register, read.holidays)
    others = tuple(_numbered(number, read, register, since) for number in numbers)
    return PricedHall(since, read.catalogue, conversation, runner, others)


def _numbered(
    number: ServiceNumber,
    read: business.BusinessConfiguration,
    register: CommandRegister,
    since: int,
) -> NumberedHall:
    if (there := read.catalogue.of(number.digits, since)) is not read.catalogue:
        read = read.priced(there)
    if number.operations:
        rights = {
            key: level for key, level in register.rights.items() if key[0] in number.operations
        }
        register = replace(register, rights=rights)
    shown = number.offers
    offers = tuple(o for o in read.offers.offers if shown is None or o.name in shown)
    words = read.words.signed(number.signature)
    conversation = Responder(register, words, replace(read.offers, offers=offers))
    return NumberedHall(
        number,
        register,
        read.catalogue,
        conversation,
        MenuRunner(conversation, register, read.holidays),
    )


def _numbers(
    read: business.BusinessConfiguration, service: ServiceSettings, menus: MenuFiles
) -> tuple[ServiceNumber, ...]:
    """Raises BadFile, if one of them is another thing as well."""
    if read.numbers is None:
        return ()
    file, ports = read.numbers.value, read.register.ports
    wrong = own_number_problems(file, service.number, service.ussd_code, ports)
    if findings := read.numbers.findings(wrong):
        raise BadFile(findings)
    numbers = file.read(service.signature.label())
    for number in numbers:
        if number.ussd_code:
            _can_be_dialled(menus, number.ussd_code)
    return numbers


def _read(settings: Settings) -> tuple[business.BusinessConfiguration, MenuFiles]:
    """With the mistakes of both at once."""
    try:
        read = read_conf(settings)
    except BadFile as bad:
        raise BadFile([*bad.findings, *_mistakes(settings)]) from None
    return read, read_menus(settings.conf / "menus")


def _can_be_dialled(menus: MenuFiles, code: str) -> None:
    """Whether a menu begins at what the networks pass on to us. Raises BadFile."""
    starts = menus.book.entries.get(MenuChannel.USSD, {})
    if starts and code not in starts:
        what = f"no menu begins at {code}, which is ours"
        fix = f'Add "{code}": with a screen, or correct ussd_code in gateway.yaml or numbers.yaml'
        raise BadFile(menus.findings([menus.book.problem(("entries",), what, fix)]))


def _mistakes(settings: Settings) -> list[Finding]:
    try:
        read_menus(settings.conf / "menus")
    except BadFile as bad:
        return bad.findings
    return []


def _carries_ussd(link: LinkSettings) -> bool:
    return link.ussd != "off"


def read_conf(settings: Settings, *, learnt: bool = True) -> business.BusinessConfiguration:
    """All of conf/ but gateway.yaml and menus. Raises BadFile."""
    service = settings.service
    signature, zone = service.signature.label(), service.zone
    delivered = frozenset({"q.detail"}) if service.records != "off" else frozenset[str]()
    return business.load(
        settings.conf, signature=signature, zone=zone, learnt=learnt, delivered=delivered,
        unasked=daily_hours(settings.unasked.hours),
    )  # fmt: skip
