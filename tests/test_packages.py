"""What tests need from the distribution is installed, or named with the reason why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages import Missing, Package, install

HERE = Package("coreutils", "true", "nothing")
GOOD = Package("good", "no-such-good", "one thing")
BAD = Package("bad", "no-such-bad", "another")


def test_a_missing_program_names_its_package() -> None:
    """Who lacks a server is told in one sentence what to install."""
    package = Package("redis-server", "no-such-program", "keeping sessions in Redis")
    with pytest.raises(Missing, match="`apt-get install redis-server`"):
        package.require()


def test_the_newest_of_several_versions_is_taken(tmp_path: Path) -> None:
    """PostgreSQL 15 comes after 9, whatever the alphabet says."""
    for version in ("9", "15"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "postgres").touch()
    package = Package("postgresql", "postgres", "the store", folders=f"{tmp_path}/*")
    assert package.require() == tmp_path / "15" / "postgres"


def test_nothing_is_installed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """A second run costs nothing and says nothing."""
    install([HERE], apt=lambda *_: pytest.fail("there was nothing to do"))
    assert capsys.readouterr().out == ""


def test_one_bad_package_does_not_spoil_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be installed is named with its reason; the rest is there."""
    installed: set[str] = set()

    def apt(word: str, *rest: str) -> str:
        if "bad" in rest:
            return "E: Unable to locate package bad"
        installed.update(name for name in rest if not name.startswith("-"))
        return ""

    install([HERE, GOOD, BAD], apt)

    assert installed == {"good"}
    assert capsys.readouterr().out.splitlines() == [
        "installing for the tests: good bad",
        "cannot install bad, for another: E: Unable to locate package bad",
    ]
