"""Where the hall's key is: in the configuration, or in a file that is made at the first use."""

from __future__ import annotations

from pathlib import Path

from gateway.seal import key_file
from gateway.settings import Settings
from gateway.store.embedded import sqlite_file


def master_key(settings: Settings) -> bytes:
    """The key that the configuration gives, or the file's."""
    given = settings.secrets.key
    if given is not None:
        return bytes.fromhex(given.get_secret_value())
    return key_file(_beside_the_store(settings))


def _beside_the_store(settings: Settings) -> Path:
    """hall.db.key beside hall.db; for PostgreSQL hall.key beside the sounds, a folder that is
    configured."""
    file = sqlite_file(settings.store.url)
    path = file.with_name(file.name + ".key") if file else settings.ivr.sounds.parent / "hall.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
