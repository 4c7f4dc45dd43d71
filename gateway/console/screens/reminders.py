"""Reminders: what was told and what waits, the rules, and trying one."""

from __future__ import annotations

from typing import Any, Final

from commands.reminders.model import ReminderKind
from gateway.api.act import REVEAL
from gateway.api.guard import Runs
from gateway.api.routes import reminders
from gateway.api.routes.reminders import CHANGE, READ, SearchForm, TryForm
from gateway.console.pages import Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_TITLE: Final = Words("提醒", "Reminders")
_PAGE: Final = 50


@pages.get("/reminders", READ, Runs.LOOKING)
def reminders_page(visit: Visit) -> Outcome:
    asked: dict[str, Any] = {"limit": _PAGE}
    if visit.query("kind"):
        asked["kind"] = visit.query("kind")
    if before := visit.whole("before"):
        asked["before"] = before
    return _shown(visit, SearchForm.model_validate(asked))


@pages.post("/reminders", READ, Runs.LOOKING)
def of_number(visit: Visit) -> Outcome:
    return _shown(visit, visit.form(SearchForm, "kind", number=visit.field("number")))


@pages.get("/reminders/rules", READ)
def rules_page(visit: Visit) -> Outcome:
    values = {"rules": reminders.rules(visit.act)}
    return ShownPage("reminder_rules.html", Words("提醒规则", "Rules of reminders"), values)


@pages.get("/reminders/try", READ)
def try_page(visit: Visit) -> Outcome:
    return _trial(visit, None)


@pages.post("/reminders/try", READ)
def attempt(visit: Visit) -> Outcome:
    """What a subscriber would read; sent, if that was asked for too."""
    sends = visit.field("send") == "on"
    form = visit.form(
        TryForm, "reason", number=visit.field("number"), kind=visit.field("kind"), send=sends
    )
    return _trial(visit, reminders.attempt(visit.act, form))


def _trial(visit: Visit, told: Any) -> ShownPage:
    values = {
        "trial": told, "kinds": list(ReminderKind), "may_send": visit.may(CHANGE),
        "may_reveal": visit.may(REVEAL),
    }  # fmt: skip
    return ShownPage("reminder_try.html", Words("试一条提醒", "Try a reminder"), values)


def _shown(visit: Visit, form: SearchForm) -> ShownPage:
    values = {
        "found": reminders.search(visit.act, form),
        "waiting": reminders.waiting(visit.act),
        "kinds": list(ReminderKind),
        "kind": form.kind.value if form.kind else "",
        "of_number": form.number is not None,
    }
    return ShownPage("reminders.html", _TITLE, values)
