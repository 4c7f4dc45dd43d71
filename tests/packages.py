"""The distribution's packages that tests need, and their way onto the machine.

`python -m tests.packages [NAME …]` installs what is missing. What cannot be installed is told with
its reason, and only the tests that need it fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
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
ESPEAK = Package("espeak-ng", "espeak-ng", "making the sounds of calls from their texts")
ETCD = Package("etcd-server", "etcd", "a store that fails over: who is its primary")
PATRONI = Package("patroni", "patroni", "a store that fails over")
SIPP = Package("sip-tester", "sipp", "calling by a foreign telephone, and measuring calls")
CHROMIUM = Package("chromium", "chromium", "looking at the console's pages")
CHROMEDRIVER = Package("chromium-driver", "chromedriver", "driving the browser in tests")
FONTS = Package(
    "fonts-noto-cjk", "NotoSansCJK-Regular.ttc", "Chinese in that browser",
    folders="/usr/share/fonts/opentype/noto",
)  # fmt: skip
SPIN = Package("spin", "spin", "checking the model of several gateways")
COMPILER = Package("gcc", "cc", "compiling what Spin makes of the model")
HEADERS = Package("libc6-dev", "include/stdio.h", "the same", folders="/usr")
LOGROTATE = Package("logrotate", "logrotate", "rotating a log while a gateway writes it")
SYSTEMD = Package("systemd", "systemd-analyze", "looking at the units")
LINTIAN = Package("lintian", "lintian", "looking at the Debian package")
MMDEBSTRAP = Package("mmdebstrap", "mmdebstrap", "installing the Debian package in a fresh system")
BUILDAH = Package("buildah", "buildah", "making the container, and running it")

INSTALL = ("install", "--yes", "--no-install-recommends")

PACKAGES = (
    REDIS, POSTGRESQL, ETCD, PATRONI, KANNEL, ESPEAK, SIPP, CHROMIUM, CHROMEDRIVER, FONTS, SPIN,
    COMPILER, HEADERS, LOGROTATE, SYSTEMD, LINTIAN, MMDEBSTRAP, BUILDAH,
)  # fmt: skip


def apt(*words: str) -> str:
    """Run apt-get without questions; what it complains of, or nothing."""
    command = ["apt-get", "--quiet=2", "--option=DPkg::Lock::Timeout=300", *words]
    if shutil.which("apt-get") is None:
        return "there is no apt-get on this machine"
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return "only root can install it, and there is no sudo"
        # without a terminal nobody could type sudo's password
        command = ["sudo", *([] if sys.stdin.isatty() else ["--non-interactive"]), *command]
    run = subprocess.run(
        ["env", "DEBIAN_FRONTEND=noninteractive", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode == 0:
        return ""
    complaints = [line for line in run.stderr.splitlines() if line.startswith("E: ")]
    return " ".join(complaints) or run.stderr.strip() or f"apt-get gave {run.returncode}"


def install(packages: Sequence[Package], apt: Callable[..., str] = apt) -> None:
    """Install what is missing, and say of each what could not be and why."""
    missing = [package for package in packages if package.find() is None]
    if not missing:
        return
    print("installing for the tests:", *(package.name for package in missing), flush=True)
    apt("update")  # its complaints come again when something cannot be found
    if not apt(*INSTALL, *(package.name for package in missing)):
        return
    # one of them spoils it for all: find out which, and have the others
    for package in missing:
        if reason := apt(*INSTALL, package.name):
            print(f"cannot install {package.name}, for {package.purpose}: {reason}", flush=True)


if __name__ == "__main__":
    named = sys.argv[1:]
    if unknown := set(named) - {package.name for package in PACKAGES}:
        sys.exit(f"no test needs {', '.join(sorted(unknown))}")
    install([package for package in PACKAGES if package.name in named or not named])
