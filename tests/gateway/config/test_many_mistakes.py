"""A hundred mistakes, planted many at a time as somebody makes them who has had a long day: each is
found on its line, with its cure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from gateway.config.checked_yaml import Finding
from gateway.config.settings import OWN_CONF
from tests.gateway.config.spoiling import OFFERS, PERSONAS, SERVICES, doubted, findings

pytestmark = pytest.mark.slow

TABLE: Final = Path(__file__).with_name("many_mistakes.tsv")
ROUNDS: Final = (
    *("shapes", "references", "meanings", "menus", "apart", "apart, again"),
    *("afresh", "afresh, the commands", "afresh, leaning on others", "afresh, the tariff's sizes"),
    "afresh, prices",
)
DOUBTFUL: Final = ("doubtful", "doubtful, again")


class Planted(NamedTuple):
    """Of `there`, where it first stands, becomes `instead`; it is found on the line where `at`
    stands then, by default `instead`."""

    round: str  # those of a round are found together
    file: str
    there: str
    instead: str
    what: str
    fix: str
    at: str = ""


def mistakes(round: str) -> Iterator[Planted]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = Planted(*(cell.replace(r"\n", "\n") for cell in line.split("\t")))
        if row.round == round:
            yield row


def planted(folder: Path, mistakes: list[Planted]) -> None:
    for one in mistakes:
        path = folder / one.file
        text = path.read_text(encoding="utf-8")
        assert one.there in text, one
        path.write_text(text.replace(one.there, one.instead, 1), encoding="utf-8")


@pytest.mark.parametrize("round", ROUNDS)
def test_each_of_many_is_told(round: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    planted(folder, made := list(mistakes(round)))
    _told(folder, made, findings(folder))


@pytest.mark.parametrize("round", DOUBTFUL)
def test_what_is_doubtful_is_noted_and_keeps_nobody_from_starting(
    round: str, tmp_path: Path
) -> None:
    """A hall that has been running with it starts after an upgrade as before."""
    folder = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    planted(folder, made := list(mistakes(round)))
    assert findings(folder) == []
    _told(folder, made, found := doubted(folder))
    assert [one for one in found if not any(each.what in one.what for each in made)] == []


def test_nothing_is_doubtful_about_what_is_shipped() -> None:
    assert doubted(OWN_CONF) == []


def _told(folder: Path, made: list[Planted], found: list[Finding]) -> None:
    """Each on its line, with its cure."""
    missed = []
    for one in made:
        path = folder / one.file
        text = path.read_text(encoding="utf-8")
        line = text[: text.index(one.at or one.instead)].count("\n") + 1
        told = [f for f in found if one.what in f.what and one.fix in f.fix]
        if not any((f.file, f.line) == (str(path), line) for f in told):
            missed.append(f"{one.file}:{line}: {one.instead}: {told}")
    assert made
    assert missed == [], "\n".join([*missed, *map(str, found)])
    assert all(finding.fix for finding in found)


@pytest.mark.parametrize(
    ("service", "offer", "what"),
    [
        ("sold: {until: 2026-12-31}", "from: 2027-01-01", "not sold while it is recommended: to"),
        ("sold: {from: 2027-01-01}", "until: 2026-12-31", "not sold while it is recommended: from"),
        ("brands: [QQT, SZX]", "brands: [MZ]", "EDU40 is not for these, only for QQT, SZX"),
    ],
)
def test_what_is_recommended_can_be_had_then(
    service: str, offer: str, what: str, tmp_path: Path
) -> None:
    """Of two files, each of which says nothing wrong alone."""
    folder = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    sells = Planted(
        "", SERVICES, "cancel_code: QXEDU\n", f"cancel_code: QXEDU\n    {service}\n", "", ""
    )
    planted(folder, [sells])
    planted(folder, [Planted("", OFFERS, "    brands: [MZ]\n", f"    {offer}\n", "", "")])
    assert findings(folder) == []
    (found,) = doubted(folder)
    text = (folder / OFFERS).read_text(encoding="utf-8")
    assert (found.file, found.line) == (
        str(folder / OFFERS),
        text[: text.index(offer)].count("\n") + 1,
    )
    assert what in found.what
    assert found.fix == "Correct one of the two"


def test_the_sample_is_looked_at_as_well(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    path = folder / PERSONAS
    path.write_text(path.read_text(encoding="utf-8").replace("plan: QQT128", "plan: QQT129", 1))
    (finding,) = findings(folder)
    assert "no plan 'QQT129'" in finding.what
    assert "QQT12" in finding.fix
