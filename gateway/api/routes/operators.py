"""Operators and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import (
    Asked,
    Moment,
    OperatorNumber,
    Reason,
    Switch,
    Told,
    moment,
    printable,
)
from gateway.api.problems import Problem
from gateway.model.operators.operators import Operator
from gateway.model.operators.rights import Right
from gateway.operators.roster import (
    NewSecrets,
    Roster,
    new_secrets,
)
from gateway.security import totp

routes = Routes("operators")
READ, CHANGE = Right("read", "operators"), Right("change", "operators")
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
RoleCode = Annotated[str, Field(pattern="^[a-z][a-z_]{1,31}$")]
Issued = Annotated[NewSecrets, Depends(new_secrets)]
"""Made before the transaction begins: it takes a quarter of a second."""


class OperatorTold(Told):
    number: str
    name: str
    role: str
    organisation: str
    state: str
    password_initial: bool
    created_at: Moment
    changed_at: Moment


class OperatorsTold(Told):
    operators: list[OperatorTold]


class SecretsTold(Told):
    """What the operator needs to log in. It is not shown again."""

    operator: OperatorTold
    password: str | None
    totp: str | None = Field(description="base32")
    app: str | None = Field(description="otpauth://, for the picture that an app reads")


class NewOperator(Asked):
    number: OperatorNumber
    name: Name
    role: RoleCode
    organisation: Annotated[str, Field(max_length=100), AfterValidator(printable)] = ""
    reason: Reason = ""


class WithReason(Asked):
    reason: Reason = ""


class NewRole(WithReason):
    role: RoleCode


class WhatToReset(WithReason):
    password: Switch = True
    totp: Switch = True


class RoleTold(Told):
    code: str
    name: str
    name_en: str
    rights: list[str]


class RolesTold(Told):
    roles: list[RoleTold]


@routes.get("/operators", READ)
def list_operators(act: Act) -> OperatorsTold:
    """Everybody, by number."""
    return OperatorsTold(operators=[_told(operator) for operator in _roster(act).all()])


@routes.get("/operators/{number}", READ, refusals=(404,))
def show_operator(act: Act, number: OperatorNumber) -> OperatorTold:
    return _told(_roster(act).find(number))


@routes.post("/operators", CHANGE, status_code=201, refusals=(409,))
def add_operator(act: Act, form: NewOperator, issued: Issued) -> SecretsTold:
    """A new operator. The answer holds the first password and the TOTP secret."""
    made = _roster(act).add(
        form.number, form.name, form.role, form.organisation, issued.kept, form.reason
    )
    act.noted += 1
    return _secrets(made, issued, password=True, totp_secret=True)


@routes.post("/operators/{number}/lock", CHANGE, refusals=(404, 409))
def lock_operator(act: Act, number: OperatorNumber, form: WithReason) -> OperatorTold:
    """Sessions end at once."""
    return _changed(act, lambda roster: roster.lock(number, form.reason))


@routes.post("/operators/{number}/unlock", CHANGE, refusals=(404, 409))
def unlock_operator(act: Act, number: OperatorNumber, form: WithReason) -> OperatorTold:
    return _changed(act, lambda roster: roster.unlock(number, form.reason))


@routes.post("/operators/{number}/logout", CHANGE, refusals=(404, 409))
def log_operator_out(act: Act, number: OperatorNumber, form: WithReason) -> OperatorTold:
    """Sessions end at once, as of a machine that was lost; who knows the secrets logs in again."""
    return _changed(act, lambda roster: roster.log_out(number, form.reason))


@routes.post("/operators/{number}/role", CHANGE, refusals=(404, 409))
def give_role(act: Act, number: OperatorNumber, form: NewRole) -> OperatorTold:
    """Holds from the operator's next request."""
    return _changed(act, lambda roster: roster.give_role(number, form.role, form.reason))


@routes.post("/operators/{number}/reset", CHANGE, refusals=(404, 409))
def reset_operator(
    act: Act, number: OperatorNumber, form: WhatToReset, issued: Issued
) -> SecretsTold:
    """A new password, a new TOTP secret, or both. Sessions end at once."""
    if not (form.password or form.totp):
        raise Problem(409, "nothing is to be reset")
    made = _roster(act).reset(
        number,
        password_hash=issued.kept.password_hash if form.password else "",
        totp=issued.totp if form.totp else "",
        reason=form.reason,
    )
    act.noted += 1
    return _secrets(made, issued, password=form.password, totp_secret=form.totp)


@routes.get("/roles", READ)
def list_roles(act: Act) -> RolesTold:
    """As conf/roles.yaml has them."""
    return RolesTold(
        roles=[
            RoleTold(
                code=role.code,
                name=str(role.name),
                name_en=role.name.en,
                rights=sorted(map(str, role.rights)),
            )
            for role in act.context.conf.roles().values()
        ]
    )


def _roster(act: Act) -> Roster:
    return Roster(act.connection, act.store.seal, act.context.conf.roles(), act.actor, act.now)


def _changed(act: Act, change: Callable[[Roster], Operator]) -> OperatorTold:
    changed = change(_roster(act))
    act.noted += 1
    return _told(changed)


def _told(operator: Operator) -> OperatorTold:
    return OperatorTold(
        number=operator.number,
        name=operator.name,
        role=operator.role,
        organisation=operator.organisation,
        state=operator.state.value,
        password_initial=operator.password_initial,
        created_at=moment(operator.created_at),
        changed_at=moment(operator.changed_at),
    )


def _secrets(
    operator: Operator, issued: NewSecrets, *, password: bool, totp_secret: bool
) -> SecretsTold:
    app = totp.address(issued.totp, operator.number) if totp_secret else None
    return SecretsTold(
        operator=_told(operator),
        password=issued.password if password else None,
        totp=issued.totp if totp_secret else None,
        app=app,
    )
