"""What commands, brands, plans, services and classes are called: read from conf/ alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commands.config.command_file import CommandsFile
from gateway.config.checked_yaml import read
from gateway.config.known_classes import read_classes
from tariffs.bilingual_name import BilingualName
from tariffs.tariff_files import BrandsFile, PlansFile, ServicesFile

CodeNames = Mapping[str, Mapping[str, BilingualName]]
"""By what they are of (command, brand, plan, service, class) and by their codes."""


def read_code_names(conf: Path) -> CodeNames:
    """Raises BadFile."""
    tariffs = conf / "tariffs"
    return {
        "command": _names(read(conf / "commands.yaml", CommandsFile).value.commands),
        "brand": _names(read(tariffs / "brands.yaml", BrandsFile).value.brands),
        "plan": _names(read(tariffs / "plans.yaml", PlansFile).value.plans),
        "service": _names(read(tariffs / "services.yaml", ServicesFile).value.services),
        "class": {one.code: one.name for one in read_classes(conf).known},
    }


def _names(rows: Mapping[str, Any]) -> dict[str, BilingualName]:
    return {code: row.name.label() for code, row in rows.items()}
