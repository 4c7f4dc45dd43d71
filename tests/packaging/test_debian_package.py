"""The Debian package in a fresh system: installed, upgraded from the release before, not
downgraded, restored, purged. It takes minutes, and the network of the distribution."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.store.migrations.schema_version import newest
from tests.packages import LINTIAN, MMDEBSTRAP
from tests.services import program

pytestmark = [pytest.mark.soak, pytest.mark.service]
PROJECT = Path(__file__).parents[2]
BEFORE = "0d13e10"
"""The commit of release 0.2.0."""
AS_HALLGATE = "setpriv --reuid=hallgate --regid=hallgate --init-groups env HOME=/var/lib/hallgate"
SCHEMA = (
    "import sqlite3; c = sqlite3.connect('file:/var/lib/hallgate/hall.db?mode=ro', uri=True); "
    "wanted = 'version_num, (SELECT count(*) FROM subscribers) FROM alembic_version'; "
    "print(*c.execute(f'SELECT {wanted}'))"
)


EDITED = [
    ("replies/zh/services.yaml", "您没有订购", "您尚未订购"),
    ("commands.yaml", "wrong_passwords: 3", "wrong_passwords: 4"),
    ("offers.yaml", "every: 24 h", "every: 48 h"),
]
"""As an operator would, in files that have changed since."""


@dataclass(frozen=True)
class FreshSystem:
    """A Debian of its own in a folder."""

    root: Path

    def run(self, script: str, status: int = 0) -> str:
        """What it says, complaints and all."""
        clean = [
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND=noninteractive",
        ]
        command = ["chroot", str(self.root), *clean, "/bin/sh", "-c", script]
        ran = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert ran.returncode == status, ran.stdout
        return ran.stdout

    def left(self) -> str:
        """Whatever has our name, but for the packages that we brought."""
        wanted = "find / -xdev -path /tmp -prune -o -iname '*hallgate*' -print"
        return self.run(f"{wanted}; getent passwd hallgate; getent group hallgate; true")


def built(source: Path, out: Path, *more: str) -> Path:
    words: list[str | Path] = [sys.executable, PROJECT / "packaging/build_deb.py", *more]
    words += ["--source", source, "--out", out]
    ran = subprocess.run(words, check=True, capture_output=True, text=True)
    return Path(ran.stdout.strip())


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """That of the release before, and ours."""
    folder = tmp_path_factory.mktemp("packages")
    old = folder / "old"
    subprocess.run(["git", "clone", "--quiet", "--shared", PROJECT, old], check=True)
    subprocess.run(["git", "-C", old, "checkout", "--quiet", BEFORE], check=True)
    return built(old, folder, "--release"), built(PROJECT, folder)


@pytest.fixture(scope="module")
def fresh(packages: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> FreshSystem:
    root = tmp_path_factory.mktemp("fresh") / "root"
    words: list[str | Path] = [
        program(MMDEBSTRAP),
        "--variant=minbase",
        "--include=python3,adduser,tzdata",
    ]
    subprocess.run([*words, "bookworm", root], check=True, capture_output=True)
    for name, package in zip(("old", "new"), packages, strict=True):
        shutil.copy(package, root / "tmp" / f"{name}.deb")
    return FreshSystem(root)


def test_lintian_finds_nothing(packages: tuple[Path, Path]) -> None:
    """But what is overridden, each with its reason."""
    words: list[str | Path] = [
        program(LINTIAN),
        "--allow-root",
        "--fail-on=error,warning",
        packages[1],
    ]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_life_from_installation_to_purge(fresh: FreshSystem) -> None:
    """What was changed below /etc stays, the store is brought up to date, and nothing is left."""
    fresh.run("dpkg -i /tmp/old.deb")
    words = "/usr/lib/hallgate/bin/hallgate db sample --config /etc/hallgate/gateway.yaml"
    fresh.run(f"{AS_HALLGATE} {words}")
    fresh.run("echo '# mine' >> /etc/hallgate/gateway.yaml")
    for file, old, new in EDITED:
        path = f"/etc/hallgate/conf/{file}"
        fresh.run(f"sed -i 's/{old}/{new}/' {path} && grep -q '{new}' {path}")
    before = fresh.run(f'python3 -c "{SCHEMA}"')
    assert before.startswith("('0012', ")
    fresh.run("dpkg-deb -x /tmp/new.deb /tmp/new")
    told = fresh.run("/tmp/new/usr/lib/hallgate/merge-conf /tmp/merged")
    for file, _, new in EDITED:
        assert f"{file}: your changes and those of the new release" in told
        fresh.run(f"grep -q '{new}' /tmp/merged/{file}")
    assert "classes.yaml: is new" in told
    assert "all is well" in told
    assert "all is well" in fresh.run("/tmp/new/usr/lib/hallgate/merge-conf /tmp/merged")
    fresh.run("cp -a /tmp/merged/. /etc/hallgate/conf/")
    fresh.run("dpkg --force-confold -i /tmp/new.deb")
    assert "all is well" in fresh.run(f"{AS_HALLGATE} hallgate check")
    for file, _, new in EDITED:
        fresh.run(f"grep -q '{new}' /etc/hallgate/conf/{file}")
    assert fresh.run(f'python3 -c "{SCHEMA}"') == before.replace("0012", newest())
    assert "# mine" in fresh.run("cat /etc/hallgate/gateway.yaml")
    assert fresh.run("stat -c '%a %U:%G' /etc/hallgate/gateway.yaml") == "640 root:hallgate\n"

    listen = "s/^store:/http: {listen: {env: WHERE}}\\nstore:/"
    fresh.run(f"sed -i '{listen}' /etc/hallgate/gateway.yaml")
    assert "WHERE" in fresh.run(f"{AS_HALLGATE} hallgate check", status=1)
    fresh.run("echo 'WHERE=\"127.0.0.1:9086\"' >> /etc/hallgate/environment")
    assert "all is well" in fresh.run(f"{AS_HALLGATE} hallgate check")

    refused = fresh.run("dpkg -i /tmp/old.deb", status=1)
    assert "See 'Going back' in docs/upgrading.md" in refused
    assert f"schema {newest()}" in fresh.run("hallgate --version")

    backup = "/var/lib/hallgate/b.tgz"
    fresh.run(f"{AS_HALLGATE} hallgate backup {backup} --verify")
    fresh.run("printf broken | dd of=/var/lib/hallgate/hall.db conv=notrunc")
    assert "WRONG" in fresh.run(f"{AS_HALLGATE} hallgate doctor", status=1)
    told = fresh.run(f"{AS_HALLGATE} hallgate restore {backup} --verify --replace")
    assert "restored: schema" in told
    assert "WRONG" not in fresh.run(f"{AS_HALLGATE} hallgate doctor")

    fresh.run("dpkg --purge hallgate")
    assert fresh.left() == ""
