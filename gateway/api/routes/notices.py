"""Notices and campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi import Path
from pydantic import AfterValidator, Field

from commands.parser.masking import masked_number
from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import (
    Asked,
    AskedMoment,
    Moment,
    Msisdn,
    Reason,
    SeenMark,
    Told,
    moment,
    printable,
)
from gateway.model.notices.notice import Notice, NoticeDraft, NoticeKind, NoticeState, NoticeTarget
from gateway.model.operators.rights import Right
from gateway.notices.campaigns import TRIAL, Campaigns, Preview
from gateway.store.notices.results import NoticeResults, Reaction

routes = Routes("notices")
_SHOWN: Final = 20  # numbers of a notice that are told, of however many
READ, CHANGE, APPROVE = (Right(verb, "notices") for verb in ("read", "change", "approve"))
Number = Annotated[int, Path(ge=1, le=2**53)]
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
Words = Annotated[str, Field(max_length=1_000), AfterValidator(printable)]
Code = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
Codes = Annotated[list[Code], Field(max_length=100)]
_Done = TypeVar("_Done")


class TargetAsked(Asked):
    """All conditions hold; of several values in one, any does. Without any: everybody."""

    brands: Codes = Field(default=[])
    plans: Codes = Field(default=[])
    classes: Codes = Field(default=[], description="red, black, vip")
    regions: Codes = Field(default=[])
    services: Codes = Field(default=[], description="has one of these")
    without: Codes = Field(default=[], description="has none of these")
    used: Annotated[str, Field(max_length=60)] = Field(
        default="", description="an item of this month's use, with at_least"
    )
    at_least: int = Field(default=0, ge=0, le=2**53)
    customer_list: Annotated[str, Field(pattern="^[0-9A-Za-z_-]{0,20}$")] = ""


class NewNotice(Asked):
    name: Name
    kind: NoticeKind = NoticeKind.ADVERTISING
    zh: Words
    en: Words = ""
    target: TargetAsked = TargetAsked()
    numbers: Annotated[list[Msisdn], Field(max_length=5_000)] = Field(default=[])
    control: int = Field(default=0, ge=0, le=50, description="percent who are not told")
    orders: Annotated[str, Field(max_length=60)] = Field(
        default="", description="the command that an order is; empty: any"
    )
    start: AskedMoment | None = None
    happens: AskedMoment | None = None
    ends: AskedMoment | None = Field(default=None, description="calls and screens say it till then")
    reason: Reason = ""


class NoticeAct(Asked):
    reason: Reason = ""


class NoticeApproval(NoticeAct):
    seen: SeenMark = Field(
        default="", description="`mark` of the notice that was read: another one is not approved"
    )


class NoticeChange(NewNotice):
    seen: SeenMark = Field(
        default="", description="`mark` of the notice that was changed: another one is not"
    )


class TrialAsked(NoticeAct):
    phones: Annotated[list[Msisdn], Field(min_length=1, max_length=TRIAL)]


class NoticeTold(Told):
    number: int
    name: str
    kind: NoticeKind
    state: NoticeState
    zh: str
    en: str
    target: dict[str, object]
    control: int
    orders: str
    start: Moment | None
    happens: Moment | None
    ends: Moment | None
    written_by: str
    approved_by: str
    started: Moment | None
    ended: Moment | None
    mark: str = Field(description="of what it says, to whom and when")


class WholeNoticeTold(NoticeTold):
    given: int = Field(description="numbers that were given with it, ours or not; 0: none were")
    numbers: list[str] = Field(description="the first of these, masked")


class NoticesTold(Told):
    notices: list[NoticeTold]


class SizeTold(Told):
    language: str
    alphabet: str
    units: int
    parts: int


class PreviewTold(Told):
    concerned: int
    told: int
    control: int
    left_out: dict[str, int] = Field(description="how many, by why")
    texts: list[SizeTold]
    cost_fen: int
    seconds: int = Field(description="that telling all takes at least, by one gateway")
    too_late: str = Field(description="why it could not be approved now; empty: it could")


class ReactionTold(Told):
    people: int
    answered: int
    ordered: int


class OrderedTold(Told):
    action: str = Field(description="the command that orders it")
    what: str = Field(description="the code of a service or a plan; empty: the command says all")
    told: int = Field(description="how many of those who were told")
    control: int = Field(description="how many of those who were not")


class ResultsTold(Told):
    drawn: int = Field(description="all of them: each of the others, without delivered and told")
    to_be_told: int = Field(description="whose message is not made yet")
    left_out: int
    waiting: int
    sent: int = Field(description="the SMSC took it")
    delivered: int = Field(description="of those, and the phone has it")
    failed: int
    unknown: int = Field(description="nobody knows whether it arrived; it is not said twice")
    dropped: int = Field(description="by a stop")
    told: ReactionTold
    control: ReactionTold
    orders: list[OrderedTold] = Field(description="the most ordered first")


class TrialTold(Told):
    told: int


@routes.get("/notices", READ)
def list_notices(act: Act) -> NoticesTold:
    """All of them, the newest first."""
    return NoticesTold(notices=[_told(notice) for notice in _campaigns(act).all()])


@routes.get("/notices/{number}", READ, refusals=(404,))
def show_notice(act: Act, number: Number) -> WholeNoticeTold:
    """With the numbers that were given: whoever approves it sees to whom."""
    campaigns = _campaigns(act)
    told = _told(campaigns.find(number)).model_dump()
    given, first = campaigns.given(number, _SHOWN)
    return WholeNoticeTold(**told, given=given, numbers=list(map(masked_number, first)))


@routes.get("/notices/{number}/preview", READ, refusals=(404, 409))
def preview_notice(act: Act, number: Number) -> PreviewTold:
    """How many it concerns, who is left out, what it costs: as if it began now."""
    return _seen(_campaigns(act).preview(number))


@routes.get("/notices/{number}/results", READ, refusals=(404,))
def notice_results(act: Act, number: Number) -> ResultsTold:
    """Who was reached, wrote and ordered, beside who was not told."""
    return _results(_campaigns(act).results(number))


@routes.post("/notices", CHANGE, status_code=201, refusals=(409,))
def add_notice(act: Act, form: NewNotice) -> NoticeTold:
    """A new draft: nobody is told before somebody else has approved it."""
    return _changed(act, lambda all: all.add(_draft(form), form.numbers, form.reason))


@routes.post("/notices/{number}/change", CHANGE, refusals=(404, 409))
def change_notice(act: Act, number: Number, form: NoticeChange) -> NoticeTold:
    """A draft as a whole. Numbers that were given stay if none are given and no list is named."""
    draft, numbers = _draft(form), form.numbers
    return _changed(act, lambda all: all.rewrite(number, draft, numbers, form.reason, form.seen))


@routes.post("/notices/{number}/trial", CHANGE, refusals=(404, 409))
def try_notice(act: Act, number: Number, form: TrialAsked) -> TrialTold:
    """To phones of colleagues, at once."""
    told = _campaigns(act).trial(number, form.phones, form.reason)
    act.noted += told
    return TrialTold(told=told)


@routes.post("/notices/{number}/approve", APPROVE, refusals=(404, 409))
def approve_notice(act: Act, number: Number, form: NoticeApproval) -> NoticeTold:
    """By somebody else than who wrote it last, as it was read (`seen`)."""
    return _changed(act, lambda all: all.approve(number, form.reason, form.seen))


@routes.post("/notices/{number}/pause", CHANGE, refusals=(404, 409))
def pause_notice(act: Act, number: Number, form: NoticeAct) -> NoticeTold:
    """Nobody more is told for now, within a second."""
    return _changed(act, lambda all: all.pause(number, form.reason))


@routes.post("/notices/{number}/resume", CHANGE, refusals=(404, 409))
def resume_notice(act: Act, number: Number, form: NoticeAct) -> NoticeTold:
    return _changed(act, lambda all: all.resume(number, form.reason))


@routes.post("/notices/{number}/stop", CHANGE, refusals=(404, 409))
def stop_notice(act: Act, number: Number, form: NoticeAct) -> NoticeTold:
    """For good, within a second."""
    return _changed(act, lambda all: all.stop(number, form.reason))


def _campaigns(act: Act) -> Campaigns:
    world = act.context.conf.notices()
    return Campaigns(act.connection, act.store.seal, world, act.actor, act.now)


def _changed(act: Act, change: Callable[[Campaigns], Notice]) -> NoticeTold:
    changed = change(_campaigns(act))
    act.noted += 1
    return _told(changed)


def _draft(form: NewNotice) -> NoticeDraft:
    asked = form.target
    target = NoticeTarget(
        tuple(asked.brands), tuple(asked.plans), tuple(asked.classes), tuple(asked.regions),
        tuple(asked.services), tuple(asked.without), asked.used, asked.at_least,
        asked.customer_list,
    )  # fmt: skip
    moments = [
        int(each.timestamp()) if each else 0 for each in (form.start, form.happens, form.ends)
    ]
    return NoticeDraft(
        form.name, form.kind, form.zh, form.en, target, form.control, form.orders, *moments
    )


def _told(notice: Notice) -> NoticeTold:
    draft = notice.draft
    return NoticeTold(
        number=notice.number,
        name=draft.name,
        kind=draft.kind,
        state=notice.state,
        zh=draft.zh,
        en=draft.en,
        target=draft.target.as_data(),
        control=draft.control,
        orders=draft.orders,
        start=_moment(draft.start_at),
        happens=_moment(draft.happens_at),
        ends=_moment(draft.ends_at),
        written_by=notice.written_by,
        approved_by=notice.approved_by,
        started=_moment(notice.started_at),
        ended=_moment(notice.ended_at),
        mark=notice.mark,
    )


def _moment(seconds: int) -> Moment | None:
    return moment(seconds) if seconds else None


def _seen(seen: Preview) -> PreviewTold:
    return PreviewTold(
        concerned=seen.drawn.concerned,
        told=seen.drawn.told,
        control=seen.drawn.control,
        left_out=dict(seen.drawn.left_out),
        texts=[
            SizeTold(language=s.language, alphabet=s.alphabet, units=s.units, parts=s.parts)
            for s in seen.sizes
        ],
        cost_fen=seen.cost_fen,
        seconds=seen.seconds,
        too_late=seen.too_late,
    )


def _results(found: NoticeResults) -> ResultsTold:
    return ResultsTold(
        drawn=found.drawn,
        to_be_told=found.to_be_told,
        left_out=found.left_out,
        waiting=found.waiting,
        sent=found.sent,
        delivered=found.delivered,
        failed=found.failed,
        unknown=found.unknown,
        dropped=found.dropped,
        told=_reaction(found.told),
        control=_reaction(found.control),
        orders=[
            OrderedTold(action=one.action, what=one.what, told=one.told, control=one.control)
            for one in found.orders
        ],
    )


def _reaction(found: Reaction) -> ReactionTold:
    return ReactionTold(people=found.people, answered=found.answered, ordered=found.ordered)
