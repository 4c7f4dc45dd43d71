"""A phone at a draft: messages, screens and calls as they would be, and nothing comes of them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from gateway.api.guard import Runs
from gateway.api.models import Asked, printable
from gateway.api.problems import Problem
from gateway.api.routes import drafts, editions
from gateway.api.routes.editions import READ
from gateway.console.frame import is_partial
from gateway.console.hearing import sound_of
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.screens.draft_views import moment_of
from gateway.console.screens.drafts import number_of, people_of
from gateway.console.trial_phones import TrialPhone, trial_phones_of
from gateway.serving.beside.trial_hall import TrialHall

pages: Final = Pages()
_TITLE: Final = Words("用手机试草稿", "A phone at the draft")
_NONE: Final = "take the phone up first"


class TrialDeed(Asked):
    do: Literal["sms", "dial", "type", "leave", "call", "press", "ring_off"]
    text: Annotated[str, Field(max_length=700), AfterValidator(printable)] = ""


@pages.get("/conf/drafts/{number:notice}/phone", READ)
def phone_page(visit: Visit) -> Outcome:
    draft = drafts.desk_of(visit.act).find(number_of(visit))
    values: dict[str, Any] = {
        "draft": draft, "people": people_of(visit), "moment": "",
        "service": visit.act.context.settings.service, **_values(visit),
    }  # fmt: skip
    return ShownPage("draft_phone.html", _TITLE, values)


@pages.post("/conf/drafts/{number:notice}/phone/take", READ, Runs.ITSELF)
def take(visit: Visit) -> Outcome:
    """At the draft as it is saved now."""
    act, number = visit.act, number_of(visit)
    place = int(field) if (field := visit.field("who")).isdecimal() else 1
    draft = drafts.found_draft(act, number)
    snapshot = editions.read_draft(act, drafts.asked(draft)).snapshot
    person, all = drafts.persona_of(act, snapshot, place), drafts.people(act, snapshot.catalogue)
    clock, ahead = act.context.clock, moment_of(visit) - act.now
    settings, phone = act.context.settings, person.account.msisdn
    hall = TrialHall(settings, snapshot, all, phone, lambda: clock() + ahead)
    made = TrialPhone(hall, number, snapshot.version, person.name, clock)
    trial_phones_of(visit.request).take(act.operator.number, made)
    _note(visit, f"draft {number}: a phone taken up")
    return Done(to=f"/conf/drafts/{number}/phone")


@pages.post("/conf/drafts/{number:notice}/phone", READ, Runs.ITSELF)
def deed(visit: Visit) -> Outcome:
    form = visit.form(TrialDeed, "text", do=visit.field("do"))
    phone = _phone(visit)
    if phone is None:
        raise Problem(409, _NONE)
    phone.does(form.do, form.text)
    _note(visit, f"draft {phone.draft}: tried with a phone, {form.do}")
    if not is_partial(visit.request):
        return Done(to=f"/conf/drafts/{phone.draft}/phone")
    return ShownPage("phone_now.html", _TITLE, _values(visit))


@pages.get("/conf/drafts/{number:notice}/phone/sounds/{place:notice}", READ, Runs.ITSELF)
def sound(visit: Visit) -> Outcome:
    phone = _phone(visit)
    return sound_of(visit.request, phone.events() if phone else [], int(visit.path("place")))


def _values(visit: Visit) -> dict[str, Any]:
    phone = _phone(visit)
    return {
        "phone": phone,
        "events": list(reversed(phone.events())) if phone else [],
        "sounds": f"/conf/drafts/{number_of(visit)}/phone/sounds",
    }


def _phone(visit: Visit) -> TrialPhone | None:
    return trial_phones_of(visit.request).of(visit.act.operator.number, number_of(visit))


def _note(visit: Visit, result: str) -> None:
    with visit.act.store.transaction() as connection:
        visit.act.within(connection)
        visit.act.note(result=result)
