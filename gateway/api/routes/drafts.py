"""Drafts of editions: kept for all who write, checked while somebody types, and made an edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, TypeVar

from fastapi import Path

from gateway.api.act import Act
from gateway.api.draft_models import (
    CheckedDraftTold,
    DraftCheck,
    DraftFileTold,
    DraftName,
    DraftsTold,
    DraftToEdition,
    DraftTold,
    FileToSave,
    FileToUndo,
    NewDraft,
    ShownTold,
    WholeDraftTold,
    draft_file_told,
    draft_told,
)
from gateway.api.edition_models import Draft, DraftToKeep, EditionTold
from gateway.api.guard import Routes, Runs
from gateway.api.problems import Problem
from gateway.api.routes import editions
from gateway.api.routes.editions import READ
from gateway.api.uploads import Uploaded, described
from gateway.config.checked_yaml import BadFile
from gateway.config.sample.people import Persona
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.desk import CHANGE
from gateway.editions.draft_desk import DraftDesk
from gateway.editions.importing import imported
from gateway.editions.personas import personas
from gateway.editions.previewing import EditionPreview
from gateway.editions.publishing import in_force
from gateway.model.editions.edition_draft import EditionDraft
from gateway.store.editions.drafts import SqlDrafts
from gateway.store.editions.editions import SqlEditions
from menus.model.wording import LANGUAGES
from tariffs.catalogue import Catalogue

routes = Routes("editions")
Number = Annotated[int, Path(ge=1, le=2**53)]
Made = TypeVar("Made")
_YEARS: Final = range(2000, 2100)
_LONGEST: Final = 200_000  # characters of a file


@routes.get("/drafts", READ)
def list_drafts(act: Act) -> DraftsTold:
    """The newest first."""
    return DraftsTold(drafts=[draft_told(one) for one in SqlDrafts(act.connection).all()])


@routes.post("/drafts", CHANGE, status_code=201, refusals=(404, 409))
def begin_draft(act: Act, form: NewDraft) -> DraftTold:
    """Nobody is served by it. From a version, or from what is in force."""
    for text in form.files.values():
        _not_too_long(text)
    made = _told(lambda: desk_of(act).begin(form.name, form.base, form.files))
    act.note(result=f"draft {made.number} begun")
    return draft_told(made)


@routes.post(
    "/drafts/import", CHANGE, Runs.ITSELF, status_code=201, refusals=(409,),
    openapi_extra=described("application/octet-stream", "a ZIP of files of conf/"),
)  # fmt: skip
def import_draft(act: Act, name: DraftName, file: Uploaded) -> DraftTold:
    """A draft of the files of a ZIP. With commands.yaml in it, it is all of conf/, and what is not
    there is gone; else only those files are otherwise."""
    with act.store.transaction() as connection:
        act.within(connection)
        desk = desk_of(act)
        files = imported(file, _told(desk.files_in_force))
        made = _told(lambda: desk.begin(name, "", files))
        act.note(result=f"draft {made.number} imported")
    return draft_told(made)


@routes.get("/drafts/{number}", READ, refusals=(404,))
def show_draft(act: Act, number: Number) -> WholeDraftTold:
    """What is otherwise in it than in its base."""
    draft = desk_of(act).find(number)
    held = in_force(SqlEditions(act.connection), act.now)
    return WholeDraftTold(
        **draft_told(draft).model_dump(), changed=draft.changed, mark=draft.mark, in_force=held,
        both_changed=desk_of(act).both_changed(draft, held),
    )  # fmt: skip


@routes.post("/drafts/{number}/files", CHANGE, refusals=(404, 409))
def save_file(act: Act, number: Number, form: FileToSave) -> DraftFileTold:
    """Refused if another text stands there than the one that was changed."""
    _not_too_long(form.text)
    saved = _told(lambda: desk_of(act).save(number, form.file, form.text, form.seen))
    what = "saved" if form.text is not None else "taken out"
    act.note(result=f"draft {number}: {form.file} {what}")
    return draft_file_told(saved)


@routes.post("/drafts/{number}/files/undo", CHANGE, refusals=(404, 409))
def undo_file(act: Act, number: Number, form: FileToUndo) -> DraftTold:
    """As it is in the base again."""
    _told(lambda: desk_of(act).undo(number, form.file, form.seen))
    act.note(result=f"draft {number}: {form.file} as before")
    return draft_told(desk_of(act).find(number))


@routes.post("/drafts/{number}/rebase", CHANGE, refusals=(404, 409))
def rebase_draft(act: Act, number: Number) -> DraftTold:
    """It goes on from what is in force now; what it changes stays."""
    draft = _told(lambda: desk_of(act).rebase(number))
    act.note(result=f"draft {number}: from {draft.base} now")
    return draft_told(draft)


@routes.post("/drafts/{number}/drop", CHANGE, refusals=(404, 409))
def drop_draft(act: Act, number: Number) -> DraftsTold:
    """Thrown away; editions that it was kept as stay. The drafts that are left."""
    desk_of(act).drop(number)
    act.note(result=f"draft {number} thrown away")
    return DraftsTold(drafts=[draft_told(one) for one in SqlDrafts(act.connection).all()])


@routes.post("/drafts/{number}/check", READ, Runs.ITSELF, refusals=(404, 409))
def check_typed(act: Act, number: Number, form: DraftCheck) -> CheckedDraftTold:
    """What is wrong with it, with file and line: also with a file as it is being typed; and how a
    screen or text of it goes out. Nothing is kept."""
    _not_too_long(form.text)
    draft = found_draft(act, number)
    files: dict[str, str | None] = dict(draft.changed)
    if form.file:
        files[form.file] = form.text
    whole = asked(draft, files)
    checked = editions.check_draft(act, whole)
    shown = _shown(act, whole, form) if form.shown and checked.version else []
    return CheckedDraftTold(
        version=checked.version, findings=checked.findings, notes=checked.notes, shown=shown
    )


def _shown(act: Act, whole: Draft, form: DraftCheck) -> list[ShownTold]:
    snapshot = editions.read_draft(act, whole).snapshot
    now = moment_of(act, form.at)
    who = persona_of(act, snapshot, form.persona).account if form.persona else None
    spoken = form.language or (who.language if who else LANGUAGES[0])
    seen = EditionPreview(snapshot.at(now), now, languages=[spoken], names=[form.shown], who=who)
    return [ShownTold(**one._asdict()) for one in seen.shown(form.shown)]


def moment_of(act: Act, at: datetime | None) -> int:
    """Without a zone by the hall's clock; None: now. Raises Problem."""
    if at is None:
        return act.now
    if at.year not in _YEARS:
        raise Problem(422, f"a moment lies in the years {_YEARS[0]} to {_YEARS[-1]}")
    return int((at if at.tzinfo else at.replace(tzinfo=act.context.zone)).timestamp())


