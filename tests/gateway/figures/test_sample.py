"""The sample's month of figures: there to be looked at, and never in the way of real ones."""

from __future__ import annotations

from datetime import timedelta

from gateway.figures.forms import as_data
from gateway.figures.names import FigureNames
from gateway.figures.reading import read_period
from gateway.figures.report import day_of, report
from gateway.model.figures import HOUR
from gateway.store.sample.figures import DAYS, put_figures
from gateway.store.store import Store
from tests.gateway.figures.journal import DAY, PEOPLE, Row, begins, rolled, write

LENGTH = 24 * HOUR


def overview(store: Store, ago: int) -> dict[str, object]:
    period = day_of(DAY - timedelta(days=ago))
    with store.snapshot() as connection:
        told = report(period, read_period(store, connection, period), FigureNames())
    section = as_data(told)["sections"][0]
    names = [figure["name"] for figure in section["figures"]]
    return dict(zip(names, section["rows"][0]["values"], strict=True))


def test_a_month_that_has_everything(store: Store) -> None:
    """But what nobody can have; the same however often."""
    now = begins(store) + 12 * HOUR
    assert put_figures(store, now) == DAYS
    found = overview(store, 3)
    nothing = {name for name, value in found.items() if value is None}
    assert nothing <= {
        "送达率",
        "BOSS受理数",
        "BOSS完成率",
        "通知发出数",
        "通知送达数",
        "通知存疑数",
        "通知回复数",
        "通知办理数",
        "短信中心往返",
        "投诉按时率",
    }
    assert put_figures(store, now + LENGTH) == 1
    assert overview(store, 3) == found
    assert set(overview(store, DAYS + 1).values()) == {None}


def test_real_days_stay_real(store: Store) -> None:
    """What there is in the store is counted, and no sample takes its place."""
    write(store, [Row(60.0, min(PEOPLE), "sms", "q.balance", "ok")])
    put_figures(store, begins(store) + 5 * LENGTH)
    list(rolled(store, 5 * LENGTH).catch_up())
    assert overview(store, 0)["消息数"] == 1
    assert overview(store, 1)["消息数"] != 1
