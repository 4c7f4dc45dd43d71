"""Where the hall's key is: in the configuration, or in a file that is made at the first use."""

from __future__ import annotations

from pathlib import Path

from gateway.seal import KEY, key_file
from gateway.settings import Settings
from gateway.store.engine import sqlite_file
from gateway.store.store import StoreProblem


def master_key(settings: Settings) -> bytes:
    """Raises StoreProblem if the key that is given is none."""
    return key_given(settings) or key_file(_beside_the_store(settings))


def key_given(settings: Settings) -> bytes | None:
    """The key that the configuration names, if any. Raises StoreProblem if it is none."""
    given = settings.secrets.key
    if given is None:
        return None
    try:
        key = bytes.fromhex(given.get_secret_value())
    except ValueError:
        key = b""
    if len(key) < KEY:
        raise StoreProblem("secrets.key must be at least 64 hex digits: openssl rand -hex 32")
    return key


def _beside_the_store(settings: Settings) -> Path:
    """hall.db.key beside hall.db; for PostgreSQL hall.key beside the sounds, a folder that is
    configured."""
    file = sqlite_file(settings.store.url)
    path = file.with_name(file.name + ".key") if file else settings.ivr.sounds.parent / "hall.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
