"""What other interfaces may name: read from conf/commands.yaml and conf/interfaces.yaml alone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from commands.config.command_file import CommandsFile
from commands.config.interface_file import InterfacesFile
from commands.model.interfaces import DOOR_KINDS
from gateway.config.checked_yaml import read
from gateway.operators.interfaces import HallNames


def read_hall_names(conf: Path) -> HallNames:
    """Raises BadFile."""
    rights = read(conf / "commands.yaml", CommandsFile).value.rights
    own = read(conf / "interfaces.yaml", InterfacesFile).value.interfaces
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for operation, levels in rights.items():
        for kind in DOOR_KINDS.keys() & levels.keys():
            by_kind[kind].add(operation)
    return HallNames(
        {kind: frozenset(operations) for kind, operations in by_kind.items()}, frozenset(own)
    )
