"""Files taken into customer lists: sent, told what they would change, applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Path, Query

from gateway.api.act import Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import Asked, Moment, Reason, Switch, Told, moment, moment_or_none
from gateway.api.problems import Problem
from gateway.api.routes.lists import CHANGE, READ, Origin, TypeNumber
from gateway.api.uploads import Uploaded, described
from gateway.lists.importing import ListImporting
from gateway.lists.refusals import ListRefusal
from gateway.model.customer_lists import OWN, OWN_TOLD, ImportState, ListImport
from gateway.store.lists.imports import SqlListImports

routes = Routes("lists")
_MOST: Final = 50
_FORM: Final = described("text/csv", "号码,原因,有效期: UTF-8 or GBK, with headings or without")
ImportId = Annotated[int, Path(ge=1, le=2**53)]


class MistakeTold(Told):
    line: int
    what: str


class ImportTold(Told):
    """What a file would change, or has changed."""

    id: int
    type: str
    origin: str
    replaces: bool
    state: ImportState
    operator: str
    reason: str
    lines: int
    new: int
    changed: int
    same: int
    ended: int
    mistakes: int
    first_mistakes: list[MistakeTold]
    sha256: str
    made_at: Moment
    applied_at: Moment | None


class ImportsTold(Told):
    imports: list[ImportTold]


class ApplyForm(Asked):
    reason: Reason = ""
    skip_mistakes: Switch = False


class DiscardForm(Asked):
    reason: Reason = ""


@routes.post(
    "/lists/types/{number}/imports", CHANGE, Runs.ITSELF, status_code=201, refusals=(404, 409),
    openapi_extra=_FORM,
)  # fmt: skip
def send_file(
    act: Act,
    number: TypeNumber,
    file: Uploaded,
    origin: Annotated[Origin, Query()] = OWN,
    replace: Annotated[
        bool | None,
        Query(description="who is not in the file is taken out; a partner's list does so unless "
                          "this is false"),
    ] = None,
    reason: Annotated[Reason, Query()] = "",
) -> ImportTold:  # fmt: skip
    """What the file would change. Nothing is changed until it is applied; after a day it is
    forgotten."""
    replaces = bool(origin) if replace is None else replace
    return _told(_done(act, lambda by: by.look(file, number, origin, reason, replaces=replaces)))


@routes.get("/lists/imports", READ)
def list_imports(act: Act) -> ImportsTold:
    """The newest first."""
    found = SqlListImports(act.connection, act.store.seal).newest(_MOST)
    return ImportsTold(imports=[_told(one) for one in found])


@routes.get("/lists/imports/{id}", READ, refusals=(404,))
def show_import(act: Act, id: ImportId) -> ImportTold:
    found = SqlListImports(act.connection, act.store.seal).find(id)
    if found is None:
        raise Problem(404, "there is no such file")
    return _told(found)


@routes.post("/lists/imports/{id}/apply", CHANGE, Runs.ITSELF, refusals=(404, 409))
def apply_import(act: Act, id: ImportId, form: ApplyForm) -> ImportTold:
    """Changes the list, or goes on where that was broken off; once, however often it is asked."""
    skip = form.skip_mistakes
    return _told(_done(act, lambda by: by.apply(id, form.reason, skip_mistakes=skip)))


@routes.post("/lists/imports/{id}/discard", CHANGE, Runs.ITSELF, refusals=(404, 409))
def discard_import(act: Act, id: ImportId, form: DiscardForm) -> ImportTold:
    return _told(_done(act, lambda by: by.discard(id, form.reason)))


def _done(act: Act, deed: Callable[[ListImporting], ListImport]) -> ListImport:
    """Raises ListRefusal, when it is noted."""
    try:
        done = deed(ListImporting(act.store, act.actor, act.context.clock))
    except ListRefusal as refusal:
        act.note_refused(str(refusal))
        raise
    if done.state is ImportState.APPLIED:
        counts = done.counts._asdict()
        act.context.log.event("list changed", list=done.type, origin=done.origin, **counts)
    return done


def _told(one: ListImport) -> ImportTold:
    counts = one.counts
    return ImportTold(
        id=one.id,
        type=one.type,
        origin=one.origin or OWN_TOLD,
        replaces=one.replaces,
        state=one.state,
        operator=one.operator,
        reason=one.reason,
        lines=counts.lines,
        new=counts.fresh,
        changed=counts.changed,
        same=counts.same,
        ended=counts.gone,
        mistakes=counts.mistakes,
        first_mistakes=[MistakeTold(line=line, what=what) for line, what in one.mistakes],
        sha256=one.fingerprint,
        made_at=moment(one.made_at),
        applied_at=moment_or_none(one.applied_at),
    )
