"""The audit: searched, exported, verified. Whoever looks is in it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import orjson
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import (
    Asked,
    AskedMoment,
    Moment,
    Msisdn,
    Reason,
    Switch,
    Told,
    moment,
    printable,
)
from gateway.model.operators.audit import AuditRecord, anchor
from gateway.model.operators.rights import Right
from gateway.operators.masked_audit import masked_row
from gateway.operators.suspicions import NamesTicket, SuspicionRules, suspicions
from gateway.store.operators.audit import AuditQuery, SqlAudit
from gateway.store.operators.audit_check import check_chain
from gateway.store.operators.history import names_ticket

routes = Routes("audit")
READ, EXPORT, VERIFY = (Right(verb, "audit") for verb in ("read", "export", "verify"))
_MOST = 500
Line = Annotated[str, Field(max_length=60), AfterValidator(printable)]


def _an_anchor(written: str) -> str:
    anchor(written)
    return written


class AuditFilter(Asked):
    operator: Line = ""
    subscriber: Msisdn | None = None
    action: Line = Field(default="", description="subscribers.reveal, or only subscribers")
    since: AskedMoment | None = None
    until: AskedMoment | None = Field(default=None, description="not at or after")


class AuditSearch(AuditFilter):
    reason: Reason = ""
    before: int = Field(default=0, strict=True, ge=0, le=2**53, description="older than this entry")
    limit: int = Field(default=100, strict=True, ge=1, le=_MOST)
    suspicious: Switch = Field(default=False, description="without a ticket, at night, in bulk")


class AuditExport(AuditFilter):
    reason: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(printable)]


class AnchorsToCheck(Asked):
    anchors: list[
        Annotated[
            str, Field(max_length=100, pattern="^[0-9]{1,18}:.+$"), AfterValidator(_an_anchor)
        ]
    ] = Field(default=[], max_length=1_000, description="COUNT:HASH, as told another day")


class SuspicionKind(StrEnum):
    NO_TICKET = "without a ticket"
    AT_NIGHT = "at night"
    IN_BULK = "in bulk"


class EntryTold(Told):
    """`subscriber`, and whoever is named in `reason` and `result`, are masked unless a reason was
    given."""

    id: int
    at: Moment
    operator: str
    origin: str
    action: str
    subscriber: str
    reason: str
    result: str
    why: list[SuspicionKind] = Field(default=[], description="if the suspicious were asked for")


class EntriesTold(Told):
    """The newest first. `total` counts all that fit, whatever the page holds."""

    entries: list[EntryTold]
    total: int
    next: int | None = Field(description="`before` of the next page")


class ChainTold(Told):
    whole: bool
    rows: int
    findings: list[str]
    anchor: str = Field(description="keep it elsewhere: it shows later whether the end was cut off")


@routes.post("/audit/search", READ, Runs.LOOKING, shows_subscriber=True)
def search(act: Act, form: AuditSearch) -> EntriesTold:
    """Entries by operator, subscriber, action, time; or the suspicious ones of these."""
    wanted, port = _query(form, 0), SqlAudit(act.connection, act.store.seal)
    if form.suspicious:
        all_found = [
            _entry(each.record, form.reason, list(map(SuspicionKind, each.why)))
            for each in suspicions(port.all(wanted), _names(act), SuspicionRules(act.context.zone))
        ]
        older = [one for one in all_found if not form.before or one.id < form.before]
        entries, total = older[: -form.limit - 1 : -1], len(all_found)
    else:
        page = _query(form, form.before)
        entries = [_entry(record, form.reason) for record in port.find(page, form.limit)]
        total = port.count(wanted)
    act.note(subscriber=form.subscriber or "", reason=form.reason, result=f"{len(entries)} rows")
    more = len(entries) == form.limit
    return EntriesTold(entries=entries, total=total, next=entries[-1].id if more else None)


@routes.post(
    "/audit/export", EXPORT, Runs.ITSELF, response_class=StreamingResponse,
    content={"application/x-ndjson": {"schema": {"type": "string"}}},
)  # fmt: skip
def export(act: Act, form: AuditExport) -> StreamingResponse:
    """All entries that fit with their hashes, the oldest first: JSON, one a line. Numbers are in
    full."""
    with act.store.transaction() as connection:
        act.within(connection)
        act.note(subscriber=form.subscriber or "", reason=form.reason)
    return StreamingResponse(_lines(act, _query(form, 0)), media_type="application/x-ndjson")


@routes.post("/audit/verify", VERIFY, Runs.ITSELF)
def verify(act: Act, form: AnchorsToCheck) -> ChainTold:
    """Whether any entry was changed, removed, put in, moved or cut off."""
    report = check_chain(act.store, map(anchor, form.anchors))
    with act.store.transaction() as connection:
        act.within(connection)
        broken = f"{len(report.findings)} findings"
        act.note(result=broken if report.findings else "whole")
        head = SqlAudit(connection, act.store.seal).head()
    if report.findings:
        act.context.log.event("audit bent", findings=list(report.findings[:5]), anchor=str(head))
    else:
        act.context.log.event("audit verified", rows=report.rows, anchor=str(head))
    return ChainTold(
        whole=not report.findings,
        rows=report.rows,
        findings=list(report.findings),
        anchor=str(head),
    )


def _names(act: Act) -> NamesTicket:
    return lambda subscriber, reason: names_ticket(act.connection, subscriber, reason)


def _query(form: AuditFilter, before: int) -> AuditQuery:
    since, until = (int(one.timestamp()) if one else 0 for one in (form.since, form.until))
    return AuditQuery(form.operator, form.subscriber or "", form.action, since, until, before)


def _entry(record: AuditRecord, reason: str, why: list[SuspicionKind] | None = None) -> EntryTold:
    row = record.as_row() | {"at": moment(record.entry.at), "why": why or []}
    return EntryTold(**(row if reason else masked_row(row)))


def _lines(act: Act, wanted: AuditQuery) -> Iterator[bytes]:
    """While they are read, however many there are."""
    with act.store.snapshot() as connection:
        for record in SqlAudit(connection, act.store.seal).all(wanted):
            told = _entry(record, "export").model_dump(mode="json", exclude={"why"})
            yield orjson.dumps(told | {"hash": record.hash}) + b"\n"
