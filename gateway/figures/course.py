"""The course of a day by its hours: a few figures, without the rest of its report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gateway.figures.basics import Basics, Value, parts
from gateway.figures.measures import Measure
from gateway.model.figures import LocalDays
from gateway.store.connection import Connection
from gateway.store.figures.kept import HOUR_SPAN, KeptFigures
from gateway.store.store import Store


def course_of(
    store: Store, connection: Connection, day: date, measures: tuple[Measure, ...]
) -> dict[int, Mapping[Measure, Value]]:
    """By the place of the hour in the day; only those that were counted."""
    hours = LocalDays(store.calendar.zone).hours(day)
    found = KeptFigures(connection, store.seal).course(HOUR_SPAN, hours)
    course: dict[int, Mapping[Measure, Value]] = {}
    for place, start in enumerate(hours):
        if start in found:
            one = parts(found[start], lambda _: "").get("", Basics())
            course[place] = {measure: one.value(measure) for measure in measures}
    return course
