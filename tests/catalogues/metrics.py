"""docs/reference/metrics.md: every metric, from the registry of a gateway that runs."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from prometheus_client import Metric

from gateway.app import gateway
from gateway.ops.log import Log
from tests.catalogues.page import Page, coded, page, table
from tests.stories.deployment import Deployment

INTRODUCTION = """\
What `/metrics` of a gateway tells, in the names under which Prometheus keeps it. A counter
only rises, and begins at 0 when the gateway starts."""

SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}


async def metrics_page(reactor: Any, folder: Path) -> Page:
    """Opens a gateway in the folder, with all that it can have: a BOSS that is never asked."""
    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    house.configure([], boss={"url": "http://127.0.0.1:9/"})
    async with gateway(house.settings, reactor, Log(BytesIO())) as running:
        families = list(running.counts.collect())
    return written(families)


def written(families: Iterable[Metric]) -> Page:
    rows = [
        [coded(_names(family)), family.type, coded(_labels(family)), family.documentation]
        for family in sorted(families, key=lambda family: family.name)
    ]
    heads = ("metric", "type", "labels", "meaning")
    return page("docs/reference/metrics.md", "Metrics", INTRODUCTION, table(heads, rows))


def _names(family: Metric) -> list[str]:
    return [family.name + suffix for suffix in SUFFIXES.get(family.type, [""])]


def _labels(family: Metric) -> list[str]:
    """Also of a family that has counted nothing yet; the library has no public name for these."""
    if family.type == "histogram":
        return ["le"]
    declared = list(getattr(family, "_labelnames", ()))
    return declared or sorted({label for sample in family.samples for label in sample.labels})
