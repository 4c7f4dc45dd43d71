"""Logging in through the operator's own provider of identities."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from gateway.api.act import Act
from gateway.api.guard import Needs, Routes, Runs
from gateway.api.models import Told
from gateway.api.problems import Problem
from gateway.api.routes.session import give_cookie, too_many
from gateway.operators.logins import LoginThrottled, WrongLogin
from gateway.operators.oidc.provider import ProviderAway
from gateway.operators.oidc.provider_logins import MINUTES, ProviderAnswer, ProviderLogins

routes = Routes("session")
COOKIE: Final = "hallgate_oidc"
_PATH: Final = "/api/v1/session/oidc"
_WRONG: Final = (
    "the provider's answer does not let you in: begin again at GET /api/v1/session/oidc. If it "
    "stays so, your number is not in the roster here, or is locked"
)
# The cookie of the session goes with requests of our own pages only, and whoever was sent here by
# the provider's page is none: so a page of ours goes on.
_ONWARDS: Final = """<!doctype html><html lang="zh"><meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=/"><title>10086</title><a href="/">→</a></html>"""
Written = Annotated[str, Query(max_length=2_000)]


class LoginWays(Told):
    """How people log in here."""

    password: bool = Field(description="whether everybody may with a password and a code")
    provider: str | None = Field(description="whose login GET /api/v1/session/oidc leads to")


@routes.get("/session/ways", Needs.NOTHING, Runs.ITSELF)
def login_ways(act: Act) -> LoginWays:
    """How people log in here."""
    provider = act.context.provider
    return LoginWays(password=provider is None, provider=provider.issuer if provider else None)


@routes.get(
    "/session/oidc", Needs.NOTHING, Runs.ITSELF, response_class=RedirectResponse,
    status_code=303, refusals=(404,),
)  # fmt: skip
def begin_login(act: Act) -> RedirectResponse:
    """Sends a browser to the provider."""
    try:
        begun = _provider(act).begin()
    except ProviderAway as away:
        raise _away(act, away) from None
    answer = RedirectResponse(begun.address, 303)
    answer.set_cookie(
        COOKIE, begun.cookie, max_age=MINUTES, path=_PATH, secure=True, httponly=True,
        samesite="lax",  # the way back is from the provider's page
    )  # fmt: skip
    return answer


@routes.get(
    "/session/oidc/callback", Needs.NOTHING, Runs.ITSELF, response_class=HTMLResponse,
    refusals=(401, 404),
)  # fmt: skip
def finish_login(
    act: Act, request: Request, state: Written = "", code: Written = "", error: Written = "",
    iss: Written = "",
) -> Response:  # fmt: skip
    """Where the provider sends a browser back to."""
    provider, cookie = _provider(act), request.cookies.get(COOKIE, "")
    try:
        who = provider.finish(ProviderAnswer(state, code, error, iss), cookie, act.address)
    except LoginThrottled as throttled:
        raise too_many(throttled) from None
    except WrongLogin as wrong:
        why = wrong.__cause__
        act.context.log.event("login refused", origin=act.address, why=str(why or "roster"))
        raise Problem(401, _WRONG) from None
    except ProviderAway as away:
        raise _away(act, away) from None
    act.context.log.event("login", operator=who.operator.number, origin=act.address)
    answer = HTMLResponse(_ONWARDS)
    answer.delete_cookie(COOKIE, path=_PATH, secure=True, httponly=True, samesite="lax")
    give_cookie(act, who, answer)
    return answer


def _provider(act: Act) -> ProviderLogins:
    if act.context.provider is None:
        raise Problem(404, "people log in with a password here: POST /api/v1/session")
    return act.context.provider


def _away(act: Act, away: ProviderAway) -> Problem:
    act.context.log.event("provider away", error=away)
    again = {"Retry-After": "5"}
    return Problem(503, "the provider does not answer at this moment", headers=again)
