"""An edition made of files: its version, and its menus in the order of use."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.config.editions.conf_files import MENUS, ConfFiles, below, version_of
from gateway.config.editions.edition import Edition
from gateway.config.menu_files import MenuFiles, menus_of
from menus.tools.key_order import in_order_of_use


def edition_of(
    files: ConfFiles, author: str, reason: str, now: int, use: Mapping[str, int] | None = None
) -> Edition:
    """With the options of its menus in order, where a screen says `reorder: apply`. Raises BadFile
    for menus that cannot be read."""
    applied, moved = _applied(menus_of(below(files, MENUS)), use or {})
    return Edition(version_of(files, *moved), now, author, reason, files, applied)


def _applied(menus: MenuFiles, use: Mapping[str, int]) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """The counts, if anything is moved by them, and what is moved then."""
    book = in_order_of_use(menus.book, use)
    return ({}, ()) if book is menus.book else (dict(use), (book.version,))