def people(act: Act, catalogue: Catalogue) -> tuple[Persona, ...]:
    """Of the sample. Raises Problem."""
    try:
        return personas(act.context.conf.own, catalogue)
    except BadFile as bad:
        raise Problem(409, f"the sample does not fit: {bad.findings[0]}") from None


def persona_of(act: Act, snapshot: HallSnapshot, place: int) -> Persona:
    """Counted from 1. Raises Problem."""
    found = people(act, snapshot.catalogue)
    if not 0 < place <= len(found):
        raise Problem(404, f"the sample has no person number {place}")
    return found[place - 1]


@routes.post("/drafts/{number}/keep", CHANGE, Runs.ITSELF, status_code=201, refusals=(404, 409))
def keep_edition(act: Act, number: Number, form: DraftToEdition) -> EditionTold:
    """In the store as a version, without being in force. It must be sound."""
    draft = found_draft(act, number)
    if not draft.files:
        raise Problem(409, "nothing is changed in this draft")
    if form.seen and form.seen != draft.mark:
        raise Problem(409, f"draft {number} was changed after you read it: read it again")
    whole = DraftToKeep(base=draft.base, files=draft.changed, reason=form.reason)
    kept = editions.keep(act, whole, draft.writers)
    with act.store.transaction() as connection:
        SqlDrafts(connection).kept_as(number, kept.version)
    return kept


def found_draft(act: Act, number: int) -> EditionDraft:
    """For what runs without a transaction. Raises NothingSuch."""
    with act.store.reading() as connection:
        act.within(connection)
        return desk_of(act).find(number)


def asked(draft: EditionDraft, files: dict[str, str | None] | None = None) -> Draft:
    """As routes of editions are asked about a draft."""
    return Draft(base=draft.base, files=draft.changed if files is None else files)


def desk_of(act: Act) -> DraftDesk:
    role = act.context.conf.roles().get(act.operator.role)
    return DraftDesk(act.connection, act.context.settings, act.operator.number, act.now, role)


def _told(deed: Callable[[], Made]) -> Made:
    """Raises Problem, if what it begins from cannot be read."""
    try:
        return deed()
    except BadFile as bad:
        raise Problem(409, f"not sound: {bad.findings[0]}") from None


def _not_too_long(text: str | None) -> None:
    if text is not None and len(text) > _LONGEST:
        raise Problem(413, f"a file has {_LONGEST} characters at most")
