"""The only way to add a route: with the right that it needs, and with everything that goes with it.

Who asks is known before the route runs, and may do it; what comes from a browser was sent by our
own pages; what it writes, and its audit row, are one transaction; and a request with an idempotency
key has its effect once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from hmac import compare_digest
from typing import Annotated, Any, Final, get_type_hints

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel

from gateway.api.act import Act
from gateway.api.context import ConsoleContext, address_of, context_of
from gateway.api.knocking import knocked
from gateway.api.problems import KeptRefusal, Problem, described, problem_of
from gateway.model.operators.refusals import ActRefusal
from gateway.model.operators.rights import OBJECTS, Right, may
from gateway.operators.logins import OpenLogin
from gateway.store.connection import RowExists
from gateway.store.operators.answers import KeptAnswer, SqlAnswers
from gateway.store.operators.audit import SqlAudit

COOKIE: Final = "hallgate_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
_ANSWER_KEPT: Final = 24 * 3600  # seconds for which a key is remembered
_KEY = r"^[!-~]{1,200}$"
Endpoint = Callable[..., Any]


class Needs(Enum):
    """Instead of a right."""

    NOTHING = "nothing"  # before a login
    LOGIN = "login"  # what concerns only oneself
    INTERFACE = "interface"  # another interface, by its key or certificate


class Runs(Enum):
    """How a route touches the store."""

    READING = "reading"
    LOOKING = "looking"  # it reads, and its audit rows are kept before the answer leaves
    WRITING = "writing"  # one transaction, with an audit row
    ITSELF = "itself"  # it opens its own transactions, and writes its own audit rows


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """What was declared for a route; `console_app` refuses one that has none of this."""

    needs: Right | Needs
    runs: Runs
    once: bool = False  # takes an idempotency key


class Routes:
    """The routes of one subject, under /api/v1."""

    def __init__(self, subject: str) -> None:
        self.router = APIRouter(prefix="/api/v1", tags=[subject])

    def get(
        self, path: str, needs: Right | Needs, runs: Runs = Runs.READING, **more: Any
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("GET", path, GuardedRoute(needs, runs), more)

    def post(
        self, path: str, needs: Right | Needs, runs: Runs = Runs.WRITING, *,
        shows_subscriber: bool = False, **more: Any,
    ) -> Callable[[Endpoint], Endpoint]:  # fmt: skip
        """`shows_subscriber`: its answer is not kept, whatever key is given: an answer of minutes
        ago would show what may be shown no longer."""
        once = runs is Runs.WRITING and not shows_subscriber
        return self._add("POST", path, GuardedRoute(needs, runs, once), more)

    def delete(
        self, path: str, needs: Right | Needs, runs: Runs = Runs.WRITING, **more: Any
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("DELETE", path, GuardedRoute(needs, runs), more)

    def _add(
        self, method: str, path: str, route: GuardedRoute, more: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        if isinstance(route.needs, Right) and route.needs.verb not in OBJECTS[route.needs.object]:
            raise ValueError(f"{path}: there is no right {route.needs}")
        answers = described(400, 413, 422, 429, 500, 503)
        if route.needs is not Needs.NOTHING:
            answers |= described(401, 403)
        content = more.pop("content", None)
        if content is not None:  # what a route answers that is no JSON
            answers[200] = {"description": "Successful Response", "content": content}
        more["responses"] = answers | described(*more.pop("refusals", ()))
        extra = {"x-needs": _name(route.needs)} | _security(method, route)
        more["openapi_extra"] = more.get("openapi_extra", {}) | extra

        def add(endpoint: Endpoint) -> Endpoint:
            served = _guarded(endpoint, route, more.get("status_code", 200))
            self.router.add_api_route(path, served, methods=[method], **more)
            return endpoint

        return add


def declared(endpoint: Endpoint) -> GuardedRoute | None:
    """What a route was added with; None: past this module."""
    found = getattr(endpoint, "guarded", None)
    return found if isinstance(found, GuardedRoute) else None


def csrf_token(context: ConsoleContext, session: str) -> str:
    return context.store.seal.mark("csrf", session)


def _guarded(endpoint: Endpoint, route: GuardedRoute, status: int) -> Endpoint:
    """The endpoint, whose parameter `act` the guard fills in."""
    hints = get_type_hints(endpoint, include_extras=True)
    guard = _guard(route)
    parameters = [
        parameter.replace(
            annotation=Annotated[Act, Depends(guard)] if name == "act" else hints[name]
        )
        for name, parameter in inspect.signature(endpoint).parameters.items()
    ]

    @wraps(endpoint)
    def served(**values: Any) -> Any:
        return _run(endpoint, values, route, status)

    told = hints["return"] if hints["return"] is not type(None) else None
    signature = inspect.Signature(parameters, return_annotation=told)
    served.__signature__ = signature  # type: ignore[attr-defined]  # FastAPI reads it
    served.guarded = route  # type: ignore[attr-defined]
    return served


def _guard(route: GuardedRoute) -> Callable[..., Act]:
    needs = route.needs

    if needs is Needs.INTERFACE:

        def knocking(
            request: Request,
            idempotency_key: Annotated[str, Header(pattern=_KEY, max_length=200)] = "",
        ) -> Act:
            act = knocked(request, lambda: _who(request, context_of(request)))
            act.key = idempotency_key if route.runs is Runs.ITSELF else ""
            return act

        return knocking

    if needs is Needs.NOTHING:

        def unguarded(request: Request) -> Act:
            return Act(context_of(request), address_of(request), "")

        return unguarded

    if not route.once:

        def looking(request: Request) -> Act:
            return admitted(request, needs)

        return looking

    def acting(
        request: Request,
        idempotency_key: Annotated[str, Header(pattern=_KEY, max_length=200)] = "",
    ) -> Act:
        act = admitted(request, needs)
        act.key = idempotency_key
        return act

    return acting


def admitted(request: Request, needs: Right | Needs, csrf: str | None = None) -> Act:
    """Who is logged in and may. `csrf`: the token of a page's form; None: the header has it. Raises
    Problem."""
    context = context_of(request)
    who = _who(request, context, csrf)
    if wait := context.rate.wait(f"operator {who.operator.number}"):
        raise Problem(429, "too many requests", headers={"Retry-After": str(int(wait) + 1)})
    act = Act(context, address_of(request), _name(needs), who)
    if isinstance(needs, Right) and not may(context.conf.roles(), who.operator.role, needs):
        act.note_refused("no such right")
        raise Problem(403, f"your role has not the right {needs}")
    return act


def _who(request: Request, context: ConsoleContext, csrf: str | None = None) -> OpenLogin:
    """By a bearer token, which no browser sends by itself, or by the cookie, which it does."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    cookie = "" if scheme else request.cookies.get(COOKIE, "")
    id = token.strip() if scheme.lower() == "bearer" else cookie
    who = context.logins.who(id) if id else None
    if who is None:
        raise Problem(
            401, "log in first: POST /api/v1/session", headers={"WWW-Authenticate": "Bearer"}
        )
    if cookie and request.method not in SAFE:
        given = request.headers.get(CSRF_HEADER, "") if csrf is None else csrf
        if not compare_digest(given.encode(), csrf_token(context, id).encode()):
            raise Problem(403, f"{CSRF_HEADER} is missing or wrong: GET /api/v1/session tells it")
    return who


