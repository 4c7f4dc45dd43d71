"""The units for systemd and the container file: right, and shut off from the machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import SYSTEMD
from tests.services import program

PACKAGING = Path(__file__).parents[2] / "packaging"
UNITS = sorted((PACKAGING / "systemd").glob("*.service"))
EXPOSED = 2.5
"""Of 10, as `systemd-analyze security` reckons: more is not accepted."""


@pytest.mark.service
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_shut_off_from_the_machine(unit: Path) -> None:
    """As far as one that listens on the network can be."""
    words: list[str | Path] = [program(SYSTEMD), "security", "--offline=yes", unit]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", ran.stdout)
    assert found is not None, ran.stdout + ran.stderr
    assert float(found[1]) < EXPOSED


@pytest.mark.service
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    """All of it; the program stands elsewhere here than where the package puts it."""
    here = Path(sys.executable).with_name("hallgate")
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/usr/bin/hallgate", str(here)))
    words: list[str | Path] = [
        program(SYSTEMD),
        "verify",
        "--man=no",
        "--recursive-errors=no",
        copy,
    ]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_container_file_keeps_the_rules() -> None:
    """Of hadolint."""
    hadolint = Path(sys.executable).with_name("hadolint")
    words = [hadolint, PACKAGING / "Containerfile"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
