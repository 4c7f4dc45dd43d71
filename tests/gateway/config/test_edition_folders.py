"""Folders of editions that are read: gone at the end, and after a kill with the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gateway.config.editions.conf_files import laid_out
from gateway.config.editions.edition_folders import PREFIX

FILES = {"menus/hall.yaml": "menus: {}\n"}
KILLED = f"""
import os, signal
from gateway.config.editions.conf_files import laid_out
with laid_out({FILES}):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def there(folders: Path) -> list[Path]:
    return sorted(folders.glob(f"{PREFIX}*"))


def test_what_a_kill_has_left_goes_with_the_next(folders: Path) -> None:
    """It would lie there until somebody looks, with whatever was to be published."""
    environment = os.environ | {"TMPDIR": str(folders)}
    ran = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert ran.returncode == -signal.SIGKILL
    (left,) = there(folders)
    assert (left / "menus/hall.yaml").exists()

    with laid_out(FILES) as folder:
        assert there(folders) == [folder]
    assert there(folders) == []


def test_what_is_being_read_stays(folders: Path) -> None:
    """Whoever reads it, in this process or another; and what is nobody's of us."""
    other = folders / "hallgate-something"
    other.mkdir()
    with laid_out(FILES) as first, laid_out(FILES) as second:
        assert there(folders) == sorted([first, second])
        assert (first / "menus/hall.yaml").exists()
    assert list(folders.iterdir()) == [other]
