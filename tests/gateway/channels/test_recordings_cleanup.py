"""What callers have said is forgotten in time."""

from __future__ import annotations

import os
from pathlib import Path

from gateway.channels.voice.recordings_cleanup import forget
from gateway.model.message_id import floor_at
from gateway.store.store import Store
from gateway.store.tables import tickets

DAY = 24 * 3600
NOW = 1_795_300_000


def spoken(folder: Path, name: str, days: float) -> Path:
    file = folder / name
    file.write_bytes(b"RIFF")
    os.utime(file, (NOW - days * DAY, NOW - days * DAY))
    return file


def sent(store: Store, recording: str, days: float) -> None:
    row = {"number": recording, "kind": "complaint", "phone": 13800138001, "opened_at": NOW}
    with store.transaction() as connection:
        id = floor_at(NOW - days * DAY) + 1
        connection.execute(
            tickets.insert(), row | {"id": id, "due_at": NOW, "recording": recording}
        )


def test_what_was_sent_stays_as_long_as_words_do(store: Store, tmp_path: Path) -> None:
    """And no longer, whether its ticket is still there or not."""
    young, old = spoken(tmp_path, "r1.wav", 29), spoken(tmp_path, "r2.wav", 31)
    sent(store, "r1", 29)
    sent(store, "r2", 31)
    assert forget(tmp_path, store, NOW, 30 * DAY) == 1
    assert young.exists()
    assert not old.exists()


def test_what_nobody_sent_goes_after_a_day(store: Store, tmp_path: Path) -> None:
    """Not before: it may be about to be sent."""
    today, yesterday = spoken(tmp_path, "r1.wav", 0.5), spoken(tmp_path, "r2.wav", 1.5)
    assert forget(tmp_path, store, NOW, 30 * DAY) == 1
    assert today.exists()
    assert not yesterday.exists()


def test_what_is_not_ours_stays(store: Store, tmp_path: Path) -> None:
    """Whoever puts other files there keeps them; and a folder elsewhere is nothing to us."""
    other = spoken(tmp_path, "greeting.wav", 400)
    assert forget(tmp_path, store, NOW, 30 * DAY) == 0
    assert other.exists()
    assert forget(tmp_path / "elsewhere", store, NOW, 30 * DAY) == 0
