"""Reminders: what was told, what waits, which rules hold; and trying one."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from commands.parser.masking import masked_number
from commands.reminders.model import ReminderKind, SentTo
from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import (
    Asked,
    AskedMoment,
    Moment,
    Msisdn,
    Reason,
    Switch,
    Told,
    moment,
)
from gateway.api.problems import Problem
from gateway.model.operators.rights import Right, may
from gateway.serving.jobs.reminder_trial import NoOccasion, send_trial, try_reminder
from gateway.serving.jobs.reminding import SOURCE
from gateway.store.reminders.boss_events import SqlBossEvents
from gateway.store.reminders.marks import SqlMarks
from gateway.store.reminders.told import KeptReminder, ReminderQuery, SqlReminders
from gateway.store.unasked import SqlUnasked

routes = Routes("reminders")
READ: Final = Right("read", "reminders")
CHANGE: Final = Right("change", "reminders")


class SearchForm(Asked):
    """Everything that is given has to fit."""

    number: Msisdn | None = None
    kind: ReminderKind | None = None
    since: AskedMoment | None = None
    until: AskedMoment | None = None
    before: Annotated[int, Field(strict=True, ge=1, lt=2**53)] | None = Field(
        None, description="`next` of the page before"
    )
    limit: Annotated[int, Field(strict=True, ge=1, le=500)] = 100
    reason: Reason = ""


class ReminderTold(Told):
    id: int
    number: str = Field(description="masked")
    kind: str
    source: str = Field(description="store: something changed here; boss: an event; try: a trial")
    result: str = Field(
        description="told; perhaps: nobody knows whether it arrived, and it is not told again; "
        "unsent; repeated: the number was told the like within a day"
    )
    at: Moment


class RemindersTold(Told):
    reminders: list[ReminderTold]
    next: int | None = Field(description="for the next page")


class WaitingTold(Told):
    changes: int = Field(description="changes in the store that nobody has looked at yet")
    later: int = Field(description="to be looked at later: at polite hours, or before an end")
    events: int = Field(description="events of the BOSS, not looked at yet or until polite hours")
    messages: int = Field(description="reminders that are to leave")


class RuleTold(Told):
    kind: ReminderKind
    to: SentTo
    urgent: bool
    below_fen: int
    shares: list[int]
    times: float
    at_least_fen: int
    days: int


class RulesTold(Told):
    workdays: str
    other_days: str
    rules: list[RuleTold]


class TryForm(Asked):
    number: Msisdn
    kind: ReminderKind
    send: Switch = Field(False, description="really; needs reminders.change")
    reason: Reason = ""


class TriedReminderTold(Told):
    number: str = Field(description="masked")
    kind: ReminderKind
    language: str
    text: str = Field(description="what is sent; without a reason its figures are examples")
    parts: int
    real: bool | None = Field(
        description="there is an occasion now; null without a reason (right subscribers.reveal)"
    )
    wanted: bool = Field(description="whether this subscriber gets such reminders")
    leaves_at: Moment = Field(description="not before")
    sent: bool


@routes.post("/reminders/search", READ, Runs.LOOKING, shows_subscriber=True)
def search(act: Act, form: SearchForm) -> RemindersTold:
    """What was reminded, the newest first."""
    query = ReminderQuery(
        form.number or "",
        form.kind.value if form.kind else "",
        int(form.since.timestamp()) if form.since else 0,
        int(form.until.timestamp()) if form.until else 0,
        form.before or 0,
        form.limit,
    )
    found = SqlReminders(act.connection).find(query)
    act.note(subscriber=form.number or "", reason=form.reason)
    more = found[-1].id if len(found) == form.limit else None
    return RemindersTold(reminders=[_told(one) for one in found], next=more)


@routes.get("/reminders/waiting", READ)
def waiting(act: Act) -> WaitingTold:
    """What has not left yet."""
    changes, later = SqlMarks(act.connection).waiting(act.now)
    return WaitingTold(
        changes=changes,
        later=later,
        events=SqlBossEvents(act.connection).waiting(),
        messages=SqlUnasked(act.connection, act.store.seal).waiting_of(SOURCE),
    )


@routes.get("/reminders/rules", READ)
def rules(act: Act) -> RulesTold:
    """conf/reminders.yaml, as it is in force."""
    read = act.context.conf.hall().reminders
    return RulesTold(
        workdays=str(read.hours.workdays),
        other_days=str(read.hours.other_days),
        rules=[
            RuleTold(
                kind=kind,
                to=rule.to,
                urgent=rule.urgent,
                below_fen=rule.below_fen,
                shares=list(rule.shares),
                times=rule.times,
                at_least_fen=rule.at_least_fen,
                days=rule.days,
            )
            for kind in ReminderKind
            for rule in [read.of(kind)]
        ],
    )


@routes.post("/reminders/try", READ, shows_subscriber=True, refusals=(404, 409))
def attempt(act: Act, form: TryForm) -> TriedReminderTold:
    """What a subscriber would read. With `send` it is sent, if there is an occasion, once a day.
    The subscriber's own figures are shown for a reason, to who may reveal them."""
    if form.send:
        act.must(CHANGE)
    trial = try_reminder(act.connection, act.context.conf.hall(), form.number, form.kind, act.now)
    if trial is None:
        raise Problem(404, "that number is nobody's here", about=form.number)
    try:
        sent = form.send and send_trial(act.connection, act.store, trial, act.now)
    except NoOccasion as none:
        raise Problem(409, str(none), about=form.number) from None
    role = act.operator.role
    shows = bool(form.reason) and may(act.context.conf.roles(), role, REVEAL)
    if shows:
        act.must_reveal(form.number)
    action = str(CHANGE if form.send else REVEAL if shows else READ)
    act.note(action=action, subscriber=form.number, reason=form.reason)
    return TriedReminderTold(
        number=masked_number(trial.msisdn),
        kind=trial.kind,
        language=trial.tongue,
        text=trial.words if shows else trial.example,
        parts=trial.parts,
        real=trial.real if shows else None,
        wanted=trial.wanted,
        leaves_at=moment(trial.polite_at),
        sent=sent,
    )


def _told(one: KeptReminder) -> ReminderTold:
    return ReminderTold(
        id=one.id,
        number=masked_number(one.msisdn),
        kind=one.kind,
        source=one.source,
        result=one.result,
        at=moment(one.told_at),
    )
