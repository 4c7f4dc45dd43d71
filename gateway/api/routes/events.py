"""What the BOSS tells of subscribers: kept at once, looked at by a gateway within seconds."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from commands.reminders.boss_event import BossEvent, EventFacts
from commands.reminders.model import ReminderKind
from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import Asked, EventMoment, Msisdn, Told, printable
from gateway.model.operators.rights import Right
from gateway.store.reminders.boss_events import SqlBossEvents

routes = Routes("events")
WRITE: Final = Right("write", "events")
MOST: Final = 500  # events of one request
_LARGE: Final = 10**12
_NEEDS: Final[dict[ReminderKind, tuple[str, ...]]] = {
    ReminderKind.BALANCE_LOW: ("balance_fen",),
    ReminderKind.CHARGE: ("fen",),
    ReminderKind.ALLOWANCE: ("item", "used", "total"),
    ReminderKind.ARREARS: ("fen",),
    ReminderKind.HIGH_BILL: ("fen", "usual_fen"),
    ReminderKind.RECHARGE: ("fen",),
    ReminderKind.CONTRACT_ENDING: ("until",),
    ReminderKind.POINTS_ENDING: ("points", "until"),
    ReminderKind.PLAN_ENDING: ("until",),
    ReminderKind.NUMBER_CLOSING: (),
}
_MAY: Final[dict[ReminderKind, tuple[str, ...]]] = {
    ReminderKind.CHARGE: ("balance_fen", "what", "order"),
    ReminderKind.RECHARGE: ("balance_fen", "what", "order"),
    ReminderKind.ARREARS: ("until",),
    ReminderKind.NUMBER_CLOSING: ("until",),
}
_FACTS: Final = tuple(EventFacts.__dataclass_fields__)

Fen = Annotated[int, Field(strict=True, gt=0, le=_LARGE)]
Count = Annotated[int, Field(strict=True, ge=0, le=_LARGE)]


class EventForm(Asked):
    """Facts that its kind has no use for are refused. Money is fen."""

    id: Annotated[str, Field(pattern="^[!-~]{1,100}$", description="the same event, the same id")]
    number: Msisdn
    kind: ReminderKind
    at: EventMoment = Field(description="when it happened")
    fen: Fen | None = Field(None, description="charged, paid, owed, or this month's so far")
    balance_fen: Annotated[int, Field(strict=True, ge=-_LARGE, le=_LARGE)] | None = Field(
        None, description="afterwards"
    )
    usual_fen: Fen | None = Field(None, description="high_bill: an average month's")
    what: Annotated[str, Field(max_length=30), AfterValidator(printable)] | None = Field(
        None, description="charge: a code of conf/tariffs, or what it is for in words"
    )
    order: Annotated[str, Field(max_length=100), AfterValidator(printable)] | None = Field(
        None, description="the Idempotency-Key of the hall's order, if it came of one"
    )
    item: Annotated[str, Field(pattern="^[a-z_]{1,40}$")] | None = Field(
        None, description="allowance: an item of conf/tariffs, such as data_mb"
    )
    used: Count | None = None
    total: Annotated[int, Field(strict=True, gt=0, le=_LARGE)] | None = None
    points: Annotated[int, Field(strict=True, gt=0, le=_LARGE)] | None = None
    until: EventMoment | None = Field(None, description="when it ends, or is stopped")

    @model_validator(mode="after")
    def _fits(self) -> EventForm:
        needs, may = _NEEDS[self.kind], _MAY.get(self.kind, ())
        given = [name for name in _FACTS if getattr(self, name) is not None]
        if missing := [name for name in needs if name not in given]:
            raise ValueError(f"{self.kind.value} needs {', '.join(missing)}")
        if unused := [name for name in given if name not in (*needs, *may)]:
            raise ValueError(f"{self.kind.value} has no use for {', '.join(unused)}")
        return self

    def read(self) -> BossEvent:
        told = {name: value for name in _FACTS if (value := getattr(self, name)) is not None}
        if self.until is not None:
            told["until"] = int(self.until.timestamp())
        return BossEvent(
            self.id, self.number, self.kind, int(self.at.timestamp()), EventFacts(**told)
        )


class EventsForm(Asked):
    events: Annotated[list[EventForm], Field(min_length=1, max_length=MOST)]


class EventsTold(Told):
    new: int = Field(description="kept by this request")
    known: int = Field(description="kept before, under the same id: nothing comes of them again")


@routes.post("/events", WRITE, status_code=202, refusals=(409,))
def tell_events(act: Act, form: EventsForm) -> EventsTold:
    """What has happened to subscribers. An event has its effect once, however often its id is
    sent; ids are remembered for a week."""
    events = {event.id: event.read() for event in reversed(form.events)}  # the first of an id
    new = SqlBossEvents(act.connection).add(events.values(), act.now)
    told = EventsTold(new=new, known=len(form.events) - new)
    act.note(result=f"{told.new} new, {told.known} known")
    return told
