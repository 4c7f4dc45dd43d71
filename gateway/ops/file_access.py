"""What another user of this machine may do with files: by their modes, without becoming him."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENING: Final = "0A"
_READ, _WRITE, _ENTER = 4, 2, 1


class MachineUser(NamedTuple):
    uid: int
    groups: frozenset[int]

    def first_unreadable(self, folder: Path) -> Path | None:
        """A file below, by its path, that he may not read, or a folder that keeps him out. Each is
        asked for once: a hall has thousands of sounds, and they are looked at while it serves."""
        if not self.uid:
            return None
        out = (each for each in reversed(folder.parents) if not self._may(each, _ENTER))
        return next(out, None) or self._first_unreadable_in(folder)

    def may_write(self, folder: Path) -> bool:
        """Put files into it; if it is not there, make it."""
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return self._may(folder, _WRITE | _ENTER) and self._may_reach(folder)

    def _first_unreadable_in(self, folder: Path) -> Path | None:
        if not self._may(folder, _ENTER):
            return folder
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir():
                if (below := self._first_unreadable_in(Path(entry.path))) is not None:
                    return below
            elif not self._reads(entry):
                return Path(entry.path)
        return None

    def _reads(self, entry: os.DirEntry[str]) -> bool:
        try:
            return self._allows(entry.stat(), _READ)
        except FileNotFoundError:  # replaced or taken away meanwhile
            return True

    def _may_reach(self, file: Path) -> bool:
        return all(self._may(folder, _ENTER) for folder in file.parents)

    def _may(self, file: Path, how: int) -> bool:
        return not self.uid or self._allows(file.stat(), how)

    def _allows(self, found: os.stat_result, how: int) -> bool:
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid == self.uid:
            mode >>= 6
        elif found.st_gid in self.groups:
            mode >>= 3
        return mode & how == how


def user_listening_at(port: int) -> MachineUser | None:
    """Whose process listens there on this machine; None: nobody's that we can see."""
    for uid in _owners(port):
        try:
            known = pwd.getpwuid(uid)
            groups = frozenset(os.getgrouplist(known.pw_name, known.pw_gid))
        except (KeyError, OSError):
            groups = frozenset()
        return MachineUser(uid, groups)
    return None


def _owners(port: int) -> Iterable[int]:
    for table in _TABLES:
        try:
            rows = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            local, state, uid = columns[1], columns[3], columns[7]
            if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield int(uid)
