"""What verbs that change customer lists are asked, and what they change them by."""

from __future__ import annotations

from datetime import tzinfo

from gateway.cli.acting import CommandLineAct
from gateway.config.known_classes import read_classes
from gateway.config.settings import Settings
from gateway.lists.customer_lists import CustomerLists
from gateway.lists.ends import end_of
from gateway.lists.refusals import ListRefusal
from gateway.store.store import Store


def end_asked(written: str, zone: tzinfo, now: int) -> int:
    """What --until says, in seconds since 1970; 0 for nothing. Raises ListRefusal."""
    try:
        return end_of(written, zone, now)
    except ValueError:
        raise ListRefusal(
            f"'{written}' is no day to come; write 2027-06-30, or 2027-06-30T18:00"
        ) from None


def customer_lists(act: CommandLineAct, store: Store, settings: Settings) -> CustomerLists:
    """As this act changes them, with the classes of the settings' conf/."""
    return CustomerLists(
        act.connection, store.seal, act.actor, act.now, lambda: read_classes(settings.conf)
    )
