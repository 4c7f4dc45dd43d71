"""Customer lists: their types, who is in them, numbers put in and taken out."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from gateway.api.act import REVEAL
from gateway.api.downloads import as_file
from gateway.api.guard import Runs
from gateway.api.problems import Problem
from gateway.api.refusal_texts import told_in
from gateway.api.routes import list_files, lists
from gateway.api.routes.list_files import ApplyForm, DiscardForm
from gateway.api.routes.lists import (
    CHANGE,
    EXPORT,
    READ,
    EntriesToClose,
    EntrySearch,
    ListExport,
    NewEntries,
    NewType,
    OnlyReason,
    TypeTold,
)
from gateway.console.frame import language_of
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_TITLE: Final = Words("名单", "Lists")
_PAGE: Final = 50


@pages.get("/lists", READ)
def lists_page(visit: Visit) -> Outcome:
    values = {"types": lists.list_types(visit.act).types, "may_change": visit.may(CHANGE)}
    return ShownPage("lists.html", _TITLE, values)


@pages.post("/lists/types", CHANGE)
def add_type(visit: Visit) -> Outcome:
    classes = [code for code in visit.field("classes").replace(",", " ").split() if code]
    form = visit.form(NewType, "number", "name", "note", "reason", classes=classes)
    made = lists.add_type(visit.act, form)
    return Done(to=f"/lists/{made.number}", told="changed")


@pages.post("/lists/numbers", READ)
def lists_of_number(visit: Visit) -> Outcome:
    """In which lists a number is; the number stands in no address."""
    form = visit.form(EntrySearch, "reason", number=visit.field("number"), past=True)
    found = lists.search_entries(visit.act, form)
    values = {"found": found, "names": {one.number: one.name for one in _types(visit)}}
    return ShownPage("list_of_number.html", Words("号码所在名单", "Lists of a number"), values)


@pages.get("/lists/{number:list}", READ, Runs.LOOKING)
def list_page(visit: Visit) -> Outcome:
    return _list(visit, "", visit.whole("after"))


@pages.post("/lists/{number:list}/reveal", READ)
def reveal(visit: Visit) -> Outcome:
    """Shown in the answer itself: it is in full this once, from where somebody was."""
    return _list(visit, visit.field("reason"), visit.whole_field("after"))


@pages.post("/lists/{number:list}/entries", CHANGE)
def add_entries(visit: Visit) -> Outcome:
    form = visit.form(
        NewEntries, "reason", "until", type=visit.path("number"), numbers=numbers_of(visit)
    )
    lists.add_entries(visit.act, form)
    return Done(to=f"/lists/{visit.path('number')}", told="changed")


@pages.post("/lists/{number:list}/entries/close", CHANGE)
def close_entries(visit: Visit) -> Outcome:
    form = visit.form(
        EntriesToClose, "reason", type=visit.path("number"), numbers=numbers_of(visit)
    )
    lists.close_entries(visit.act, form)
    return Done(to=f"/lists/{visit.path('number')}", told="changed")


@pages.post("/lists/{number:list}/close", CHANGE)
def close_type(visit: Visit) -> Outcome:
    lists.close_type(visit.act, visit.path("number"), visit.form(OnlyReason, "reason"))
    return Done(to=f"/lists/{visit.path('number')}", told="changed")


@pages.post("/lists/{number:list}/open", CHANGE)
def reopen_type(visit: Visit) -> Outcome:
    lists.reopen_type(visit.act, visit.path("number"), visit.form(OnlyReason, "reason"))
    return Done(to=f"/lists/{visit.path('number')}", told="changed")


@pages.post("/lists/{number:list}/export", EXPORT, Runs.ITSELF)
def export(visit: Visit) -> Outcome:
    form = visit.form(ListExport, type=visit.path("number"), reason=visit.field("reason"))
    response: Response = lists.export(visit.act, form)
    response.headers.update(as_file(f"list-{visit.path('number')}.csv"))
    return response


# -- a file, looked at before it changes anything ------------------------------------------------


@pages.get("/lists/files", READ)
def list_files_page(visit: Visit) -> Outcome:
    """Sent by the script of a list's page to the API; here it is seen what they would change."""
    names = {one.number: one.name for one in _types(visit)}
    values = {"files": list_files.list_imports(visit.act).imports, "names": names}
    return ShownPage("list_files.html", Words("名单文件", "Files of lists"), values)


@pages.get("/lists/files/{file:file}", READ)
def list_file(visit: Visit) -> Outcome:
    one = list_files.show_import(visit.act, int(visit.path("file")))
    names = {each.number: each.name for each in _types(visit)}
    language = language_of(visit.request)
    values = {
        "one": one,
        "name": names.get(one.type, ""),
        "may_change": visit.may(CHANGE),
        "told": lambda what: told_in(language, what),
    }
    return ShownPage("list_file.html", Words(f"名单文件 {one.id}", f"File {one.id}"), values)


@pages.post("/lists/files/{file:file}/apply", CHANGE, Runs.ITSELF)
def apply_file(visit: Visit) -> Outcome:
    skips = bool(visit.field("skip_mistakes"))
    form = visit.form(ApplyForm, "reason", skip_mistakes=skips)
    one = list_files.apply_import(visit.act, int(visit.path("file")), form)
    return Done(to=f"/lists/files/{one.id}", told="applied")


@pages.post("/lists/files/{file:file}/discard", CHANGE, Runs.ITSELF)
def discard_file(visit: Visit) -> Outcome:
    form = visit.form(DiscardForm, "reason")
    one = list_files.discard_import(visit.act, int(visit.path("file")), form)
    return Done(to=f"/lists/files/{one.id}", told="discarded")


def numbers_of(visit: Visit) -> list[str]:
    """One a line, or with commas or blanks between."""
    written = visit.field("numbers")
    for between in ",;\uff0c\uff1b、\t\r\n":
        written = written.replace(between, " ")
    return written.split()


def _list(visit: Visit, reason: str, after: int) -> ShownPage:
    number = visit.path("number")
    one = next((each for each in _types(visit) if each.number == number), None)
    if one is None:
        raise Problem(404, f"there is no type of lists {number}")
    form = EntrySearch(type=number, reason=reason, after=after, limit=_PAGE)
    values: dict[str, Any] = {
        "one": one,
        "names": {one.number: one.name},
        "found": lists.search_entries(visit.act, form),
        "full": bool(reason),
        "reason": reason,
        "after": after,
        "may_change": visit.may(CHANGE),
        "may_export": visit.may(EXPORT),
        "may_reveal": visit.may(REVEAL),
    }
    return ShownPage(
        "list.html", Words(f"{one.number} {one.name}", f"{one.number} {one.name}"), values
    )


def _types(visit: Visit) -> list[TypeTold]:
    types: list[TypeTold] = lists.list_types(visit.act).types
    return types
