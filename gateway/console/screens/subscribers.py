"""A subscriber: masked until there is a reason; then, for minutes, in full."""

from __future__ import annotations

from typing import Any, Final

from gateway.api.act import REVEAL
from gateway.api.guard import Runs
from gateway.api.routes import subscribers, tickets, timeline
from gateway.api.routes.subscribers import READ
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_TITLE: Final = Words("用户", "Subscribers")
_PAGE: Final = 50


@pages.get("/subscribers", READ)
def search_page(visit: Visit) -> Outcome:
    return ShownPage("subscribers.html", _TITLE, {"may_reveal": visit.may(REVEAL)})


@pages.post("/subscribers", READ)
def look_up(visit: Visit) -> Outcome:
    """The number travels in the form's body: no address and no log holds it."""
    found = subscribers.look_up(visit.act, visit.form(subscribers.LookupForm, "number", "reason"))
    return Done(to=f"/subscribers/{found.id}")


@pages.get("/subscribers/{id:lookup}", READ, Runs.LOOKING)
def subscriber(visit: Visit) -> Outcome:
    id, act = visit.path("id"), visit.act
    before = visit.whole("before")
    found = subscribers.look_again(act, id)
    line = timeline.show_timeline(act, id, before, _PAGE)
    values: dict[str, Any] = {
        "found": found,
        "line": line,
        "before": before,
        "may_reveal": visit.may(REVEAL),
        "may_open": visit.may(tickets.CHANGE),
        "ticket_kind": lambda code: str(act.context.conf.tickets().rules.kind(code).name),
        "full_lines": visit.query("lines") == "full",
    }
    return ShownPage("subscriber.html", Words("用户", "A subscriber"), values)


@pages.post("/subscribers/{id:lookup}/reveal", READ)
def reveal(visit: Visit) -> Outcome:
    form = visit.form(subscribers.RevealForm, "reason", reason=visit.field("reason"))
    found = subscribers.reveal(visit.act, visit.path("id"), form)
    return Done(to=f"/subscribers/{found.id}")
