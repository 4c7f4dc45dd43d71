"""The project installed elsewhere, as an operator has it: without a checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGES = {"gateway", "smpp", "ivr", "commands", "menus", "tariffs", "periods", "simulators"}


def say(*command: str | Path, cwd: Path) -> str:
    """What the command prints; its complaints are the failure."""
    run = subprocess.run(
        command, cwd=cwd, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def hallgate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an installation that has our libraries but not our checkout."""
    place = tmp_path_factory.mktemp("operator")
    venv.create(place / "env", symlinks=True, with_pip=False)
    python = place / "env/bin/python"
    libraries = Path(sysconfig.get_path("purelib", vars={"base": str(place / "env")}))
    # one line names a folder; the .pth files in that folder, our own among them, are not read
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    say(*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", place, PROJECT, cwd=place)
    say(*pip, f"--python={python}", "install", *offline, *place.glob("*.whl"), cwd=place)
    return place / "env/bin/hallgate"


@pytest.mark.slow
def test_an_installation_brings_its_configuration(hallgate: Path, tmp_path: Path) -> None:
    """Commands, tariffs, replies and the default configuration are found, and without fault."""
    say(hallgate, "check", cwd=tmp_path)


@pytest.mark.slow
def test_an_installation_brings_its_migrations(hallgate: Path, tmp_path: Path) -> None:
    """A store is made, and filled with the sample, from any folder."""
    say(hallgate, "db", "sample", "--set", f"store.url=sqlite:///{tmp_path}/hall.db", cwd=tmp_path)
    assert (tmp_path / "hall.db").stat().st_size > 0


@pytest.mark.slow
def test_an_installation_tells_type_checkers_that_it_is_typed(hallgate: Path) -> None:
    """By PEP 561, in every package."""
    marked = hallgate.parents[1].glob("lib/python*/site-packages/*/py.typed")
    assert {mark.parent.name for mark in marked} == PACKAGES
