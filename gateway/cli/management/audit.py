"""`hallgate audit`: who looked at whom, who did what, and whether somebody has bent the record."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from gateway.cli.acting import acting, add_actor
from gateway.cli.management.listing import as_csv, show_rows
from gateway.cli.verb import add_form, add_group, add_verb, msisdn, settings_of
from gateway.model.operators.audit import AuditHead, AuditRecord, anchor
from gateway.operators.masked_audit import masked_row
from gateway.operators.suspicions import SuspicionRules, suspicions
from gateway.store.connection import Connection
from gateway.store.opening import prepared_store
from gateway.store.operators.audit import AuditQuery, SqlAudit
from gateway.store.operators.audit_check import check_chain
from gateway.store.operators.history import names_ticket
from gateway.store.store import Store

COLUMNS = ("id", "time", "operator", "origin", "action", "subscriber", "reason", "result")
_ZONE_HELP = "a day, or a moment like 2026-11-29T22:00, in the operator's time zone"
_ANCHOR = re.compile(rb'"?anchor"?[:=]"?([0-9]+:[^\s",}]+)')
_PAGE = 1_000  # rows written at once


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "audit", help, "step")
    listed = add_verb(steps, "list", show, "the newest entries, or the suspicious ones",
                      "hallgate audit list --suspicious --since 2026-11-01")  # fmt: skip
    _filters(listed)
    listed.add_argument("--suspicious", action="store_true",
                        help="looks without a ticket, at night, in bulk")  # fmt: skip
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="at most (100)")
    add_form(listed)
    export = add_verb(steps, "export", write_all, "everything with its hashes, the oldest first",
                      "hallgate audit export --csv --reason 'review Q4' > audit.csv")  # fmt: skip
    _filters(export)
    add_form(export)
    verified = add_verb(
        steps, "verify", verify, "whether an entry was changed, removed, put in, moved or cut off",
        "hallgate audit verify --log console.log",
    )  # fmt: skip
    verified.add_argument("--anchor", type=_anchor, action="append", default=[],
                          metavar="COUNT:HASH", help="as `verify` told it another day")  # fmt: skip
    verified.add_argument("--log", type=Path, action="append", default=[], metavar="FILE",
                          help="a console's log, which holds anchors")  # fmt: skip
    verified.add_argument("--json", action="store_true", help="as JSON")
    for verb, right in ((listed, "read"), (export, "export"), (verified, "verify")):
        add_actor(verb, f"audit.{right}")


def _filters(verb: Any) -> None:
    verb.add_argument("--by", default="", metavar="NUMBER", help="what one operator did")
    verb.add_argument("--subscriber", type=msisdn, metavar="MSISDN", help="whose")
    verb.add_argument("--action", default="", metavar="NAME", help="subscribers.reveal, operators")
    verb.add_argument("--since", default="", metavar="TIME", help=_ZONE_HELP)
    verb.add_argument("--until", default="", metavar="TIME", help="not at or after")


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    zone = settings.service.zone
    if (wanted := _query(chosen, zone)) is None:
        return 2
    names: tuple[str, ...] = (*COLUMNS, "why") if chosen.suspicious else COLUMNS
    with prepared_store(settings) as store:
        with store.snapshot() as connection:
            if chosen.suspicious:
                rows = _suspicious(connection, store, wanted, zone)[-chosen.limit :]
            else:
                found = SqlAudit(connection, store.seal).find(wanted, chosen.limit)
                rows = [_row(record, zone) for record in reversed(found)]
        with acting(chosen, store) as act:
            act.note("audit.read", *_whose(wanted), result=f"{len(rows)} rows")
    if not chosen.reason:
        rows = [masked_row(row) for row in rows]
    show_rows(rows, chosen.form, names)
    if not chosen.form and not chosen.reason and any(row["subscriber"] for row in rows):
        print("Numbers are masked; with --reason WORDS they are shown in full.", file=sys.stderr)
    return 0


def write_all(chosen: argparse.Namespace) -> int:
    """JSON, a line for each, unless CSV is wanted."""
    settings = settings_of(chosen)
    zone = settings.service.zone
    if not chosen.reason:
        print("an export shows numbers in full: say why with --reason", file=sys.stderr)
        return 2
    if (wanted := _query(chosen, zone)) is None:
        return 2
    with prepared_store(settings) as store:
        with acting(chosen, store) as act:
            act.note("audit.export", *_whose(wanted))
        with store.snapshot() as connection:
            for n, page in enumerate(_pages(SqlAudit(connection, store.seal).all(wanted))):
                rows = [_row(record, zone) | {"hash": record.hash} for record in page]
                if chosen.form == "csv":
                    sys.stdout.write(as_csv(rows, (*COLUMNS, "hash"), heading=n == 0))
                else:
                    sys.stdout.write("".join(orjson.dumps(row).decode() + "\n" for row in rows))
    return 0


def verify(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    anchors: list[AuditHead] = list(chosen.anchor)
    try:
        for log in chosen.log:
            anchors += anchors_in(log)
    except OSError as error:
        print(f"{error.filename} cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    with prepared_store(settings) as store:
        report = check_chain(store, anchors)
        with acting(chosen, store) as act:
            broken = f"{len(report.findings)} findings"
            act.note("audit.verify", result=broken if report.findings else "whole")
            head = SqlAudit(act.connection, store.seal).head()
    if chosen.json:
        whole = {"whole": not report.findings, "rows": report.rows}
        told = whole | {"findings": report.findings, "anchor": str(head)}
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return 1 if report.findings else 0
    for finding in report.findings:
        print(finding, file=sys.stderr)
    if report.findings:
        print(f"the audit was bent: {len(report.findings)} findings", file=sys.stderr)
        return 1
    compared = f", {len(set(anchors))} anchors compared" if anchors else ""
    print(f"{report.rows} rows, none changed, removed, put in or moved{compared}")
    print(f"anchor {head}  (keep it elsewhere: it shows later whether the end was cut off)")
    return 0


def anchors_in(log: Path) -> Iterator[AuditHead]:
    """Of a console's log, whatever its `log.format`. Raises OSError."""
    with log.open("rb") as lines:
        for line in lines:
            if b"audit anchor" not in line or (told := _ANCHOR.search(line)) is None:
                continue
            try:
                yield anchor(told[1].decode())
            except ValueError:
                continue


