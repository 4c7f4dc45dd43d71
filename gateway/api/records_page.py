"""The page behind CXXD's link: detailed records of a number and a month, for who holds the link.

GET /x/TOKEN ── once, in its minutes ──▶ the records, and a cookie for the rest of these minutes
GET /x/view, /x/view.csv ── that cookie ──▶ the same, filtered or to be kept
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from commands.model.one_time_links import OneTimeLink
from commands.model.request import Secret
from gateway.api.context import ConsoleContext, address_of, context_of
from gateway.api.records_html import PageTexts, as_csv, as_html, away, gone, in_language
from gateway.model.detailed_record import KINDS, DetailedRecord, DetailedRecords, RecordsAway
from gateway.model.figures import LocalDays
from gateway.model.operators.audit import Actor
from gateway.store.connection import Connection
from gateway.store.operators.audit import SqlAudit
from gateway.store.ports.one_time_links import SqlLinks

COOKIE: Final = "hallgate_records"
_TOKEN: Final = re.compile("[0-9]{24}")
_DIGITS: Final = re.compile("[^0-9]")


def open_link(request: Request) -> Response:
    """A link that is looked at by a program before anybody opens it stays good, and so does one
    whose records cannot be had at this moment."""
    context, token = context_of(request), request.path_params["token"]
    ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    if request.method != "GET" or ahead:
        return Response(status_code=204)
    if not _TOKEN.fullmatch(token):
        return gone()
    now = int(context.clock())
    with context.store.reading() as connection:
        link = SqlLinks(connection, context.store.seal).look(Secret(token), now)
    if link is None:
        return gone()
    found = _found(context, link, request)
    if isinstance(found, Response):
        return found
    view = secrets.token_urlsafe(24)
    with context.store.transaction() as connection:
        links = SqlLinks(connection, context.store.seal)
        if links.exchange(Secret(token), Secret(view), now) is None:
            return gone()
        answer = _page(context, connection, link, request, found)
        _note(context, connection, link, request, "records.opened")
    answer.set_cookie(
        COOKIE, view, httponly=True, samesite="lax", path="/x/",
        secure=context.settings.service.link_base.startswith("https:"),
    )  # fmt: skip
    return answer


def show(request: Request) -> Response:
    return _again(request, "records.read")


def download(request: Request) -> Response:
    return _again(request, "records.export")


def _again(request: Request, what: str) -> Response:
    context, view = context_of(request), request.cookies.get(COOKIE, "")
    if request.method != "GET" or not view:
        return gone()
    with context.store.reading() as connection:
        links = SqlLinks(connection, context.store.seal)
        link = links.view(Secret(view), int(context.clock()))
    if link is None:
        return gone()
    found = _found(context, link, request)
    if isinstance(found, Response):
        return found
    with context.store.transaction() as connection:
        _note(context, connection, link, request, what)
        if what == "records.export":
            return as_csv(link, found, _texts(context, connection, link), context.zone)
        return _page(context, connection, link, request, found)


def _found(
    context: ConsoleContext, link: OneTimeLink, request: Request
) -> Sequence[DetailedRecord] | Response:
    """The records that were asked for; or what is answered where there are none to be had."""
    if context.records is None:
        return gone()
    try:
        return _wanted(context, context.records, link, request)
    except RecordsAway as reason:
        context.log.event("records away", error=reason)
        return away()


def _page(
    context: ConsoleContext,
    connection: Connection,
    link: OneTimeLink,
    request: Request,
    records: Sequence[DetailedRecord],
) -> HTMLResponse:
    texts = _texts(context, connection, link)
    return as_html(link, records, dict(request.query_params), texts, context.zone)


def _texts(context: ConsoleContext, connection: Connection, link: OneTimeLink) -> PageTexts:
    account = context.store.ports(connection).accounts.find(link.msisdn)
    return in_language(account.language if account else "zh")


def _wanted(
    context: ConsoleContext, records: DetailedRecords, link: OneTimeLink, request: Request
) -> list[DetailedRecord]:
    """Of the link's month, what the filters leave. What is no filter filters nothing. Nobody waits
    in the store meanwhile. Raises RecordsAway."""
    days, asked = LocalDays(context.zone), request.query_params
    first = date(link.month // 100, link.month % 100, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begins = max(first, _day(asked.get("from", "")) or first)
    ends = min(last, _day(asked.get("to", "")) or last)
    if begins > ends:
        return []
    found = records.of(link.msisdn, days.begins(begins), days.ends(ends))
    kind, other = asked.get("kind", ""), _DIGITS.sub("", asked.get("other", ""))
    return [
        record
        for record in found
        if (kind not in KINDS or record.kind == kind) and record.other.endswith(other)
    ]


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        return None


def _note(
    context: ConsoleContext, connection: Connection, link: OneTimeLink, request: Request, what: str
) -> None:
    """The subscriber's own looks are in the audit as well: a link may have been passed on."""
    who = Actor("link", address_of(request))
    entry = who.did(what, int(context.clock()), subscriber=link.msisdn)
    SqlAudit(connection, context.store.seal).append(entry)


ROUTES: Final = (
    Route("/x/view", show, methods=["GET"]),
    Route("/x/view.csv", download, methods=["GET"]),
    Route("/x/{token}", open_link, methods=["GET"]),
)
