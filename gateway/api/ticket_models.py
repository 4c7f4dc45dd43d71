"""What the routes of tickets take and give."""

from __future__ import annotations

from datetime import tzinfo
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, Field, SecretStr, model_validator

from commands.model.tickets import TicketState
from gateway.api.models import (
    Asked,
    AskedMoment,
    Moment,
    Msisdn,
    OperatorNumber,
    Reason,
    Switch,
    Told,
    moment,
    moment_or_none,
    printable,
)
from gateway.config.tickets.ticket_book import TicketBook
from gateway.model.ticket_record import TicketRecord, TicketStep
from gateway.tickets.views import detail_told, shown_phone

TicketNumber = Annotated[str, Path(pattern="^[0-9]{4,20}$")]
WrittenNumber = Annotated[str, Field(pattern="^[0-9]{4,20}$")]
KindCode = Annotated[str, Field(pattern="^[a-z][a-z_]{0,30}$")]
Words = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(printable)]
Filled = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(printable)]
Place = Annotated[str, Field(max_length=200), AfterValidator(printable)]
RegionName = Annotated[str, Field(max_length=60), AfterValidator(printable)]


class TicketSearch(Asked):
    state: TicketState | Literal["live", "all"] = Field(
        default="live", description="live: what is not done"
    )
    kind: KindCode | None = None
    category: KindCode | None = None
    region: RegionName = Field(default="", description="assigned to it, or at home there")
    holder: OperatorNumber | None = Field(default=None, description="工号 of who has it")
    held: Switch | None = Field(default=None, description="false: nobody has it")
    subscriber: Msisdn | None = None
    since: AskedMoment | None = None
    until: AskedMoment | None = Field(default=None, description="not at or after")
    late: Switch = False
    level: int = Field(default=0, strict=True, ge=0, le=9, description="escalated so far")
    after: WrittenNumber | None = Field(default=None, description="the last of the page before")
    limit: int = Field(default=100, strict=True, ge=1, le=500)


class TicketToOpen(Asked):
    kind: KindCode
    subscriber: Msisdn
    said: Words
    category: KindCode | None = None
    password: SecretStr | None = Field(
        default=None, max_length=20, description="the subscriber's, where the kind asks for it"
    )
    reason: Reason = ""


class TicketReason(Asked):
    reason: Reason = ""


class TicketWhy(Asked):
    reason: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(printable)]


class TicketAssignment(TicketReason):
    region: RegionName = Field(default="", description="default: where the number is at home")
    operator: OperatorNumber | None = None


class TicketAppointment(TicketReason):
    at: AskedMoment
    until: AskedMoment
    place: Place = ""


class TicketDone(TicketReason):
    """In words of one's own, or by a template with its blanks filled in."""

    result: Annotated[str, Field(max_length=1_000), AfterValidator(printable)] = Field(
        default="", description="what the subscriber is told"
    )
    template: KindCode | None = None
    values: dict[KindCode, Filled] = Field(default={}, max_length=20)

    @model_validator(mode="after")
    def _one_of_them(self) -> TicketDone:
        if bool(self.result) == bool(self.template):
            raise ValueError("say what was done: result, or template")
        if self.values and not self.template:
            raise ValueError("values belong to a template")
        return self


class TicketToJoin(TicketReason):
    other: WrittenNumber = Field(description="the ticket that stays")


class TicketNote(Asked):
    words: Words


class TicketShown(Told):
    """`subscriber` is masked, and `said`, `place` and `result` are null, but for who has the ticket
    and for who gave a reason."""

    number: str
    kind: str
    kind_name: str
    category: str
    state: str
    subscriber: str
    said: str | None
    result: str | None
    place: str | None
    region: str
    team: str
    holder: str
    opened_by: str
    opened_at: Moment
    due_at: Moment
    done_at: Moment | None
    late: bool
    level: int
    appointed_at: Moment | None
    appointed_until: Moment | None
    joined_to: str
    reopened: int
    score: int | None
    boss_state: str
    boss_reference: str


class StepShown(Told):
    at: Moment
    step: str
    who: str
    detail: str
    words: str | None


class TicketWithSteps(Told):
    ticket: TicketShown
    joined: list[str] = Field(description="numbers of those that end with it")
    history: list[StepShown]
    goes_back_at: Moment | None = Field(description="if who has it does nothing until then")


class TicketGivenBack(Told):
    number: str
    at: Moment


class TicketsGivenBack(Told):
    """The newest first."""

    tickets: list[TicketGivenBack]
    after_minutes: int = Field(description="in which nothing was done; 0: tickets do not go back")


class TicketsShown(Told):
    """By when they are due. `total` and `states` count all that fit, whatever the page holds."""

    tickets: list[TicketShown]
    total: int
    states: dict[str, int]
    next: str | None = Field(description="`after` of the next page")


class TracedStep(Told):
    at: Moment
    what: str
    channel: str
    action: str
    result: str
    words: str


class TracedSteps(Told):
    """The oldest first, masked."""

    steps: list[TracedStep]


class KindShown(Told):
    code: str
    name: str
    name_en: str
    due: str
    categories: dict[str, str]
    urgent: bool
    joins: bool
    password: bool
    hand_over: bool


class KindsShown(Told):
    kinds: list[KindShown]
    regions: list[str]


class TemplateShown(Told):
    code: str
    name: str
    name_en: str
    kinds: list[str] = Field(description="empty: for all")
    categories: list[str] = Field(description="empty: for all")
    blanks: list[str]
    blank_names: dict[str, str] = Field(description="what colleagues call them, in Chinese")
    blank_names_en: dict[str, str]
    zh: str
    en: str


class TemplatesShown(Told):
    templates: list[TemplateShown]


def shown(ticket: TicketRecord, book: TicketBook, now: int, *, full: bool) -> TicketShown:
    return TicketShown(
        number=ticket.number,
        kind=ticket.kind,
        kind_name=str(book.rules.kind(ticket.kind).name),
        category=ticket.category,
        state=ticket.state,
        subscriber=shown_phone(ticket, full=full),
        said=ticket.said if full else None,
        result=ticket.result if full else None,
        place=ticket.place if full else None,
        region=ticket.region,
        team=ticket.team,
        holder=ticket.holder,
        opened_by=ticket.opened_by,
        opened_at=moment(ticket.opened_at),
        due_at=moment(ticket.due_at),
        done_at=moment_or_none(ticket.done_at),
        late=ticket.late(now),
        level=ticket.level,
        appointed_at=moment_or_none(ticket.appointed_at),
        appointed_until=moment_or_none(ticket.appointed_until),
        joined_to=ticket.joined_to,
        reopened=ticket.reopened,
        score=ticket.score or None,
        boss_state=ticket.boss_state,
        boss_reference=ticket.boss_reference,
    )


def step_shown(step: TicketStep, zone: tzinfo, *, full: bool) -> StepShown:
    return StepShown(
        at=moment(step.at),
        step=step.step,
        who=step.who,
        detail=detail_told(step, zone),
        words=step.words if full else None,
    )
