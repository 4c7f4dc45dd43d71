"""Menus looked over against all that they lean on, before anybody walks them."""

from __future__ import annotations

from pathlib import Path

from gateway.files import BadFile
from gateway.menus.reading import Menus, read_menus
from menus.lint import flaws
from menus.world import World


def check_menus(folder: Path, world: World) -> Menus:
    """The menus of a folder, if nothing is wrong with them. Raises BadFile with all that is."""
    return checked(read_menus(folder), world)


def checked(menus: Menus, world: World) -> Menus:
    """The same menus, if they fit what they lean on. Raises BadFile."""
    if found := menus.findings(flaws(menus.book, world)):
        raise BadFile(found)
    return menus
