"""What reports need of conf/: how commands, brands and regions are called. Read alone, for a verb
that shall answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commands.config import region_file
from commands.config.command_file import CommandsFile
from commands.config.region_file import RegionsFile
from gateway.config.checked_yaml import read
from gateway.model.figures import FigureGroups
from tariffs.tariff_files import BrandsFile


@dataclass(frozen=True, slots=True)
class FigureNames:
    """By their codes, in Chinese; what has no name is shown by its code."""

    groups: FigureGroups = field(default_factory=FigureGroups)  # without `effect`: a setting
    actions: Mapping[str, str] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)


def read_figure_names(conf: Path) -> FigureNames:
    """Raises BadFile."""
    commands = read(conf / "commands.yaml", CommandsFile).value
    regions = read(conf / "regions.yaml", RegionsFile).value
    brands = read(conf / "tariffs" / "brands.yaml", BrandsFile).value
    interfaces = {channel.value: number for channel, number in commands.interfaces.items()}
    return FigureNames(
        FigureGroups(region_file.regions(regions), interfaces),
        {action: row.name.zh for action, row in commands.commands.items()},
        {code: row.name.zh for code, row in brands.brands.items()},
    )
