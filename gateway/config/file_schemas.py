"""What each file of conf/ may say, as JSON Schema: for editors that complete what one types."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from commands.config.class_file import ClassesFile
from commands.config.command_file import CommandsFile
from commands.config.interface_file import InterfacesFile
from commands.config.offer_file import OffersFile
from commands.config.region_file import RegionsFile
from commands.config.reminder_file import RemindersFile
from commands.config.sentence_file import SentenceRulesFile, SentenceWordsFile
from commands.config.ticket_file import TicketsFile
from gateway.config.holidays import HolidaySheet
from gateway.config.replies import Replies
from gateway.config.roles import RolesFile
from gateway.config.service_numbers import NumbersFile
from menus.load.menu_file import MenuFile
from tariffs.campaigns import CampaignsFile
from tariffs.points_exchanges import PointsExchangesFile
from tariffs.tariff_files import BrandsFile, PlansFile, ServicesFile

_FILES: Final[dict[str, type[BaseModel]]] = {
    "classes.yaml": ClassesFile,
    "commands.yaml": CommandsFile,
    "holidays.yaml": HolidaySheet,
    "interfaces.yaml": InterfacesFile,
    "numbers.yaml": NumbersFile,
    "offers.yaml": OffersFile,
    "plain/rules.yaml": SentenceRulesFile,
    "plain/words.yaml": SentenceWordsFile,
    "regions.yaml": RegionsFile,
    "reminders.yaml": RemindersFile,
    "roles.yaml": RolesFile,
    "tariffs/brands.yaml": BrandsFile,
    "tariffs/campaigns.yaml": CampaignsFile,
    "tariffs/exchanges.yaml": PointsExchangesFile,
    "tariffs/plans.yaml": PlansFile,
    "tariffs/services.yaml": ServicesFile,
    "tickets.yaml": TicketsFile,
}
_FOLDERS: Final[dict[str, type[BaseModel]]] = {"menus": MenuFile, "replies": Replies}


def schema_of(name: str) -> dict[str, Any]:
    """By its path below conf/; empty, if no file is called so."""
    model = _FILES.get(name) or _FOLDERS.get(name.partition("/")[0])
    return {} if model is None else _schema(model)


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)
