"""Holidays and the weekends that are worked for them."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.config.checked_yaml import parse
from gateway.config.holidays import HolidaySheet, holidays, problems
from gateway.config.settings import OWN_CONF


def sheet(text: str) -> HolidaySheet:
    return HolidaySheet.model_validate(parse(text, "holidays.yaml").data)


OWN = sheet((OWN_CONF / "holidays.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("day", "weekday", "holiday"),
    [
        ("2026-10-01", 4, True),
        ("2026-10-08", 4, False),
        ("2026-10-10", 5, False),  # a Saturday that is worked
        ("2026-10-17", 6, False),
        ("2026-02-28", 5, False),
        ("2026-02-15", 7, True),
    ],
)
def test_what_a_day_is(day, weekday, holiday):
    """As it was announced for 2026."""
    assert holidays(OWN).of(date.fromisoformat(day)) == (weekday, holiday)


def test_the_own_file_is_sound():
    """No day is both."""
    assert list(problems(OWN)) == []


def test_mistakes_are_told():
    """A holiday that ends before it begins, a working Wednesday, a day that is both."""
    wrong = sheet(
        'holidays: [{name: {zh: 甲, en: A}, from: "2026-10-03", to: "2026-10-01"},'
        ' {name: {zh: 乙, en: B}, from: "2026-10-10", to: "2026-10-11"}]\n'
        'workdays: ["2026-10-10", "2026-11-25"]'
    )
    told = [problem.what for problem in problems(wrong)]
    assert told == [
        "甲 has -1 days",
        "2026-10-10 is a holiday and a working day",
        "2026-11-25 is a working day anyway",
    ]
