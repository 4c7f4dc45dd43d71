"""The door for other interfaces: a command of the hall, asked for by a program."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Path
from pydantic import AfterValidator, Field, model_validator

from commands.dispatch.command_table import READING
from commands.model.interfaces import DoorProof
from gateway.api.act import Act
from gateway.api.guard import Needs, Routes, Runs
from gateway.api.models import (
    Asked,
    Moment,
    Msisdn,
    Switch,
    Told,
    moment_or_none,
    printable,
)
from gateway.api.problems import Problem
from gateway.config.checked_yaml import BadFile
from gateway.model.doors import DoorAnswer, DoorInput, DoorRefusal, DoorRequest, DoorWord
from gateway.model.operators.rights import Right
from gateway.serving.desk import Unavailable
from gateway.store.doors.requests import SqlDoorRequests

routes = Routes("requests")
READ, CHANGE = Right("read", "subscribers"), Right("change", "subscribers")
Typed = Annotated[str, Field(max_length=20), AfterValidator(printable)]
Value = Annotated[str, Field(max_length=300), AfterValidator(printable)]
ParameterName = Annotated[str, Field(pattern="^[a-z_]{1,20}$")]
_HIGHEST: Final = 2**63 - 1  # that the store can be asked for


def _possible(id: str) -> str:
    if int(id) > _HIGHEST:
        raise ValueError("no request has such a number")
    return id


RequestId = Annotated[str, Path(pattern="^[0-9]{1,19}$"), AfterValidator(_possible)]


class CommandForm(Asked):
    """What the subscriber wants, and how he proves that he does."""

    number: Msisdn
    action: Annotated[str, Field(pattern=r"^[a-z]{1,12}(\.[a-z_]{1,20}){1,2}$")]
    parameters: dict[ParameterName, Value] = Field(default_factory=dict, max_length=8)
    password: Typed = Field(default="", description="his service password, typed there")
    code: Typed = Field(default="", description="the random code that was sent to his phone")
    send_code: Switch = Field(default=False, description="send him a code for exactly this")
    confirm: Literal["here", "sms"] = Field(
        default="here", description="sms: he is asked on his phone, and his own 是 does it"
    )
    agreed: Switch = Field(
        default=False, description="he has seen the terms there and wants it; else they are told"
    )

    @model_validator(mode="after")
    def _one_way(self) -> CommandForm:
        if self.confirm == "sms" and (self.agreed or self.send_code):
            raise ValueError("confirm: sms asks him on his phone; leave out agreed and send_code")
        if self.send_code and (self.code or self.agreed):
            raise ValueError("send_code comes before code and agreed")
        return self

    @property
    def proof(self) -> DoorProof:
        if self.send_code:
            return DoorProof.CODE
        return DoorProof.PHONE if self.confirm == "sms" else DoorProof.GIVEN

    @property
    def typed(self) -> dict[str, str]:
        given = {"password": self.password, "code": self.code}
        return {name: value for name, value in given.items() if value}


class WordForm(Asked):
    yes: Switch


class ReplyTold(Told):
    text: str = Field(description="the id of the text in conf/replies")
    facts: dict[str, Any] = Field(description="fen and seconds since 1970 as numbers; secrets null")


class RequestTold(Told):
    id: str = Field(description="GET /api/v1/requests/{id} tells what became of it")
    action: str
    state: str = Field(
        description="done, refused, needs_proof, proposed, waiting_for_subscriber, accepted, "
        "declined, expired, limited"
    )
    code: str = Field(description="the result: the id of the first text")
    words: str = Field(description="for the subscriber")
    replies: list[ReplyTold]
    needs: str = Field(description="password, code, or the parameter that is missing")
    until: Moment | None = Field(description="how long it waits")
    replayed: bool = Field(description="it had been answered before: nothing was done now")


@routes.post("/requests", Needs.INTERFACE, Runs.ITSELF, refusals=(401, 403, 409))
def ask(act: Act, form: CommandForm) -> RequestTold:
    """A command for a subscriber. It takes an Idempotency-Key, and is done once for each."""
    if not act.key:
        raise Problem(400, "send an Idempotency-Key: the same key is served once")
    _may(act, form.action)
    number, seal = act.door.number, act.store.seal
    operator = act.who.operator.number if act.who else ""
    request = DoorRequest(
        DoorInput(act.context.doors.next_id(), number, form.number),
        operator,
        form.action,
        form.parameters,
        form.typed,
        form.proof,
        form.agreed,
        seal.mark("door key", number, act.key),
        seal.mark("door request", operator, form.model_dump_json()),
        act.actor,
    )
    return _told(_served(act, request))


@routes.post("/requests/{id}/answer", Needs.INTERFACE, Runs.ITSELF, refusals=(401, 403, 404, 409))
def answer(act: Act, id: RequestId, form: WordForm) -> RequestTold:
    """The subscriber's word, given there, to what was proposed there. Only the first counts."""
    with act.store.reading() as connection:
        requests = SqlDoorRequests(connection, act.store.seal)
        kept = requests.find(act.door.number, int(id), act.now)
    if kept is None:
        raise Problem(404, "there is no such request of yours")
    _may(act, kept.action)
    operator = act.who.operator.number if act.who else ""
    message = DoorInput(act.context.doors.next_id(), act.door.number, kept.subject)
    return _told(_served(act, DoorWord(message, int(id), form.yes, act.actor, operator)))


@routes.get("/requests/{id}", Needs.INTERFACE, Runs.WRITING, refusals=(401, 403, 404))
def show(act: Act, id: RequestId) -> RequestTold:
    """What became of one's own request. Its words are kept for minutes or a day."""
    requests = SqlDoorRequests(act.connection, act.store.seal)
    kept = requests.find(act.door.number, int(id), act.now)
    if kept is None:
        raise Problem(404, "there is no such request of yours")
    _may(act, kept.action)
    act.note(
        action="requests.show",
        subscriber=kept.subject,
        reason=f"interface {act.door.number}, request {id}",
    )
    return _told(kept.answer)


def _may(act: Act, action: str) -> None:
    """Where people act, the operator's role must allow it. Raises Problem."""
    if act.who is not None:
        act.must(READ if action in READING else CHANGE)


def _served(act: Act, work: DoorRequest | DoorWord) -> DoorAnswer:
    try:
        return act.context.doors.serve(work)
    except DoorRefusal as refusal:
        field = f"{refusal.field}: " if refusal.field else ""
        act.note_refused(refusal.detail, work.message.phone)
        raise Problem(refusal.status, field + refusal.detail) from None
    except (Unavailable, BadFile) as error:
        act.context.log.event("request failed", method="POST", error=error)
        again = {"Retry-After": "5"}
        raise Problem(503, "nothing can be done at this moment", headers=again) from None


def _told(found: DoorAnswer) -> RequestTold:
    return RequestTold(
        id=str(found.id),  # more than a JavaScript number holds
        action=found.action,
        state=found.state,
        code=found.code,
        words=found.words,
        replies=[ReplyTold(text=each["text"], facts=each["facts"]) for each in found.replies],
        needs=found.needs,
        until=moment_or_none(found.until),
        replayed=found.replayed,
    )
