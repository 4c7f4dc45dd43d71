"""The application: all routes, their errors, their description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from gateway.api import records_page
from gateway.api.context import ConsoleContext, context_of
from gateway.api.guard import COOKIE, CSRF_HEADER, Routes, declared
from gateway.api.knocking import KEY_HEADER
from gateway.api.problems import FieldProblem, Problem, ProblemDetails, answer
from gateway.api.routes import (
    audit,
    drafts,
    editions,
    events,
    figures,
    forgetting,
    interfaces,
    links,
    list_files,
    lists,
    notices,
    operators,
    provider_login,
    reminders,
    requests,
    session,
    subscribers,
    tickets,
    timeline,
    trace,
    walking_again,
)
from gateway.config.checked_yaml import BadFile
from gateway.store.connection import StoreFailure
from gateway.store.outage import is_away, is_passing

SUBJECTS: Final[tuple[Routes, ...]] = (
    session.routes,
    provider_login.routes,
    operators.routes,
    requests.routes,
    interfaces.routes,
    audit.routes,
    subscribers.routes,
    forgetting.routes,
    timeline.routes,
    tickets.routes,
    trace.routes,
    walking_again.routes,
    lists.routes,
    list_files.routes,
    events.routes,
    reminders.routes,
    figures.routes,
    notices.routes,
    editions.routes,
    drafts.routes,
    links.routes,
)
DESCRIPTION: Final = """\
The hall for programs and pages. Log in with `POST /api/v1/session`: browsers get a cookie and send
`X-CSRF-Token` with everything but GET; programs ask for a `bearer` token. Errors are problem
details (RFC 9457). A POST with an `Idempotency-Key` has its effect once, however often it is sent
within a day."""
_LONGEST: Final = 20  # mistakes told of one request
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class UnguardedRoute(Exception):
    """A route was added past `guard.Routes`."""


def console_app(
    context: ConsoleContext,
    lifespan: Lifespan | None = None,
    subjects: Sequence[Routes] = SUBJECTS,
) -> FastAPI:
    """Raises UnguardedRoute."""
    app = FastAPI(
        title="Hallgate",
        version=version("hallgate"),
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.console = context
    for subject in subjects:
        for route in subject.router.routes:
            if not isinstance(route, APIRoute) or declared(route.endpoint) is None:
                raise UnguardedRoute(str(route))
        app.include_router(subject.router)
    app.router.routes.extend(records_page.ROUTES)  # a link is its own right
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreFailure, _store)
    app.add_exception_handler(BadFile, _bad_file)
    app.add_exception_handler(Exception, _mistake)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]  # as FastAPI says
    return app


def _problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return answer(error.status, error.detail, headers=error.headers)


def _http(_request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses: no such page, no such method, a body that is too long."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    return answer(error.status_code, str(error.detail), headers=headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """What was sent is not repeated: it may be a password."""
    assert isinstance(error, RequestValidationError)
    found = [
        FieldProblem(field=".".join(map(str, one["loc"])), what=str(one["msg"]))
        for one in error.errors()[:_LONGEST]
    ]
    return answer(422, "the request does not fit its description", errors=found)


def _store(request: Request, error: Exception) -> JSONResponse:
    context_of(request).log.event("request failed", method=request.method, error=error)
    if is_away(error) or is_passing(error):
        again = {"Retry-After": "5"}
        return answer(503, "the store does not answer at this moment", headers=again)
    return answer(500, "a mistake of ours; it has been logged")


def _bad_file(request: Request, error: Exception) -> JSONResponse:
    """What is asked for the first time has been broken since the process came up."""
    assert isinstance(error, BadFile)
    context_of(request).log.event("request failed", method=request.method, error=error)
    return answer(
        503, "conf/ has mistakes: hallgate check tells them", headers={"Retry-After": "60"}
    )


def _mistake(_request: Request, _error: Exception) -> JSONResponse:
    """`Front` logs it."""
    return answer(500, "a mistake of ours; it has been logged")


def _description(app: FastAPI) -> dict[str, Any]:
    """OpenAPI, with how to be let in."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        parts = made.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        schemas |= _problem_schemas()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        parts["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
            "bearer": {"type": "http", "scheme": "bearer"},
            "interface": {"type": "apiKey", "in": "header", "name": KEY_HEADER},
        }
        app.openapi_schema = made
    return app.openapi_schema


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {"ProblemDetails": schema, **inner}
