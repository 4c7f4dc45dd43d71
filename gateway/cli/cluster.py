"""`hallgate cluster`: the gateways on a store, what waits for whom, and what has changed hands."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from gateway.cli.verb import add_verb, settings_of
from gateway.cluster.identity import is_dead, read
from gateway.cluster.joining import described
from gateway.store.cluster_report import ClusterReport, SlotChange, cluster_report
from gateway.store.members import MemberRow
from gateway.store.opening import prepared_store


def add(verbs: Any, help: str) -> None:
    verb = add_verb(verbs, "cluster", show, help, "hallgate cluster --json")
    verb.add_argument("--json", action="store_true", help="for programs")


def show(chosen: argparse.Namespace) -> int:
    with prepared_store(settings_of(chosen)) as store:
        report = cluster_report(store)
    if chosen.json:
        print(orjson.dumps(as_json(report), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(lines(report)))
    return 0


def lines(report: ClusterReport) -> Iterator[str]:
    """For people."""
    holders = _holders(report)
    yield f"{len(holders)} gateways, view {report.view}"
    for holder, rows in holders.items():
        own = next((row for row in rows if row.own), rows[0])
        can = "can send" if own.sends else "has no bind that can send"
        gone = ", and has died" if is_dead(holder) else ""
        yield f"{described(holder)}, version {own.version}: {can}{gone}"
        for row in rows:
            how = "own" if row.own else "inherited"
            waiting = report.waiting.get(row.slot, 0)
            yield f"  slot {row.slot} ({how}), epoch {row.epoch}: {waiting} messages wait"
    for slot, waiting in _unheld(report).items():
        yield f"slot {slot} is nobody's: {waiting} messages wait for the next gateway"
    if report.changes:
        yield "latest changes:"
    for change in report.changes:
        yield f"  {_told(change)}"


def as_json(report: ClusterReport) -> dict[str, object]:
    return {
        "view": report.view,
        "members": [_member(name, rows, report) for name, rows in _holders(report).items()],
        "unheld": [{"slot": slot, "waiting": n} for slot, n in _unheld(report).items()],
        "changes": [change._asdict() for change in report.changes],
    }


def _member(holder: str, rows: list[MemberRow], report: ClusterReport) -> dict[str, object]:
    own, known = next((row for row in rows if row.own), rows[0]), read(holder)
    return {
        "process": known.pid, "host": known.host, "since": known.since, "version": own.version,
        "sends": own.sends, "seen": own.seen, "died": is_dead(holder),
        "slots": [
            {
                "slot": row.slot, "own": row.own, "epoch": row.epoch,
                "waiting": report.waiting.get(row.slot, 0),
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


def _unheld(report: ClusterReport) -> dict[int, int]:
    """What waits for nobody."""
    held = {row.slot for row in report.slots if row.holder}
    return {slot: n for slot, n in sorted(report.waiting.items()) if slot not in held}


def _told(change: SlotChange) -> str:
    at = datetime.fromtimestamp(change.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    by = f" by {described(change.holder)}" if change.holder else ""
    before = f", before: {described(change.before)}" if change.before else ""
    return f"{at}  slot {change.slot} {change.what}{by} (epoch {change.epoch}){before}"