def _run(endpoint: Endpoint, values: dict[str, Any], route: GuardedRoute, status: int) -> Any:
    act = values.get("act")
    assert isinstance(act, Act), "every route takes act"
    if route.runs is Runs.ITSELF:
        return _called(endpoint, values)
    if route.runs is Runs.READING:
        with act.store.reading() as connection:
            act.within(connection)
            return _called(endpoint, values)
    try:
        if route.runs is Runs.LOOKING:
            return looked(act, lambda: _called(endpoint, values))
        return written(act, endpoint, values, status)
    except KeptRefusal:
        raise
    except Problem as refused:
        act.note_refused(refused.detail, refused.about)
        raise


def _called(endpoint: Endpoint, values: dict[str, Any]) -> Any:
    """What is refused is a Problem; nobody else need make one of it."""
    try:
        return endpoint(**values)
    except ActRefusal as refusal:
        raise problem_of(refusal) from None


def looked(act: Act, look: Callable[[], Any]) -> Any:
    """While it reads, however long, nobody waits who writes: on SQLite that would be all messages.
    Nothing is shown that is not in the audit."""
    with act.store.reading() as connection:
        act.within(connection)
        act.waiting = []
        answer = look()
    if not act.noted:
        act.note()
    with act.store.transaction() as connection:
        SqlAudit(connection, act.store.seal).append(*act.waiting)
    return answer


def written(act: Act, endpoint: Endpoint, values: dict[str, Any], status: int) -> Any:
    """In one transaction with its audit row and its kept answer. Raises Problem; after KeptRefusal
    what was done until then stands."""
    request = _request_mark(act, endpoint, values) if act.key else ""
    key = f"{act.actor.operator} {act.key}"
    try:
        with act.store.transaction() as connection:
            act.within(connection)
            answers = SqlAnswers(connection, act.store.seal)
            if act.key and (kept := answers.find(key, act.now)) is not None:
                return _again(kept, request)
            answer = _called_or_kept(endpoint, values)
            if not act.noted:
                act.note()
            if act.key and not isinstance(answer, KeptRefusal):
                body = answer.model_dump_json() if isinstance(answer, BaseModel) else ""
                answers.keep(
                    key, KeptAnswer(request, status, body, act.now + _ANSWER_KEPT), act.now
                )
    except RowExists:
        raise Problem(409, "the same is being done at this moment: ask again") from None
    if isinstance(answer, KeptRefusal):
        raise answer
    return answer


def _called_or_kept(endpoint: Endpoint, values: dict[str, Any]) -> Any:
    """A refusal that counts is handed back: the transaction goes through first."""
    try:
        return _called(endpoint, values)
    except KeptRefusal as refused:
        return refused


def _again(kept: KeptAnswer, request: str) -> Response:
    if kept.request != request:
        raise Problem(409, "this idempotency key was used for another request")
    media = "application/json" if kept.body else None
    return Response(kept.body, kept.status, {"Idempotency-Replayed": "true"}, media)


def _request_mark(act: Act, endpoint: Endpoint, values: dict[str, Any]) -> str:
    asked = {
        name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        for name, value in values.items()
        if isinstance(value, BaseModel | str | int)
    }
    words = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS).decode()
    return act.store.seal.mark("request", endpoint.__name__, words)


def _name(needs: Right | Needs) -> str:
    return needs.value if isinstance(needs, Needs) else str(needs)


def _security(method: str, route: GuardedRoute) -> dict[str, object]:
    if route.needs is Needs.NOTHING:
        return {"security": []}
    if route.needs is Needs.INTERFACE:
        return {"security": [{"interface": []}, {"interface": [], "bearer": []}]}
    cookie: dict[str, list[str]] = {"session": []}
    if method not in SAFE:
        cookie["csrf"] = []
    return {"security": [cookie, {"bearer": []}]}
