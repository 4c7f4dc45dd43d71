"""Folders and files: who may read and write them, the key, the sounds, conf/."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.cli.prompts import missing_sounds
from gateway.cli.upkeep.examine.finding import HealthFinding, mind, well, wrong
from gateway.config.checked_yaml import BadFile
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.security.master_key import key_path
from gateway.store.sqlite import sqlite_file
from gateway.tts.synthesis import HOW_TO_GET_IT, PROGRAM, find_voice

_MOST: Final = 5  # findings of conf/ that are told
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def examine_places(settings: Settings) -> Iterator[HealthFinding]:
    store = sqlite_file(settings.store.url)
    if store is not None:
        yield _writable("store", store.parent)
        if store.exists():
            yield _private("store", store)
    yield from _key(settings, store)
    if settings.ivr.asterisk:
        yield _writable("sounds", settings.ivr.sounds)
        yield _readable("recordings", settings.ivr.recordings)
        yield from _voice(settings)
    yield from _conf(settings)


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _writable(what: str, folder: Path) -> HealthFinding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return wrong(what, f"{_user()} may not write in {there}", f"chown {_user()} {there}")
    return well(what, f"{folder}{'' if there == folder else ', which is yet to be made'}")


def _readable(what: str, folder: Path) -> HealthFinding:
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        return wrong(what, f"{_user()} may not read {folder}", f"chmod o+rx {folder}, or a group")
    if not folder.exists():
        cure = "Asterisk makes it with the first recording, or ivr.recordings names another"
        return mind(what, f"{folder} is not there", cure)
    return well(what, str(folder))


def _private(what: str, file: Path) -> HealthFinding:
    about = file.stat()
    if about.st_mode & _OTHERS:
        return wrong(what, f"others may open {file}", f"chmod 600 {file}")
    if not os.access(file, os.R_OK | os.W_OK):
        return wrong(what, f"{_user()} may not open {file}", f"chown {_user()} {file}")
    return well(what, str(file))


def _key(settings: Settings, store: Path | None) -> Iterator[HealthFinding]:
    if settings.secrets.key is not None:
        yield well("key", "secrets.key")
        return
    path = key_path(settings, store)
    if path.exists():
        yield _private("key", path)
    else:
        yield well("key", f"{path}, which the first start makes; keep a copy of it elsewhere")


def _voice(settings: Settings) -> Iterator[HealthFinding]:
    if find_voice() is None:
        yield mind(PROGRAM, "it is not on this machine, so texts of your own get no sound",
                   HOW_TO_GET_IT)  # fmt: skip
    try:
        missing = len(missing_sounds(settings))
    except BadFile:
        return  # told with conf/
    if missing:
        yield mind("prompts", f"{missing} have no sound yet", "hallgate prompts build")
    else:
        yield well("prompts", "each has a sound")


def _conf(settings: Settings) -> Iterator[HealthFinding]:
    try:
        open_snapshot(settings)
    except BadFile as bad:
        for finding in bad.findings[:_MOST]:
            yield wrong("conf/", str(finding), "mend it; hallgate check tells all of it")
    else:
        yield well("conf/", str(settings.conf))
