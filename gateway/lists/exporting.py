"""A list as CSV that a spreadsheet opens, and `import` reads again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import islice
from typing import Final

from gateway.lists.ends import told_end
from gateway.model.customer_lists import OWN_TOLD, ListEntry
from gateway.store.lists.entries import SqlListEntries
from gateway.store.store import Store
from gateway.wording.csv_cells import plain_cell

HEADINGS: Final = ("号码", "原因", "有效期", "来源", "经办人", "登记时间")
_MARK: Final = "\ufeff"  # without it Excel takes Chinese for something else
_PAGE: Final = 1_000  # rows written at once


def csv_pages(store: Store, type: str, origin: str | None, zone: tzinfo, now: int) -> Iterator[str]:
    """Piece by piece, while they are read; `origin` None: everybody's."""
    heading = io.StringIO()
    csv.writer(heading).writerow(HEADINGS)
    yield _MARK + heading.getvalue()
    with store.snapshot() as connection:
        entries = SqlListEntries(connection).all(type, origin, now)
        while some := list(islice(entries, _PAGE)):
            text = io.StringIO()
            csv.writer(text).writerows(_row(entry, zone) for entry in some)
            yield text.getvalue()


def _row(entry: ListEntry, zone: tzinfo) -> list[str]:
    since = datetime.fromtimestamp(entry.since, zone)
    reason, by = plain_cell(entry.reason), plain_cell(entry.operator)
    whose = entry.origin or OWN_TOLD
    return [entry.number, reason, told_end(entry.until, zone), whose, by, f"{since:%Y-%m-%d %H:%M}"]
