"""Drafts by the API: kept for all who write; nobody saves over what he has not seen; all who wrote
are authors; files go out and come in as they are."""

from __future__ import annotations

import io
import zipfile

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.model.editions.edition_draft import mark_of
from tests.commands.fakes import OWN_CONF
from tests.gateway.api.console import Answer, Browser, Console
from tests.gateway.api.test_editions import HALL, colleague, noted, other

DRAFTS = "/api/v1/drafts"
HOLIDAYS = "holidays.yaml"


@pytest.fixture
def business(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["business"]


@pytest.fixture
def draft(hall: Console, business: Browser) -> str:
    made = hall.ask("POST", DRAFTS, {"name": "一月"}, business)
    assert made.status == 201, made
    return f"{DRAFTS}/{made.json['number']}"


def saved(hall: Console, draft: str, by: Browser, files: dict[str, str], seen: str = "") -> Answer:
    ((name, text),) = files.items()
    seen = seen or mark_in(hall, draft, by, name)
    return hall.ask("POST", f"{draft}/files", {"file": name, "text": text, "seen": seen}, by)


def mark_in(hall: Console, draft: str, by: Browser, name: str) -> str:
    """Of what stands in the draft now; what nobody has changed is found by a wrong one."""
    told = hall.ask("GET", draft, by=by).json
    found = [one["mark"] for one in told["files"] if one["file"] == name]
    return str(found[0]) if found else own_mark(name)


def own_mark(name: str) -> str:
    return mark_of(conf_files(OWN_CONF).get(name))


def test_nobody_saves_over_what_he_has_not_seen(
    hall: Console, business: Browser, draft: str
) -> None:
    first, other_one = noted("mine"), noted("theirs")
    began = own_mark(HOLIDAYS)
    assert saved(hall, draft, business, first, began).status == 200
    refused = saved(hall, draft, colleague(hall), other_one, began)
    assert refused.status == 409
    assert refused.problem == (
        f"business has saved {HOLIDAYS} meanwhile: look at it before you save"
    )
    assert hall.ask("GET", draft, by=business).json["changed"] == first
    assert saved(hall, draft, colleague(hall), other_one).status == 200  # he has looked
    told = hall.ask("GET", draft, by=business).json
    assert told["changed"] == other_one
    assert [(one["file"], one["by"]) for one in told["files"]] == [(HOLIDAYS, "colleague")]


def test_as_it_was_is_no_change(hall: Console, business: Browser, draft: str) -> None:
    assert saved(hall, draft, business, noted("x")).status == 200
    back = {HOLIDAYS: conf_files(OWN_CONF)[HOLIDAYS]}
    assert saved(hall, draft, business, back).status == 200
    assert hall.ask("GET", draft, by=business).json["files"] == []
    assert saved(hall, draft, business, noted("y")).status == 200
    undone = {"file": HOLIDAYS, "seen": mark_in(hall, draft, business, HOLIDAYS)}
    assert hall.ask("POST", f"{draft}/files/undo", undone, business).json["files"] == []


def test_what_is_typed_is_checked_and_seen_without_being_saved(
    hall: Console, business: Browser, draft: str
) -> None:
    typed = other(HALL, "zh: 移动营业厅", "zh: 新营业厅")[HALL]
    asked = {"file": HALL, "text": typed, "shown": "hall", "persona": 1, "language": "zh"}
    told = hall.ask("POST", f"{draft}/check", asked, business).json
    assert (len(told["version"]), told["findings"]) == (12, [])
    (screen,) = [one for one in told["shown"] if one["channel"] == "ussd"]
    assert screen["text"].startswith("新营业厅")
    wrong = {"file": HALL, "text": typed.replace("to: more", "to: mroe")}
    told = hall.ask("POST", f"{draft}/check", wrong, business).json
    (finding,) = [one for one in told["findings"] if "mroe" in one["what"]]
    assert "mroe" in typed.replace("to: more", "to: mroe").splitlines()[finding["line"] - 1]
    promised = {"file": HALL, "text": typed.replace("run: q.balance", "run: q.points")}
    assert hall.ask("POST", f"{draft}/check", promised, business).json["findings"]
    assert hall.ask("GET", draft, by=business).json["files"] == []


def test_all_who_wrote_are_authors_and_none_of_them_approves(
    hall: Console, business: Browser, draft: str
) -> None:
    assert saved(hall, draft, business, noted("by one")).status == 200
    assert saved(hall, draft, colleague(hall), noted("and another")).status == 200
    kept = hall.ask("POST", f"{draft}/keep", {"reason": "January"}, colleague(hall))
    assert kept.status == 201
    version, author = kept.json["version"], kept.json["author"]
    assert author == "colleague, business"
    asked = hall.ask("POST", f"/api/v1/editions/{version}/publish", {}, colleague(hall)).json
    own = f"/api/v1/editions/proposals/{asked['proposal']['number']}"
    refused = hall.ask("POST", f"{own}/approve", {}, business)
    assert (refused.status, "ask a colleague" in refused.problem) == (403, True)
    assert hall.ask("POST", f"{own}/refuse", {}, business).status == 200


def test_a_version_is_made_of_what_was_read_and_of_nothing_else(
    hall: Console, business: Browser, draft: str
) -> None:
    """A colleague may save in it while somebody reads."""
    assert saved(hall, draft, business, noted("read")).status == 200
    read = hall.ask("GET", draft, by=business).json["mark"]
    assert saved(hall, draft, colleague(hall), noted("unread")).status == 200
    refused = hall.ask("POST", f"{draft}/keep", {"seen": read}, business)
    assert (refused.status, "read it again" in refused.problem) == (409, True)
    again = hall.ask("GET", draft, by=business).json["mark"]
    assert hall.ask("POST", f"{draft}/keep", {"seen": again}, business).status == 201


def test_a_draft_goes_on_from_what_is_in_force(
    hall: Console, business: Browser, draft: str
) -> None:
    assert saved(hall, draft, business, noted("of the draft")).status == 200
    version = hall.ask("POST", "/api/v1/editions", {"files": noted("meanwhile")}, business).json[
        "version"
    ]
    asked = hall.ask("POST", f"/api/v1/editions/{version}/publish", {}, business).json
    number = asked["proposal"]["number"]
    decided = f"/api/v1/editions/proposals/{number}/approve"
    assert hall.ask("POST", decided, {}, colleague(hall)).status == 200
    told = hall.ask("GET", draft, by=business).json
    assert (told["in_force"], told["both_changed"]) == (version, [HOLIDAYS])
    rebased = hall.ask("POST", f"{draft}/rebase", {}, business).json
    assert rebased["base"] == version
    told = hall.ask("GET", draft, by=business).json
    assert (told["both_changed"], told["changed"]) == ([], noted("of the draft"))
    assert hall.ask("POST", "/api/v1/editions/rollback", {}, business).status in (200, 409)


@pytest.mark.parametrize(
    "name", ["../x.yaml", "/etc/x.yaml", "sample/personas.yaml", "plain/learnt.json", "a/../b.yaml"]
)
def test_a_draft_has_no_file_elsewhere(
    hall: Console, business: Browser, draft: str, name: str
) -> None:
    refused = saved(hall, draft, business, {name: "a: 1"}, "-")
    assert refused.status == 409, refused
    assert hall.ask("GET", draft, by=business).json["files"] == []


def packed(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"conf/{name}", text)
    return made.getvalue()


def imported(hall: Console, by: Browser, octets: bytes) -> Answer:
    return hall.ask(
        "POST", f"{DRAFTS}/import?name=packed", octets, by, Content_Type="application/octet-stream"
    )


def test_files_come_in_as_they_went_out(hall: Console, business: Browser) -> None:
    changed = noted("packed")
    made = imported(hall, business, packed(changed))
    assert made.status == 201, made
    draft = f"{DRAFTS}/{made.json['number']}"
    assert hall.ask("GET", draft, by=business).json["changed"] == changed
    whole = {**conf_files(OWN_CONF), **changed}
    del whole["numbers.yaml"]
    made = imported(hall, business, packed(whole))
    told = hall.ask("GET", f"{DRAFTS}/{made.json['number']}", by=business).json
    assert told["changed"]["numbers.yaml"] is None
    assert hall.ask("POST", f"{draft}/drop", {}, business).status == 200
    assert hall.ask("GET", draft, by=business).status == 404


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "nothing in it"), ({"../../x.yaml": "a: 1"}, "is no name of a file"),
        ({"holidays.yaml": "a\0b"}, "is no text"),
    ],
)  # fmt: skip
def test_what_is_no_conf_is_not_taken(
    hall: Console, business: Browser, files: dict[str, str], why: str
) -> None:
    refused = imported(hall, business, packed(files))
    assert (refused.status, why in refused.problem) == (409, True)
    assert imported(hall, business, b"PK no zip").status == 409


def test_who_may_only_look_saves_nothing(
    hall: Console, logged_in: dict[str, Browser], draft: str
) -> None:
    looking = logged_in["marketing"]
    assert hall.ask("GET", draft, by=looking).status == 200
    assert saved(hall, draft, looking, noted("no")).status == 403
    assert hall.ask("POST", DRAFTS, {"name": "no"}, looking).status == 403
