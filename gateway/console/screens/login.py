"""Logging in and out, a password of one's own, the language."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from gateway.api.guard import Needs, Runs
from gateway.api.problems import Problem
from gateway.api.refusal_texts import refused_in
from gateway.api.routes import session
from gateway.console.frame import LANGUAGE_COOKIE, language_of
from gateway.console.pages import LANGUAGES, Done, Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_YEAR: Final = 365 * 24 * 3600
_TITLE: Final = Words("登录", "Log in")
_WRONG: Final = "operator, password or code is wrong, or the operator is locked"


@pages.get("/login", Needs.NOTHING, Runs.ITSELF)
def login_page(visit: Visit) -> Outcome:
    return _form(visit, "", visit.query("to"), 200)


@pages.post("/login", Needs.NOTHING, Runs.ITSELF)
def log_in(visit: Visit) -> Outcome:
    to = visit.field("to")
    went_on = Done(to=local(to))
    response: Response = RedirectResponse(went_on.to, 303)
    try:
        form = visit.form(session.LoginForm, "operator", "password", "code")
        session.log_in(visit.act, form, response)
    except ValidationError:
        return _form(visit, _WRONG, to, 401)
    except Problem as problem:
        return _form(visit, problem.detail, to, problem.status)
    return response


@pages.post("/logout", Needs.LOGIN, Runs.ITSELF)
def log_out(visit: Visit) -> Outcome:
    response = RedirectResponse("/login?told=logged_out", 303)
    session.log_out(visit.act, response)
    return response


@pages.get("/account", Needs.LOGIN)
def account_page(visit: Visit) -> Outcome:
    told = session.who_am_i(visit.act)
    return ShownPage("account.html", Words("我的账号", "My account"), {"me": told})


@pages.post("/account/password", Needs.LOGIN, Runs.ITSELF)
def change_password(visit: Visit) -> Outcome:
    if visit.field("new") != visit.field("again"):
        raise Problem(422, "the new passwords differ")
    session.change_password(visit.act, visit.form(session.PasswordForm, "old", "new"))
    return Done(to="/account", told="password")


@pages.get("/language/{code}", Needs.NOTHING, Runs.ITSELF)
def choose_language(visit: Visit) -> Outcome:
    response = RedirectResponse(local(visit.query("to")), 303)
    if visit.path("code") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, visit.path("code"), max_age=_YEAR, path="/", secure=True,
            httponly=True, samesite="strict",
        )  # fmt: skip
    return response


def local(path: str) -> str:
    """A page of ours, whatever is asked for: nobody is led elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and "\\" not in path else "/"


def _form(visit: Visit, wrong: str, to: str, status: int) -> ShownPage:
    words = refused_in(language_of(visit.request), status, wrong) if wrong else ""
    values = {"wrong": words, "to": local(to), "operator": visit.field("operator")[:32]}
    return ShownPage("login.html", _TITLE, values, status)
