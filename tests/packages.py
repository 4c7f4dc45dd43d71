"""The distribution's packages that tests need, and their way onto the machine.

`python -m tests.packages` installs what is missing. What cannot be installed is told with its
reason, and only the tests that need it fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Debian keeps servers out of the PATH of ordinary users.
SERVER_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"


class Missing(Exception):
    """A program is not on this machine; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the distribution, and a program of it that proves it is there."""

    name: str
    program: str
    purpose: str
    folders: str = ""  # a pattern, when the program is on nobody's PATH

    def find(self) -> Path | None:
        """The program; of several versions side by side, the newest."""
        if self.folders:
            homes = sorted(Path("/").glob(self.folders.lstrip("/")), key=version, reverse=True)
            return next(
                (home / self.program for home in homes if (home / self.program).exists()), None
            )
        found = shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:{SERVER_FOLDERS}")
        return Path(found) if found else None

    def require(self) -> Path:
        """The program, or `Missing`."""
        program = self.find()
        if program is None:
            raise Missing(
                f"{self.purpose} needs {self.program}, which is not on this machine: "
                f"run `make test`, or `apt-get install {self.name}`"
            )
        return program


def version(home: Path) -> tuple[int, ...]:
    """The numbers in a path, so that 15 comes after 9."""
    return tuple(int(part) for part in home.parts if part.isdigit())


REDIS = Package("redis-server", "redis-server", "keeping sessions in Redis")
POSTGRESQL = Package(
    "postgresql", "postgres", "the store on PostgreSQL", folders="/usr/lib/postgresql/*/bin"
)
KANNEL = Package("kannel", "bearerbox", "binding a foreign ESME, and measuring beside Kannel")

PACKAGES = (REDIS, POSTGRESQL, KANNEL)


def apt(*words: str) -> str:
    """Run apt-get without questions; what it complains of, or nothing."""
    command = ["apt-get", "--quiet=2", "--option=DPkg::Lock::Timeout=300", *words]
    if os.geteuid() != 0:
        # Without a terminal nobody could type sudo's password.
        command = ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]
    try:
        run = subprocess.run(
            ["env", "DEBIAN_FRONTEND=noninteractive", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    except OSError as problem:
        return str(problem)
    if run.returncode == 0:
        return ""
    complaints = [line for line in run.stderr.splitlines() if line.startswith("E: ")]
    return " ".join(complaints or run.stderr.split("\n")).strip() or f"exit {run.returncode}"


def install(packages: Sequence[Package]) -> None:
    """Install what is missing, together or one by one, and say what could not be."""
    missing = [package for package in packages if package.find() is None]
    if not missing:
        return
    print("installing for the tests:", *(package.name for package in missing), flush=True)
    stale = apt("update")
    if apt("install", "--yes", "--no-install-recommends", *(package.name for package in missing)):
        # One of them spoils the whole: find out which, and have the others.
        for package in missing:
            reason = apt("install", "--yes", "--no-install-recommends", package.name)
            if reason:
                reason = f"{reason} (apt-get update: {stale})" if stale else reason
                print(f"cannot install {package.name}, for {package.purpose}: {reason}", flush=True)


if __name__ == "__main__":
    install(PACKAGES)
