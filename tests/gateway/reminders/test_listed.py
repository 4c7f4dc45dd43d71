"""What the list of reminders says of each: whether it was told, or nobody knows."""

from __future__ import annotations

import pytest

from commands.reminders.model import ReminderKind
from gateway.store.messages import ACCEPTED, FAILED, LEAVING, UNKNOWN
from gateway.store.reminders.told import REPEATED, TOLD, NewReminder, ReminderQuery, SqlReminders
from gateway.store.store import Store
from tests.gateway.figures.journal import begins, told

NUMBER = "13800138001"
HOUR = 3_600


def listed(store: Store, *results: str) -> list[str]:
    """Reminders of one meaning, two days apart: as the list shows them, the oldest first."""
    zero = begins(store)
    rows = [
        NewReminder(
            NUMBER, ReminderKind.ARREARS, f"{place}", "reminder", "store", result, False,
            zero + 48 * HOUR * place,
        )
        for place, result in enumerate(results)
    ]  # fmt: skip
    with store.transaction() as connection:
        SqlReminders(connection).add(rows)
        found = SqlReminders(connection).find(ReminderQuery())
    return [one.result for one in reversed(found)]


@pytest.mark.parametrize(
    ("state", "shown"),
    [(ACCEPTED, "told"), (LEAVING, "told"), (UNKNOWN, "perhaps"), (FAILED, "unsent")],
)
def test_a_reminder_of_which_nobody_knows_says_so(store: Store, state: int, shown: str) -> None:
    """Of its own message, and not of one that was told before or after it."""
    told(store, 60, "reminder", 1, ACCEPTED)
    told(store, 48 * HOUR + 60, "reminder", 2, state)
    told(store, 96 * HOUR + 60, "reminder", 3, ACCEPTED)
    assert listed(store, TOLD, TOLD, TOLD) == ["told", shown, "told"]


def test_what_was_not_said_has_no_message(store: Store) -> None:
    """Repeated stays so, though the message before it is in doubt; what has not left yet waits."""
    told(store, 60, "reminder", 1, UNKNOWN)
    assert listed(store, TOLD, REPEATED, TOLD) == ["perhaps", "repeated", "told"]
