"""The audit: who did what; what an auditor should look at; whether it is whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from starlette.responses import Response

from gateway.api.downloads import as_file
from gateway.api.guard import Runs
from gateway.api.routes import audit
from gateway.api.routes.audit import EXPORT, READ, VERIFY, AnchorsToCheck, AuditExport, AuditSearch
from gateway.console.pages import Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_TITLE: Final = Words("审计", "Audit")
_VERIFY: Final = Words("审计核验", "The audit verified")
_PAGE, _SEARCHED = 50, 500
_FIELDS: Final = ("operator", "subscriber", "action", "reason")


@pages.get("/audit", READ, Runs.LOOKING)
def audit_page(visit: Visit) -> Outcome:
    return _found(visit, {"limit": _PAGE, "before": visit.whole("before")}, {})


@pages.post("/audit", READ, Runs.LOOKING)
def search(visit: Visit) -> Outcome:
    """By post: numbers and reasons stand in no address."""
    asked: dict[str, Any] = {name: visit.field(name) for name in _FIELDS if visit.field(name)}
    asked |= _days(visit)
    asked |= {"limit": _SEARCHED, "before": visit.whole_field("before")}
    asked["suspicious"] = visit.field("suspicious") == "on"
    shown = {name: visit.field(name) for name in (*_FIELDS, "since", "until", "suspicious")}
    return _found(visit, asked, shown)


@pages.get("/audit/verify", VERIFY)
def verify_page(_visit: Visit) -> Outcome:
    return ShownPage("audit_verify.html", _VERIFY, {"told": None})


@pages.post("/audit/verify", VERIFY, Runs.ITSELF)
def verify(visit: Visit) -> Outcome:
    typed = [line.strip() for line in visit.field("anchors").splitlines() if line.strip()]
    told = audit.verify(visit.act, AnchorsToCheck.model_validate({"anchors": typed}))
    return ShownPage("audit_verify.html", _VERIFY, {"told": told})


@pages.post("/audit/export", EXPORT, Runs.ITSELF)
def export(visit: Visit) -> Outcome:
    asked = {name: visit.field(name) for name in _FIELDS if visit.field(name)}
    asked |= _days(visit) | {"reason": visit.field("reason")}
    response: Response = audit.export(visit.act, AuditExport.model_validate(asked))
    response.headers.update(as_file("audit.jsonl"))
    return response


def _found(visit: Visit, asked: dict[str, Any], shown: dict[str, str]) -> ShownPage:
    found = audit.search(visit.act, AuditSearch.model_validate(asked))
    values = {
        "found": found,
        "shown": {name: shown.get(name, "") for name in (*_FIELDS, "since", "until", "suspicious")},
        "searched": any(shown.values()),
        "may_export": visit.may(EXPORT),
    }
    return ShownPage("audit.html", _TITLE, values)


def _days(visit: Visit) -> dict[str, str]:
    """Whole days on the hall's clock; the last one is included."""
    found = {}
    for name, days in (("since", 0), ("until", 1)):
        written = visit.field(name)
        if written:
            try:
                day = date.fromisoformat(written) + timedelta(days=days)
                zone = visit.act.context.zone
                found[name] = datetime.combine(day, time(), zone).isoformat()
            except (ValueError, OverflowError):
                found[name] = written
    return found
