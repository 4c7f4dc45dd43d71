"""What is over is noted, and is no mistake."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.editions.notes import documents
from gateway.editions.past import over
from periods.period import minute_of
from tests.commands.fakes import OWN_CONF


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """With an offer and a sale that end on a day of 2027, and an announcement that ends at four."""
    folder = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    for name, there, instead in (
        ("offers.yaml", "brands: [MZ]", "brands: [MZ]\n    until: 2027-02-12"),
        ("tariffs/services.yaml", "cancel_code: QXLL50", "sold: {until: 2027-02-12}"),
        ("menus/book.yaml", "limits:\n", ("announcements:\n  works:\n    say: {zh: 停, en: Works}\n"
         "    when: {until: 2027-02-12 04:00}\nlimits:\n")),
    ):  # fmt: skip
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert there in text
        path.write_text(text.replace(there, instead, 1), encoding="utf-8")
    return folder


def noted(conf: Path, moment: str) -> set[str]:
    """The files, but for the calendar's, and the lines."""
    found = over(documents(conf_files(conf), conf), minute_of(datetime.fromisoformat(moment)))
    assert all(one.what and one.fix for one in found)
    names = {f"{Path(one.file).name}:{one.line}" for one in found}
    return {name for name in names if not name.startswith("holidays")}


def test_what_has_ended_is_noted_with_its_line(conf: Path) -> None:
    """From the moment on at which it ends: a day with its last minute."""
    announced = {name for name in noted(conf, "2027-02-12 04:00") if name.startswith("book.yaml:")}
    assert noted(conf, "2027-02-12 03:59") == set()
    assert announced
    assert noted(conf, "2027-02-12 23:59") == announced
    assert {one.partition(":")[0] for one in noted(conf, "2027-02-13 00:00")} == {
        "book.yaml", "offers.yaml", "services.yaml",
    }  # fmt: skip


def test_a_calendar_that_has_run_out_is_noted(conf: Path) -> None:
    at = [minute_of(datetime.fromisoformat(day)) for day in ("2026-10-10 12:00", "2026-10-11")]
    before, after = (
        [one for one in over(documents(conf_files(conf), conf), each) if "calendar" in one.what]
        for each in at
    )
    assert before == []
    assert [Path(one.file).name for one in after] == ["holidays.yaml"]
