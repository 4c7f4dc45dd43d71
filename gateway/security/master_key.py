"""Where the hall's key is: in the configuration, or in a file that is made at the first use."""

from __future__ import annotations

from pathlib import Path

from gateway.config.settings import Settings
from gateway.security.encryption import key_file


def master_key(settings: Settings, store: Path | None) -> bytes:
    """The key that the configuration gives, or the file's. `store`: the file that the store is, if
    it is one."""
    given = settings.secrets.key
    if given is not None:
        return bytes.fromhex(given.get_secret_value())
    path = key_path(settings, store)
    path.parent.mkdir(parents=True, exist_ok=True)
    return key_file(path)


def key_path(settings: Settings, store: Path | None) -> Path:
    """Where the key's file is, if the configuration gives no key: hall.db.key beside hall.db; for
    PostgreSQL hall.key beside the sounds, a folder that is configured."""
    return (
        store.with_name(store.name + ".key") if store else settings.ivr.sounds.parent / "hall.key"
    )


def existing_key(settings: Settings, store: Path | None) -> bytes | None:
    """The key, and none is made."""
    given = settings.secrets.key
    if given is None and not key_path(settings, store).exists():
        return None
    return master_key(settings, store)
