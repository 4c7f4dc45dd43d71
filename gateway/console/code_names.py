"""What commands, brands, plans and services are called: read from conf/ alone, once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from commands.config.command_file import CommandsFile
from gateway.config.checked_yaml import BadFile, read
from gateway.console.pages import Words
from tariffs.tariff_files import BrandsFile, PlansFile, ServicesFile

CodeNames = Mapping[str, Mapping[str, Words]]
"""By what they are of (command, brand, plan, service) and by their codes."""


@lru_cache(maxsize=1)
def code_names(conf: Path) -> CodeNames:
    """As they were when the process was first asked. With mistakes in conf/ codes are shown as
    they are: `hallgate check` tells them."""
    tariffs = conf / "tariffs"
    try:
        return {
            "command": _names(read(conf / "commands.yaml", CommandsFile).value.commands),
            "brand": _names(read(tariffs / "brands.yaml", BrandsFile).value.brands),
            "plan": _names(read(tariffs / "plans.yaml", PlansFile).value.plans),
            "service": _names(read(tariffs / "services.yaml", ServicesFile).value.services),
        }
    except BadFile:
        return {}


def _names(rows: Mapping[str, Any]) -> dict[str, Words]:
    return {code: Words(row.name.zh, row.name.en or row.name.zh) for code, row in rows.items()}
