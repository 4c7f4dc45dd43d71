"""What another user may do with files, told from their modes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gateway.ops.file_access import MachineUser

STRANGER = MachineUser(12_345, frozenset())
ROOT = MachineUser(0, frozenset())


@pytest.fixture
def sounds() -> Iterator[Path]:
    """A language with a sound of its own, and some of figures, where whoever likes may come:
    pytest's own folders keep strangers out."""
    with TemporaryDirectory(dir="/tmp") as made:
        Path(made).chmod(0o755)
        for name in ("zh/digit/1.alaw", "zh/digit/2.alaw", "zh/minus.alaw"):
            file = Path(made) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"\xd5")
            file.chmod(0o644)
            file.parent.chmod(0o755)
        yield Path(made) / "zh"


def test_nothing_keeps_a_stranger_out(sounds: Path) -> None:
    assert STRANGER.first_unreadable(sounds) is None


def test_a_sound_that_he_may_not_read_is_named(sounds: Path) -> None:
    (sounds / "digit" / "2.alaw").chmod(0o640)
    assert STRANGER.first_unreadable(sounds) == sounds / "digit" / "2.alaw"


@pytest.mark.parametrize("folder", ["digit", "."])
def test_a_folder_that_keeps_him_out_is_named(sounds: Path, folder: str) -> None:
    closed = sounds / folder
    closed.chmod(0o744)  # its list may be read, and nothing in it
    assert STRANGER.first_unreadable(sounds) == closed


def test_a_folder_above_that_keeps_him_out_is_named(sounds: Path) -> None:
    sounds.parent.chmod(0o700)
    assert STRANGER.first_unreadable(sounds) == sounds.parent


def test_groups_and_owner_count(sounds: Path) -> None:
    sound = sounds / "digit" / "2.alaw"
    sound.chmod(0o040)
    found = sound.stat()
    assert MachineUser(12_345, frozenset({found.st_gid})).first_unreadable(sounds) is None
    if found.st_uid:  # for root modes are nothing
        assert MachineUser(found.st_uid, frozenset()).first_unreadable(sounds) == sound


def test_for_root_modes_are_nothing(sounds: Path) -> None:
    (sounds / "minus.alaw").chmod(0)
    assert ROOT.first_unreadable(sounds) is None


def test_a_link_to_nowhere_is_no_sound_that_may_not_be_read(sounds: Path) -> None:
    """So it is where a sound is replaced while it is looked: another thing says what is missing."""
    (sounds / "a.alaw").symlink_to(sounds / "gone.alaw")
    assert STRANGER.first_unreadable(sounds) is None
