"""Logging in and out, who am I, a password of one's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import Field

from gateway.api.act import Act
from gateway.api.guard import COOKIE, Needs, Routes, Runs, csrf_token
from gateway.api.models import Asked, Moment, OperatorNumber, Switch, Told, moment
from gateway.api.problems import Problem
from gateway.operators.logins import LoginThrottled, OpenLogin, WeakPassword, WrongLogin

routes = Routes("session")
_WRONG = "operator, password or code is wrong, or the operator is locked"
_ELSEWHERE = "; most people log in through the provider here: GET /api/v1/session/oidc"
Typed = Annotated[str, Field(min_length=1, max_length=200)]


class LoginForm(Asked):
    operator: OperatorNumber
    password: Typed
    code: Annotated[str, Field(pattern="^[0-9]{6}$", description="of the authenticator app (TOTP)")]
    bearer: Switch = Field(
        default=False,
        description="for programs: the session's token in the answer instead of a cookie; "
        "send it as Authorization: Bearer",
    )


class PasswordForm(Asked):
    old: Typed
    new: Typed


class SessionTold(Told):
    """Who is logged in, and what they may do."""

    operator: str
    name: str
    role: str
    organisation: str
    rights: list[str]
    password_initial: bool = Field(description="somebody else has chosen the password: change it")
    until: Moment
    csrf: str = Field(description="to be sent as X-CSRF-Token with everything but GET")
    token: str | None = Field(default=None, description="if bearer was asked for; shown once")


@routes.post("/session", Needs.NOTHING, Runs.ITSELF, refusals=(401, 403), status_code=201)
def log_in(act: Act, form: LoginForm, response: Response) -> SessionTold:
    """Log in. Wrong ones are counted by name and by address."""
    try:
        who = act.context.logins.log_in(form.operator, form.password, form.code, act.address)
    except LoginThrottled as throttled:
        raise too_many(throttled) from None
    except WrongLogin:
        act.context.log.event("login refused", origin=act.address)
        provider = act.context.provider
        raise Problem(401, _WRONG + (_ELSEWHERE if provider else "")) from None
    act.context.log.event("login", operator=who.operator.number, origin=act.address)
    if form.bearer:
        return _told(act, who, token=who.id)
    give_cookie(act, who, response)
    return _told(act, who)


@routes.get("/session", Needs.LOGIN)
def who_am_i(act: Act) -> SessionTold:
    """Who am I."""
    assert act.who is not None
    return _told(act, act.who)


@routes.delete("/session", Needs.LOGIN, Runs.ITSELF, status_code=204)
def log_out(act: Act, response: Response) -> None:
    """Log out: the session ends everywhere."""
    assert act.who is not None
    act.context.logins.log_out(act.who, act.address)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")


@routes.post(
    "/session/password", Needs.LOGIN, Runs.ITSELF, status_code=204, refusals=(409,)
)  # fmt: skip
def change_password(act: Act, form: PasswordForm) -> None:
    """Choose one's own password. One's other sessions end."""
    assert act.who is not None
    try:
        act.context.logins.new_password(act.who, form.old, form.new, act.address)
    except LoginThrottled as throttled:
        raise too_many(throttled) from None
    except WrongLogin:
        raise Problem(403, "the old password is wrong") from None
    except WeakPassword as weak:
        raise Problem(409, str(weak)) from None


def give_cookie(act: Act, who: OpenLogin, response: Response) -> None:
    """To a browser: the session that it has from now on."""
    response.set_cookie(
        COOKIE, who.id, secure=True, httponly=True, samesite="strict", path="/",
        max_age=act.context.settings.console.session,
    )  # fmt: skip


def too_many(throttled: LoginThrottled) -> Problem:
    return Problem(429, str(throttled), headers={"Retry-After": str(throttled.seconds)})


def _told(act: Act, who: OpenLogin, token: str | None = None) -> SessionTold:
    operator = who.operator
    role = act.context.conf.roles().get(operator.role)
    return SessionTold(
        operator=operator.number,
        name=operator.name,
        role=operator.role,
        organisation=operator.organisation,
        rights=sorted(map(str, role.rights)) if role else [],
        password_initial=operator.password_initial,
        until=moment(who.session.until_at),
        csrf=csrf_token(act.context, who.id),
        token=token,
    )
