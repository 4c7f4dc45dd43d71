"""The register of other interfaces: halls, agents, banks, partners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Path
from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import Asked, Moment, Reason, Told, moment, printable
from gateway.model.doors import NUMBER, PER_MINUTE, DoorInterface
from gateway.model.operators.rights import Right
from gateway.operators.interfaces import InterfaceRegister, new_key

routes = Routes("interfaces")
READ = Right("read", "interfaces")
CHANGE, STOP = Right("change", "interfaces"), Right("stop", "interfaces")
Number = Annotated[str, Path(pattern=NUMBER, description="接口编号")]
Line = Annotated[str, Field(max_length=60), AfterValidator(printable)]
Listed = Annotated[list[Line], Field(max_length=500)]
KeyId = Annotated[str, Path(pattern="^[0-9a-f]{12}$")]
Kind = Literal["hall", "agent", "bank", "web", "app", "group", "call_centre", "partner"]
Result = TypeVar("Result")


class KeyTold(Told):
    id: str
    made_at: Moment
    opens: bool


class InterfaceTold(Told):
    number: str
    kind: str
    name: str
    name_en: str
    region: str
    hours: str = Field(description="empty: always")
    operations: list[str] = Field(description="empty: all that its kind may do")
    operators: list[str] = Field(description="工号 of who acts there; empty: nobody does")
    group: str
    certificate: str
    per_minute: int
    state: str = Field(description="open, stopped, closed")
    became: str = Field(description="the number that it has now")
    created_at: Moment
    changed_at: Moment
    keys: list[KeyTold]


class InterfacesTold(Told):
    interfaces: list[InterfaceTold]


class NewKeyTold(Told):
    id: str
    key: str = Field(description="shown once; sent as X-Interface-Key")


class InterfaceAct(Asked):
    reason: Reason = ""


class NewNumber(InterfaceAct):
    number: Annotated[str, Field(pattern=NUMBER)]


class InterfaceChange(InterfaceAct):
    """What is left out stays as it is."""

    name: Line | None = None
    name_en: Line | None = None
    region: Line | None = None
    hours: Line | None = None
    operations: Listed | None = None
    operators: Listed | None = None
    group: Line | None = None
    certificate: Annotated[str, Field(max_length=64)] | None = None
    per_minute: Annotated[int, Field(strict=True, ge=1, le=6000)] | None = None


class NewInterface(InterfaceChange):
    number: Annotated[str, Field(pattern=NUMBER)]
    kind: Kind
    name: Line


@routes.get("/interfaces", READ)
def list_interfaces(act: Act) -> InterfacesTold:
    """All of them, the closed ones as well."""
    register = _register(act)
    return InterfacesTold(interfaces=[_told(register, each) for each in register.all()])


@routes.get("/interfaces/{number}", READ, refusals=(404,))
def show_interface(act: Act, number: Number) -> InterfaceTold:
    register = _register(act)
    return _told(register, register.find(number))


@routes.post("/interfaces", CHANGE, status_code=201, refusals=(409,))
def add_interface(act: Act, form: NewInterface) -> InterfaceTold:
    """A new one. It opens nothing before it has a key or a certificate."""
    made = DoorInterface(form.number, form.kind, form.name)
    values = {"per_minute": PER_MINUTE} | _values(form)
    register = _register(act)
    added = register.add(_with(made, values), form.reason)
    return _noted(act, register, added)


@routes.post("/interfaces/{number}/change", CHANGE, refusals=(404, 409))
def change_interface(act: Act, number: Number, form: InterfaceChange) -> InterfaceTold:
    """Holds from its next request."""
    return _changed(act, lambda kept: kept.change(number, form.reason, **_values(form)))


@routes.post("/interfaces/{number}/stop", STOP, refusals=(404, 409))
def stop_interface(act: Act, number: Number, form: InterfaceAct) -> InterfaceTold:
    """The brake: at once, nothing is taken from it any more."""
    return _changed(act, lambda kept: kept.stop(number, form.reason))


@routes.post("/interfaces/{number}/open", CHANGE, refusals=(404, 409))
def open_interface(act: Act, number: Number, form: InterfaceAct) -> InterfaceTold:
    return _changed(act, lambda kept: kept.open(number, form.reason))


@routes.post("/interfaces/{number}/close", CHANGE, refusals=(404, 409))
def close_interface(act: Act, number: Number, form: InterfaceAct) -> InterfaceTold:
    """For good; its keys end."""
    return _changed(act, lambda kept: kept.close(number, form.reason))


@routes.post("/interfaces/{number}/renumber", CHANGE, refusals=(404, 409))
def renumber_interface(act: Act, number: Number, form: NewNumber) -> InterfaceTold:
    """Another number with the same keys; the old one stays, closed."""
    return _changed(act, lambda kept: kept.renumber(number, form.number, form.reason))


@routes.post(
    "/interfaces/{number}/keys", CHANGE, status_code=201, shows_subscriber=True,
    refusals=(404, 409),
)  # fmt: skip
def add_key(act: Act, number: Number, form: InterfaceAct) -> NewKeyTold:
    """A new key beside the one that it has. It is shown once, and not again for the same key."""
    made = new_key()
    _register(act).add_key(number, made, form.reason)
    act.noted += 1
    return NewKeyTold(id=made.id, key=made.told)


@routes.post("/interfaces/{number}/keys/{key}/end", CHANGE, refusals=(404, 409))
def end_key(act: Act, number: Number, key: KeyId, form: InterfaceAct) -> InterfaceTold:
    """It opens nothing from now on."""
    register = _register(act)
    register.end_key(number, key, form.reason)
    return _noted(act, register, register.find(number))


def _register(act: Act) -> InterfaceRegister:
    names = act.context.conf.hall_names()
    return InterfaceRegister(act.connection, act.store.seal, names, act.actor, act.now)


def _values(form: InterfaceChange) -> dict[str, Any]:
    given = form.model_dump(exclude_none=True, exclude={"reason", "number", "kind"})
    for name in ("operations", "operators"):
        if name in given:
            given[name] = frozenset(given[name])
    return given


def _with(made: DoorInterface, values: dict[str, Any]) -> DoorInterface:
    return replace(made, **values)


def _changed(act: Act, change: Callable[[InterfaceRegister], DoorInterface]) -> InterfaceTold:
    register = _register(act)
    return _noted(act, register, change(register))


def _noted(act: Act, register: InterfaceRegister, made: DoorInterface) -> InterfaceTold:
    act.noted += 1
    return _told(register, made)


def _told(register: InterfaceRegister, made: DoorInterface) -> InterfaceTold:
    return InterfaceTold(
        number=made.number,
        kind=made.kind,
        name=made.name,
        name_en=made.name_en,
        region=made.region,
        hours=made.hours,
        operations=sorted(made.operations),
        operators=sorted(made.operators),
        group=made.group,
        certificate=made.certificate,
        per_minute=made.per_minute,
        state=made.state.value,
        became=made.became,
        created_at=moment(made.created_at),
        changed_at=moment(made.changed_at),
        keys=[
            KeyTold(id=key.id, made_at=moment(key.made_at), opens=not key.ended_at)
            for key in register.keys(made.number)
        ],
    )
