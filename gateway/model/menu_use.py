"""What is counted of a menu: screens that were seen, options that were taken."""

from __future__ import annotations

from typing import Final, NamedTuple

from menus.model.wording import MenuChannel

RECENT: Final = 28  # days that an order of options looks back


class MenuUse(NamedTuple):
    """`what` is a screen, or screen/option."""

    version: str
    channel: MenuChannel
    what: str
