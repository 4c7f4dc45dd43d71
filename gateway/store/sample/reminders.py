"""Reminders of the last days, so that there are some to be seen."""

from __future__ import annotations

from typing import Final

from commands.reminders.model import ReminderKind
from gateway.store.reminders.told import TOLD, NewReminder, SqlReminders
from gateway.store.store import Store

_HOUR: Final = 3600
_SOME: Final = (
    ("13800138003", ReminderKind.BALANCE_LOW, "store", 47),
    ("13800138004", ReminderKind.ARREARS, "boss", 44),
    ("13800138009", ReminderKind.CHARGE, "boss", 26),
    ("13800138001", ReminderKind.RECHARGE, "boss", 22),
    ("13800138002", ReminderKind.ALLOWANCE, "store", 3),
)
"""Whose, what, and how many hours ago."""


def put_reminders(store: Store, now: int) -> None:
    """For personas that have been put in just now, without any."""
    with store.transaction() as connection:
        SqlReminders(connection).add(
            NewReminder(
                number, kind, f"sample {hours}", f"sample {kind.value}", source, TOLD, False,
                now - hours * _HOUR,
            )
            for number, kind, source, hours in _SOME
        )  # fmt: skip