def _anchor(written: str) -> AuditHead:
    try:
        return anchor(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _suspicious(
    connection: Connection, store: Store, wanted: AuditQuery, zone: ZoneInfo
) -> list[dict[str, object]]:
    def names(subscriber: str, reason: str) -> bool:
        return names_ticket(connection, subscriber, reason)

    audit = SqlAudit(connection, store.seal)
    found = suspicions(audit.all(wanted), names, SuspicionRules(zone))
    return [_row(each.record, zone) | {"why": ", ".join(each.why)} for each in found]


def _query(chosen: argparse.Namespace, zone: ZoneInfo) -> AuditQuery | None:
    """None: a time cannot be read, which has been said."""
    moments = []
    for written in (chosen.since, chosen.until):
        try:
            moments.append(_moment(written, zone))
        except ValueError:
            print(f"'{written}' is no time; write {_ZONE_HELP}", file=sys.stderr)
            return None
    return AuditQuery(chosen.by, chosen.subscriber or "", chosen.action, *moments)


def _moment(written: str, zone: ZoneInfo) -> int:
    if not written:
        return 0
    moment = datetime.fromisoformat(written)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())


def _whose(wanted: AuditQuery) -> tuple[str, ...]:
    return (wanted.subscriber,) if wanted.subscriber else ()


def _row(record: AuditRecord, zone: ZoneInfo) -> dict[str, object]:
    row = record.as_row()
    time = datetime.fromtimestamp(row.pop("at"), zone).isoformat(sep=" ")
    return {"id": row.pop("id"), "time": time, **row}


def _pages(records: Iterator[AuditRecord]) -> Iterator[list[AuditRecord]]:
    page: list[AuditRecord] = []
    for record in records:
        page.append(record)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page
