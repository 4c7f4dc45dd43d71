"""What every story begins with, made once: conf/ as read, and a store with sample subscribers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from gateway.config.sample import people as sample_people
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.editions.loading import keep_own
from gateway.store.editions.editions import SqlEditions
from gateway.store.opening import open_store
from gateway.store.sample.people import put_cards, put_personas
from gateway.tts.needed_sounds import wanted
from gateway.tts.sound_folder import Prompt
from tests.simulation.world import BEGINS

DAY: Final = 86_400
PEOPLE: Final = 12  # sample subscribers 1 to 12 write and dial
CALLERS: Final = range(20, 40)  # and these call
CARDS: Final = 60  # sample cards 1 to 60, of 50 yuan each
KEY: Final = "5a" * 32
_MEMORY: Final = Path("/dev/shm")  # nobody needs these files after the story


@cache
def folder() -> TemporaryDirectory[str]:
    """Of all stories of this process; gone with it."""
    return TemporaryDirectory(prefix="hall", dir=_MEMORY if _MEMORY.is_dir() else None)


def settings_of(store: Path, **sections: Any) -> Settings:
    written: dict[str, Any] = {
        "store": {"url": f"sqlite:///{store}"},
        "http": {"listen": "off"},
        "secrets": {"key": KEY},
        "limits": {"queries_per_hour": 0},
        "reminders": {"every": 0},
    }
    return Settings.model_validate(written | sections)


@cache
def template() -> Path:
    """A store that is closed: one file."""
    file = Path(folder().name) / "template.db"
    settings = settings_of(file)
    store = open_store(settings)
    store.prepare()
    put_personas(
        store, map(sample_people.subscriber, [*range(1, PEOPLE + 1), *CALLERS]), int(BEGINS) - DAY
    )
    put_cards(store, map(sample_people.card, range(1, CARDS + 1)))
    with store.transaction() as connection:
        keep_own(SqlEditions(connection), snapshot(settings), int(BEGINS) - DAY)
    store.close()
    return file


@contextmanager
def fresh_store() -> Iterator[Path]:
    """A copy of the template, for one story."""
    copy = Path(folder().name) / f"hall-{os.getpid()}.db"
    shutil.copyfile(template(), copy)
    try:
        yield copy
    finally:
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()


@cache
def _snapshot() -> list[HallSnapshot]:
    return []


def snapshot(settings: Settings) -> HallSnapshot:
    """conf/ is read once: nothing in it changes, whoever serves from it. All links carry USSD."""
    kept = _snapshot()
    if not kept:
        kept.append(open_snapshot(settings))
    return kept[0]


@cache
def _needed_sounds() -> list[Prompt]:
    return wanted(_snapshot()[0])


def needed_sounds(hall: HallSnapshot) -> list[Prompt]:
    """Of the one that all stories have: to gather them takes as long as a story."""
    return _needed_sounds()
