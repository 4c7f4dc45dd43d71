"""Types, entries and files of lists as rows for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Final

from commands.parser.masking import masked_number
from gateway.cli.management.listing import Row
from gateway.lists.ends import told_end
from gateway.model.customer_lists import OWN, OWN_TOLD, ListEntry, ListImport, ListType
from gateway.wording.told_moments import minute_told

ENTRY_COLUMNS: Final = (
    "number", "type", "name", "origin", "reason", "by", "since", "until", "state",
)  # fmt: skip
IMPORT_COLUMNS: Final = (
    "id", "type", "origin", "state", "lines", "new", "changed", "same", "ended", "mistakes",
    "by", "at",
)  # fmt: skip


def type_rows(
    types: Sequence[ListType], sizes: Mapping[tuple[str, str], int], zone: tzinfo
) -> list[Row]:
    return [
        {
            "number": one.number,
            "name": one.name,
            "classes": list(one.classes),
            "state": "closed" if one.closed else "open",
            "own": sizes.get((one.number, OWN), 0),
            "partners": sum(
                n for (kind, origin), n in sizes.items() if kind == one.number and origin
            ),
            "changed": minute_told(one.changed_at, zone),
            "note": one.note,
        }
        for one in types
    ]


def entry_row(entry: ListEntry, name: str, zone: tzinfo, now: int, masked: bool) -> Row:
    state = "in force" if entry.runs(now) else "taken out" if entry.ended_at else "over"
    return {
        "number": masked_number(entry.number) if masked else entry.number,
        "type": entry.type,
        "name": name,
        "origin": entry.origin or OWN_TOLD,
        "reason": entry.reason,
        "by": entry.operator,
        "since": minute_told(entry.since, zone),
        "until": minute_told(entry.ended_at, zone) or told_end(entry.until, zone),
        "state": state,
    }


def import_row(one: ListImport, zone: tzinfo) -> Row:
    counts = one.counts
    return {
        "id": one.id,
        "type": one.type,
        "origin": one.origin or OWN_TOLD,
        "state": one.state.value,
        "lines": counts.lines,
        "new": counts.fresh,
        "changed": counts.changed,
        "same": counts.same,
        "ended": counts.gone,
        "mistakes": counts.mistakes,
        "by": one.operator,
        "at": minute_told(one.applied_at or one.made_at, zone),
    }


def preview(one: ListImport, name: str) -> Iterator[str]:
    """What a file would change, in lines."""
    counts = one.counts
    whose = one.origin or OWN_TOLD
    yield f"file {one.id} for list {one.type} {name} of {whose}: {counts.lines} lines"
    yield f"  {counts.fresh} new, {counts.changed} changed, {counts.same} as they are"
    if one.replaces:
        yield f"  {counts.gone} are not in the file, and end"
    if counts.mistakes:
        yield f"  {counts.mistakes} lines have mistakes:"
        yield from (f"    {mistake}" for mistake in one.mistakes)
        if counts.mistakes > len(one.mistakes):
            yield f"    … and {counts.mistakes - len(one.mistakes)} more"
