"""A draft: its files, each in an editor that checks while one types; it becomes an edition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from gateway.api.draft_models import DraftCheck, DraftToEdition, FileToSave, FileToUndo, NewDraft
from gateway.api.guard import Runs
from gateway.api.problems import Problem
from gateway.api.routes import drafts
from gateway.api.routes.editions import READ
from gateway.config.file_schemas import schema_of
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.lookers import lookers_of
from gateway.editions.desk import CHANGE
from gateway.model.editions.edition_draft import EditionDraft, mark_of

pages: Final = Pages()
_WRITTEN: Final = ".yaml"  # what people write by hand
_LONGEST_FIND: Final = 100  # characters
_MOST_FOUND: Final = 100  # lines


class FoundLine(NamedTuple):
    """`line` counted from 1."""

    file: str
    line: int
    text: str


@pages.post("/conf/drafts/new", CHANGE)
def begin(visit: Visit) -> Outcome:
    form = visit.form(NewDraft, "name", "base")
    made = drafts.begin_draft(visit.act, form)
    return Done(to=f"/conf/drafts/{made.number}", told="draft_begun")


@pages.get("/conf/import", CHANGE)
def import_page(visit: Visit) -> Outcome:
    return ShownPage("conf_import.html", Words("导入", "Import"))


@pages.get("/conf/drafts/{number:notice}", READ)
def draft_page(visit: Visit) -> Outcome:
    number = number_of(visit)
    told = drafts.show_draft(visit.act, number)
    desk = drafts.desk_of(visit.act)
    draft = desk.find(number)
    files = desk.files(draft)
    wanted = visit.query("find").strip()[:_LONGEST_FIND]
    values: dict[str, Any] = {
        "draft": told,
        "names": sorted({*files, *draft.files}),
        "changed": draft.files,
        "written": _WRITTEN,
        "may_change": visit.may(CHANGE),
        "find": wanted,
        "found": list(islice(found_in(files, wanted), _MOST_FOUND + 1)) if wanted else [],
        "most_found": _MOST_FOUND,
    }
    return ShownPage("draft.html", title_of(draft), values)


@pages.get("/conf/drafts/{number:notice}/findings", READ, Runs.ITSELF)
def findings(visit: Visit) -> Outcome:
    """Put into the page of the draft when it is there: it takes a second."""
    number = number_of(visit)
    checked = drafts.check_typed(visit.act, number, DraftCheck())
    values = {"checked": checked, "number": number}
    return ShownPage("draft_findings.html", Words("检查", "Check"), values)


@pages.get("/conf/drafts/{number:notice}/file", READ)
def file_page(visit: Visit) -> Outcome:
    name, draft, text = _file(visit)
    one = draft.files.get(name)
    values: dict[str, Any] = {
        "draft": draft, "name": name, "text": text or "", "gone": text is None,
        "mark": mark_of(text), "changed": one, "people": people_of(visit),
        "may_change": visit.may(CHANGE),
        "schema": json.dumps(schema_of(name), ensure_ascii=False), "line": visit.whole("line"),
        "shown": visit.query("show"),
    }  # fmt: skip
    return ShownPage(
        "draft_file.html", Words(f"{name} · {draft.name}", f"{name} · {draft.name}"), values
    )


@pages.post("/conf/drafts/{number:notice}/file/new", CHANGE)
def new_file(visit: Visit) -> Outcome:
    name = visit.field("file")
    form = visit.form(FileToSave, "file", text="", seen=mark_of(None))
    drafts.save_file(visit.act, number_of(visit), form)
    return Done(
        to=f"/conf/drafts/{number_of(visit)}/file?{urlencode({'name': name})}", told="changed"
    )


@pages.post("/conf/drafts/{number:notice}/file/remove", CHANGE)
def remove_file(visit: Visit) -> Outcome:
    form = visit.form(FileToSave, "file", "seen", text=None)
    drafts.save_file(visit.act, number_of(visit), form)
    return Done(to=_at(visit), told="changed")


@pages.post("/conf/drafts/{number:notice}/file/undo", CHANGE)
def undo_file(visit: Visit) -> Outcome:
    drafts.undo_file(visit.act, number_of(visit), visit.form(FileToUndo, "file", "seen"))
    return Done(to=_at(visit), told="file_undone")


@pages.post("/conf/drafts/{number:notice}/rebase", CHANGE)
def rebase(visit: Visit) -> Outcome:
    drafts.rebase_draft(visit.act, number_of(visit))
    return Done(to=_at(visit), told="rebased")


@pages.post("/conf/drafts/{number:notice}/drop", CHANGE)
def drop(visit: Visit) -> Outcome:
    drafts.drop_draft(visit.act, number_of(visit))
    return Done(to="/conf", told="draft_dropped")


@pages.post("/conf/drafts/{number:notice}/keep", CHANGE, Runs.ITSELF)
def keep(visit: Visit) -> Outcome:
    """The same draft makes the same version, however often."""
    form = visit.form(DraftToEdition, "reason", seen=visit.field("seen"))
    kept = drafts.keep_edition(visit.act, number_of(visit), form)
    return Done(to=f"/conf/versions/{kept.version}", told="kept")


def looking(visit: Visit, about: str) -> Mapping[str, Any]:
    """Who else is there, and what was saved last."""
    act = visit.act
    with act.store.reading() as connection:
        act.within(connection)
        draft = drafts.desk_of(act).find(int(about) if about.isdecimal() else 0)
    others = lookers_of(visit.request).go_on(
        f"draft {draft.number}", act.operator.number, act.operator.name, act.context.clock()
    )
    return {"lookers": others, "last": draft.saved_last, "me": act.operator.number}


LOOKING: Final = Region("draft_looking.html", READ, looking, reads=False)


def found_in(files: Mapping[str, str], words: str) -> Iterator[FoundLine]:
    """Lines of what people write that have these words in them, however they are written."""
    wanted = words.casefold()
    for name in sorted(files):
        if name.endswith(_WRITTEN) and wanted in files[name].casefold():
            for number, line in enumerate(files[name].splitlines(), 1):
                if wanted in line.casefold():
                    yield FoundLine(name, number, line.strip()[:200])


def number_of(visit: Visit) -> int:
    return int(visit.path("number"))


def title_of(draft: EditionDraft) -> Words:
    return Words(f"草稿 {draft.number} {draft.name}", f"Draft {draft.number} {draft.name}")


def people_of(visit: Visit) -> list[str]:
    """The sample's people, as whom somebody looks; their numbers are nobody's."""
    catalogue = visit.act.context.conf.hall().catalogue
    return [
        f"{one.name or one.account.msisdn} {one.account.brand} {one.account.plan}"
        for one in drafts.people(visit.act, catalogue)
    ]


def _file(visit: Visit) -> tuple[str, EditionDraft, str | None]:
    """Raises Problem."""
    desk, name = drafts.desk_of(visit.act), visit.query("name")
    draft = desk.find(number_of(visit))
    files = desk.files(draft)
    if (name not in files and name not in draft.files) or not name.endswith(_WRITTEN):
        raise Problem(404, f"there is no file {name} in this draft")
    return name, draft, files.get(name)


def _at(visit: Visit) -> str:
    return f"/conf/drafts/{number_of(visit)}"
