"""The customer classes that types of lists may name: those of conf/classes.yaml as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from commands.classes.customer_classes import CustomerClasses
from commands.config.class_file import ClassesFile
from gateway.config.checked_yaml import read
from gateway.config.settings import own_or_ours

FILE: Final = "classes.yaml"


def read_classes(folder: Path) -> CustomerClasses:
    """Of a conf/ folder; one that does not have the file has the project's own. Raises BadFile."""
    return read(own_or_ours(folder, FILE), ClassesFile).value.read()
