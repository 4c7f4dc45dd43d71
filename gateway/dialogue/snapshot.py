"""What operations people wrote, ready to serve: swapped as a whole, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands.model.command_register import CommandRegister
from commands.model.regions import Regions
from commands.reminders.model import ReminderRules
from gateway.config import business
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.holidays import Holidays
from gateway.config.menu_check import checked
from gateway.config.menu_files import MenuFiles, read_menus
from gateway.config.menu_world import world_of
from gateway.config.settings import LinkSettings, Settings
from gateway.dialogue.menu_runner import MenuRunner
from gateway.dialogue.menus_in_force import MenusInForce
from gateway.dialogue.responder import Responder
from gateway.model.notices.notice import SaidNotice
from menus.model.surroundings import BookSurroundings
from menus.model.wording import MenuChannel
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long a USSD dialogue lasts for us, in seconds, less than for any network; and a call."""

    key: int = 60  # from a screen to the key that answers it
    dialogue: int = 180
    call: int = 900


@dataclass(frozen=True, slots=True)
class HallSnapshot:
    register: CommandRegister
    catalogue: Catalogue
    regions: Regions
    holidays: Holidays
    reminders: ReminderRules
    conversation: Responder
    menu_runner: MenuRunner
    menus: MenuFiles  # as they lie in conf/
    world: BookSurroundings  # what menus may lean on
    in_force: MenusInForce
    confirm_ports: frozenset[str]  # service numbers at which Y and 1 also say 是
    number: str  # the service number; digits after it are a sub-port
    signature: BilingualName  # ends every short message
    ussd_number: str  # what is dialled, without * and #
    patience: AnswerTimes
    sms_link: str  # by which short messages leave that answer no short message; empty: none
    letters_link: str  # by which they leave where the link asked by takes none: after a call
    said: tuple[SaidNotice, ...] = ()  # notices with which calls and screens begin

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
    service, (read, menus) = settings.service, _read(settings)
    world = world_of(read, signature := service.signature.label())
    checked(menus, world)
    _can_be_dialled(menus, service.ussd_code)
    limits = replace(read.register.settings, link_base=service.link_base)
    register = replace(read.register, settings=limits)
    conversation = Responder(register, read.words, read.offers)
    return HallSnapshot(
        register,
        read.catalogue,
        read.regions,
        read.holidays,
        read.reminders,
        conversation,
        MenuRunner(conversation, register, read.holidays),
        menus,
        world,
        MenusInForce(menus.book),
        frozenset([service.confirm_port]),
        service.number,
        signature,
        service.ussd_code.strip("*#"),
        AnswerTimes(settings.limits.ussd_key, settings.limits.ussd_dialogue, settings.limits.call),
        next((link.name for link in settings.smpp.links if link.ussd == "off"), ""),
        next((link.name for link in sorted(settings.smpp.links, key=_carries_ussd)), ""),
    )


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
        what = f"no menu begins at {code}, which service.ussd_code says is ours"
        fix = f'Add "{code}": with a screen, or correct service.ussd_code in gateway.yaml'
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
        settings.conf, signature=signature, zone=zone, learnt=learnt, delivered=delivered
    )
