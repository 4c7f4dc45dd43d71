"""Figures over the API: what the verb shows, for those who may see them."""

from __future__ import annotations

from tests.gateway.api.console import Browser, Console
from tests.gateway.figures.journal import people, rolled, write
from tests.gateway.figures.test_report import JOURNAL


def test_a_day_and_its_month(hall: Console, logged_in: dict[str, Browser]) -> None:
    """What was counted, and until when; each figure with what it is."""
    people(hall.store)
    write(hall.store, JOURNAL)
    list(rolled(hall.store, 3 * 3600).catch_up())
    leader = logged_in["leader"]
    day = hall.ask("GET", "/api/v1/figures/day?at=2026-11-20", None, leader).json
    assert day["period"] == "2026-11-20"
    overview = day["sections"][0]
    found = dict(
        zip(
            [figure["name"] for figure in overview["figures"]],
            overview["rows"][0]["values"],
            strict=True,
        )
    )
    assert (found["请求数"], found["自助完成率"], found["一次解决率"]) == (6, 60.0, None)
    assert all(figure["definition"] for one in day["sections"] for figure in one["figures"])
    month = hall.ask("GET", "/api/v1/figures/month?at=2026-11-20", None, leader).json
    assert month["period"] == "2026-11"
    nothing = hall.ask("GET", "/api/v1/figures/day?at=2026-01-01", None, leader).json
    assert nothing["counted_until"] is None
    assert set(nothing["sections"][0]["rows"][0]["values"]) == {None}


def test_a_date_that_is_none_is_refused(hall: Console, logged_in: dict[str, Browser]) -> None:
    for at in ("2026-02-30", "x", "0001-01-01", "9999-12-31"):
        answer = hall.ask("GET", f"/api/v1/figures/month?at={at}", None, logged_in["leader"])
        assert answer.status == 422, at
