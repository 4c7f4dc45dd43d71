"""What notices need of conf/: names, prices, regions, and the rules of speaking first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from commands.classes.customer_classes import CustomerClasses
from commands.config import region_file
from commands.config.command_file import CommandsFile
from commands.config.region_file import RegionsFile
from commands.model.regions import Regions
from gateway.config.checked_yaml import read
from gateway.config.known_classes import read_classes
from gateway.config.settings import Settings
from gateway.config.unasked.unasked_settings import UnaskedSettings
from gateway.model.unasked import PoliteHours
from gateway.notices.wording import NoticeWords
from tariffs import tariff_files
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Catalogue
from tariffs.tariff_files import BrandsFile, PlansFile, ServicesFile


@dataclass(frozen=True, slots=True)
class NoticeWorld:
    catalogue: Catalogue
    regions: Regions
    classes: CustomerClasses
    actions: Collection[str]  # commands, by their action
    signature: BilingualName
    rules: UnaskedSettings
    hours: PoliteHours

    @property
    def words(self) -> NoticeWords:
        return NoticeWords(self.catalogue, self.signature)

    def month(self, now: float) -> int:
        """202611, in the operator's time zone."""
        return self.hours.month(now)


def read_notice_world(settings: Settings) -> NoticeWorld:
    """For a verb or the API. Raises BadFile."""
    conf, zone = settings.conf, settings.service.zone
    brands = read(conf / "tariffs" / "brands.yaml", BrandsFile).value
    plans = read(conf / "tariffs" / "plans.yaml", PlansFile).value
    services = read(conf / "tariffs" / "services.yaml", ServicesFile).value
    return NoticeWorld(
        tariff_files.catalogue(brands, plans, services, zone),
        region_file.regions(read(conf / "regions.yaml", RegionsFile).value),
        read_classes(conf),
        read(conf / "commands.yaml", CommandsFile).value.commands.keys(),
        settings.service.signature.label(),
        settings.unasked,
        settings.unasked.polite(settings.service.timezone),
    )
