"""Sizes in names and notes of services, 40GB or 100小时: whether the tariff includes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tariffs.catalogue import Catalogue, ItemUnit, Service
from tariffs.file_problem import FilePlace, FileProblem

_UNITS: Final = {  # as they are written: what is counted, and how much of it one is
    **dict.fromkeys(("MB", "M"), (ItemUnit.MEGABYTES, 1)),
    **dict.fromkeys(("GB", "G"), (ItemUnit.MEGABYTES, 1024)),
    **dict.fromkeys(("分钟", "min", "minutes"), (ItemUnit.MINUTES, 1)),
    **dict.fromkeys(("小时", "h", "hours"), (ItemUnit.MINUTES, 60)),
    "条": (ItemUnit.PIECES, 1),
}
_SIZE: Final = re.compile(rf"(?<![\d./])(\d+(?:\.\d+)?) ?({'|'.join(_UNITS)})(?![A-Za-z])")


def service_sizes(catalogue: Catalogue) -> Iterator[FileProblem]:
    for code, service in catalogue.services.items():
        known = list(_included(service, catalogue))
        counted = {unit for unit, _ in known}
        for key, label in (("name", service.name), ("note", service.note)):
            for language, text in (("zh", str(label)), ("en", label.en)):
                for count, written in _SIZE.findall(text):
                    unit, each = _UNITS[written]
                    if unit in counted and (unit, Fraction(count) * each) not in known:
                        place: FilePlace = ("services", code, key, language)
                        what = f"says {count} {written}, which {code} does not include"
                        yield FileProblem(place, what, "Correct it, or what is included")


def _included(service: Service, catalogue: Catalogue) -> Iterator[tuple[ItemUnit, Fraction]]:
    """In minutes, MB or pieces."""
    for code, count in service.includes.items():
        if code in catalogue.items:
            unit = catalogue.items[code].unit
            yield ItemUnit.MINUTES if unit is ItemUnit.HOURS else unit, Fraction(count)
    if service.wlan:
        yield ItemUnit.MEGABYTES, Fraction(service.wlan.stop_mb)
