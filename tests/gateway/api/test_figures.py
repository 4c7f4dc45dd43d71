"""Figures over the API: what the verb shows, for those who may see them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from gateway.config.settings import OWN_CONF
from gateway.figures.forms import as_data
from gateway.figures.names import read_figure_names
from gateway.figures.reading import read_period
from gateway.figures.report import Period, day_of, month_of, report
from tests.gateway.api.console import Browser, Console


@pytest.mark.parametrize(("kind", "of"), [("day", day_of), ("month", month_of)])
def test_the_sample_figures(
    hall: Console, logged_in: dict[str, Browser], kind: str, of: Callable[[date], Period]
) -> None:
    """What was counted, and until when; each figure with what it is."""
    at = hall.store.calendar.at(int(time.time())).date() - timedelta(days=3)
    told = hall.ask("GET", f"/api/v1/figures/{kind}?at={at}", None, logged_in["leader"]).json
    with hall.store.snapshot() as connection:
        period = of(at)
        counts = read_period(hall.store, connection, period)
    assert told == as_data(report(period, counts, read_figure_names(OWN_CONF)))
    overview = told["sections"][0]
    names = [figure["name"] for figure in overview["figures"]]
    assert overview["rows"][0]["values"][names.index("请求数")] > 0
    assert all(figure["definition"] for one in told["sections"] for figure in one["figures"])


def test_a_day_that_nobody_counted_has_nothing(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    told = hall.ask("GET", "/api/v1/figures/day?at=2026-01-01", None, logged_in["leader"]).json
    assert told["counted_until"] is None
    assert set(told["sections"][0]["rows"][0]["values"]) == {None}


@pytest.mark.parametrize("at", ["2026-02-30", "x", "0001-01-01", "9999-12-31"])
def test_a_date_that_is_none_is_refused(
    hall: Console, logged_in: dict[str, Browser], at: str
) -> None:
    answer = hall.ask("GET", f"/api/v1/figures/month?at={at}", None, logged_in["leader"])
    assert answer.status == 422
