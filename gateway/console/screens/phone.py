"""The phone: short messages, screens and calls of a number of the simulated network, with the
running hall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field
from starlette.responses import Response

from gateway.api.guard import Runs
from gateway.api.models import Asked, Msisdn, printable
from gateway.api.problems import Problem
from gateway.console.frame import is_partial
from gateway.console.hearing import sound_of
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.phone_line import HeldPhone, NoNetwork, phones_of
from gateway.model.operators.rights import Right

pages: Final = Pages()
USE: Final = Right("change", "subscribers")
NUMBER: Final = "13800138001"
_NOBODY: Final = "nobody of the simulated network answers: hallgate demo has one"


class PhoneToTake(Asked):
    number: Msisdn


class PhoneDeed(Asked):
    do: Literal["sms", "dial", "type", "leave", "call", "press", "ring_off"]
    text: Annotated[str, Field(max_length=700), AfterValidator(printable)] = ""


@pages.get("/phone", USE)
def phone_page(visit: Visit) -> Outcome:
    if not phones_of(visit.request).there:
        raise Problem(404, _NOBODY)
    values = {
        **phone_values(visit, ""),
        "number": NUMBER,
        "service": visit.act.context.settings.service,
    }
    return ShownPage("phone.html", Words("试机", "The phone"), values)


@pages.post("/phone/number", USE)
def take(visit: Visit) -> Outcome:
    """Another number: it hears from now on."""
    number = visit.form(PhoneToTake, number=visit.field("number")).number
    phones = phones_of(visit.request)
    if not phones.there:
        raise Problem(404, _NOBODY)
    try:
        phones.take(visit.act.operator.number, number)
    except NoNetwork:
        raise Problem(409, _NOBODY) from None
    visit.act.note(subscriber=number, reason="the phone")
    return Done(to="/phone")


@pages.post("/phone", USE, Runs.ITSELF)
def deed(visit: Visit) -> Outcome:
    """What one does with it. What comes of it is seen on its screen, live."""
    form = visit.form(PhoneDeed, "text", do=visit.field("do"))
    phone = phones_of(visit.request).of(visit.act.operator.number)
    if phone is None:
        raise Problem(409, _NOBODY)
    try:
        _DEEDS[form.do](phone, form.text, visit.act.context.settings.service.number)
    except NoNetwork:
        raise Problem(409, _NOBODY) from None
    with visit.act.store.transaction() as connection:
        visit.act.within(connection)
        visit.act.note(subscriber=phone.number, reason="the phone", result=f"done: {form.do}")
    if is_partial(visit.request):
        return Response(status_code=204)
    return Done(to="/phone")


@pages.get("/phone/sounds/{place:notice}", USE, Runs.ITSELF)
def sound(visit: Visit) -> Outcome:
    """As a caller heard it."""
    phone = phones_of(visit.request).of(visit.act.operator.number)
    return sound_of(visit.request, phone.events() if phone else [], int(visit.path("place")))


_DEEDS: Final[dict[str, Callable[[HeldPhone, str, str], None]]] = {
    "sms": lambda phone, text, service: phone.text(text, service),
    "dial": lambda phone, text, _: phone.dial(text),
    "type": lambda phone, text, _: phone.type(text),
    "leave": lambda phone, _text, _service: phone.leave(),
    "call": lambda phone, text, service: phone.call(text or service),
    "press": lambda phone, text, _: phone.press(text),
    "ring_off": lambda phone, _text, _service: phone.ring_off(),
}


def phone_values(visit: Visit, _about: str) -> Mapping[str, Any]:
    phone = phones_of(visit.request).of(visit.act.operator.number)
    events = list(reversed(phone.events())) if phone else []
    return {"phone": phone, "events": events, "sounds": "/phone/sounds"}


PHONE: Final = Region("phone_now.html", USE, phone_values, reads=False)
