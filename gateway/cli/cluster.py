"""`hallgate cluster`: the gateways on a store, what waits for whom, and what has changed hands."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from gateway.cli.verb import add_verb, settings_of
from gateway.cluster.identity import described, is_dead, read

# the store is loaded by who looks into it: help need not wait for it
if TYPE_CHECKING:
    from gateway.store.cluster_report import ClusterReport, SlotChange
    from gateway.store.members import MemberRow, WaitingRows
    from gateway.store.store import Store

LIVES: Final = 4.0  # seconds in which every gateway that lives beats
LOOK: Final = 0.5  # seconds between looks


def add(verbs: Any, help: str) -> None:
    verb = add_verb(verbs, "cluster", show, help, "hallgate cluster --json")
    verb.add_argument("--json", action="store_true", help="for programs")


def show(chosen: argparse.Namespace) -> int:
    from gateway.store.opening import prepared_store  # noqa: PLC0415

    with prepared_store(settings_of(chosen)) as store:
        seen = look(store, time.time, time.sleep)
    if chosen.json:
        print(orjson.dumps(as_json(seen), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(lines(seen)))
    return 0


class Seen(NamedTuple):
    """The members, and who of them gave no sign of life while we looked; `now` in seconds since
    1970."""

    report: ClusterReport
    silent: set[str]
    now: float


def look(store: Store, wall: Callable[[], float], sleep: Callable[[float], None]) -> Seen:
    """Until all have given a sign of life, or could have."""
    from gateway.store.cluster_report import cluster_report, silent  # noqa: PLC0415

    began = wall()
    first = report = cluster_report(store, began)
    while (quiet := silent(first, report)) and wall() - began < LIVES:
        if all(map(is_dead, quiet)):
            break
        sleep(LOOK)
        report = cluster_report(store, wall())
    return Seen(report, quiet, wall())


def lines(seen: Seen) -> Iterator[str]:
    """For people."""
    report, holders = seen.report, _holders(seen.report)
    count = "1 gateway" if len(holders) == 1 else f"{len(holders)} gateways"
    yield f"{count}, view {report.view}, schema {report.schema}"
    for holder, rows in holders.items():
        own = next((row for row in rows if row.own), rows[0])
        yield f"{described(holder)}, version {own.version}: {_how_it_is(own, seen)}"
        for row in rows:
            how = "own" if row.own else "inherited"
            waiting = _waits(report.waiting.get(row.slot), seen.now)
            yield f"  slot {row.slot} ({how}), epoch {row.epoch}: {waiting}"
    for slot, rows_waiting in _unheld(report).items():
        waiting = _waits(rows_waiting, seen.now)
        yield f"slot {slot} is nobody's: {waiting}, for the next gateway that looks or starts"
    if report.changes:
        yield "latest changes:"
    for change in report.changes:
        yield f"  {_told(change)}"


def _how_it_is(own: MemberRow, seen: Seen) -> str:
    if is_dead(own.holder):
        return "has died; another takes over what waits, or the next that starts here"
    if own.holder in seen.silent:
        return f"no sign of life for {LIVES:.0f} s: it stands still, or does not reach the store"
    return "can send" if own.sends else "has no bind that can send"


def _waits(waiting: WaitingRows | None, now: float) -> str:
    if waiting is None:
        return "nothing waits"
    what = "1 message waits" if waiting.messages == 1 else f"{waiting.messages} messages wait"
    return f"{what}, the oldest for {max(0.0, now - waiting.since):.0f} s"


def as_json(seen: Seen) -> dict[str, object]:
    report = seen.report
    return {
        "schema": report.schema,
        "view": report.view,
        "members": [_member(name, rows, seen) for name, rows in _holders(report).items()],
        "unheld": [
            {"slot": slot, "waiting": waiting.messages, "since": waiting.since}
            for slot, waiting in _unheld(report).items()
        ],
        "changes": [change._asdict() for change in report.changes],
    }


def _member(holder: str, rows: list[MemberRow], seen: Seen) -> dict[str, object]:
    own, known = next((row for row in rows if row.own), rows[0]), read(holder)
    waiting = seen.report.waiting
    return {
        "process": known.pid, "host": known.host, "since": known.since, "version": own.version,
        "sends": own.sends, "seen": own.seen, "died": is_dead(holder),
        "silent": holder in seen.silent,
        "slots": [
            {
                "slot": row.slot, "own": row.own, "epoch": row.epoch,
                "waiting": waiting[row.slot].messages if row.slot in waiting else 0,
            }
            for row in rows
        ],
    }  # fmt: skip


def _holders(report: ClusterReport) -> dict[str, list[MemberRow]]:
    found: dict[str, list[MemberRow]] = {}
    for row in report.slots:
        if row.holder:
            found.setdefault(row.holder, []).append(row)
    return found


def _unheld(report: ClusterReport) -> dict[int, WaitingRows]:
    """What waits for nobody."""
    held = {row.slot for row in report.slots if row.holder}
    return {slot: n for slot, n in sorted(report.waiting.items()) if slot not in held}


def _told(change: SlotChange) -> str:
    at = datetime.fromtimestamp(change.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    by = f" by {described(change.holder)}" if change.holder else ""
    before = f", before: {described(change.before)}" if change.before else ""
    return f"{at}  slot {change.slot} {change.what}{by} (epoch {change.epoch}){before}"
