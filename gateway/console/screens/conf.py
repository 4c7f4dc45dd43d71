"""Editions of conf/: what is in force, what is tried out and how it does, what waits for a
colleague, history; and each version with what can be done with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from gateway.api.act import Act
from gateway.api.downloads import as_file
from gateway.api.edition_models import CameTold, CanaryAsked, EditionAct
from gateway.api.routes import drafts, editions
from gateway.api.routes.editions import READ
from gateway.config.editions.edition import ProposalState
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.editions.desk import APPROVE, CHANGE

pages: Final = Pages()
TITLE: Final = Words("配置", "Configuration")
_STILL: Final = (1980, 1, 1, 0, 0, 0)  # in archives: the same files make the same octets


@pages.get("/conf", READ)
def conf_page(visit: Visit) -> Outcome:
    told = editions.list_editions(visit.act)
    values = {
        "told": told,
        "drafts": drafts.list_drafts(visit.act).drafts,
        "waiting": [one for one in told.proposals if one.state is ProposalState.OPEN],
        "decided": [one for one in told.proposals if one.state is not ProposalState.OPEN][:10],
        "me": visit.act.operator.number,
        "authors": {one.version: one.author.split(", ") for one in told.editions},
        **_rights(visit),
    }
    return ShownPage("conf.html", TITLE, values)


@pages.get("/conf/versions/{version:version}", READ)
def version_page(visit: Visit) -> Outcome:
    version = visit.path("version")
    one = editions.show_edition(visit.act, version)
    told = editions.list_editions(visit.act)
    values: dict[str, Any] = {
        "one": one,
        "held": told.in_force,
        "tried": told.canary,
        "decisions": [each for each in told.decisions if version in (each.version, each.canary)],
        "four_eyes": _four_eyes(visit),
        **_rights(visit),
    }
    return ShownPage("version.html", Words(f"版本 {version}", f"Version {version}"), values)


@pages.get("/conf/versions/{version:version}/export", READ)
def export(visit: Visit) -> Outcome:
    """All its files as they lie in conf/."""
    version = visit.path("version")
    files = editions.show_edition(visit.act, version).files
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"conf/{name}", _STILL), text)
    headers = as_file(f"conf-{version}.zip")
    return Response(made.getvalue(), media_type="application/zip", headers=headers)


@pages.post("/conf/versions/{version:version}/publish", CHANGE)
def publish(visit: Visit) -> Outcome:
    form = _act(visit)
    return _came(editions.publish_edition(visit.act, visit.path("version"), form), "published")


@pages.post("/conf/versions/{version:version}/canary", CHANGE)
def try_out(visit: Visit) -> Outcome:
    numbers = visit.field("numbers").replace(",", " ").replace("\uff0c", " ").split()
    form = visit.form(
        CanaryAsked, "reason", "percent", "customer_list", numbers=numbers, seen=visit.field("seen")
    )
    return _came(editions.try_edition_out(visit.act, visit.path("version"), form), "tried")


def _deed(path: str, told: str, deed: Callable[[Act, EditionAct], CameTold]) -> None:
    @pages.post(path, CHANGE)
    def done(visit: Visit) -> Outcome:
        return _came(deed(visit.act, _act(visit)), told)


_deed("/conf/promote", "published", editions.promote_edition)
_deed("/conf/canary/end", "taken_back", editions.end_canary)
_deed("/conf/rollback", "taken_back", editions.roll_edition_back)


@pages.post("/conf/proposals/{number:notice}/approve", APPROVE)
def approve(visit: Visit) -> Outcome:
    form = _act(visit)
    editions.approve_edition(visit.act, int(visit.path("number")), form)
    return Done(to="/conf", told="approved")


@pages.post("/conf/proposals/{number:notice}/refuse", READ)
def refuse(visit: Visit) -> Outcome:
    form = _act(visit)
    editions.refuse_edition(visit.act, int(visit.path("number")), form)
    return Done(to="/conf", told="proposal_refused")


def _act(visit: Visit) -> EditionAct:
    """For what stood on the page."""
    return visit.form(EditionAct, "reason", seen=visit.field("seen"))


def _came(came: CameTold, told: str) -> Done:
    return Done(to="/conf", told="proposed" if came.proposal else told)


def _rights(visit: Visit) -> dict[str, bool]:
    return {"may_change": visit.may(CHANGE), "may_approve": visit.may(APPROVE)}


def _four_eyes(visit: Visit) -> bool:
    return any(APPROVE in role.rights for role in visit.act.context.conf.roles().values())
