"""A page served: who asks, may they, in which transaction; and what is shown if it cannot be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from gateway.api.act import Act
from gateway.api.context import address_of, context_of
from gateway.api.guard import CSRF_HEADER, Needs, Runs, admitted, looked, written
from gateway.api.problems import KeptRefusal, Problem, problem_of
from gateway.api.refusal_texts import refused_in
from gateway.console import frame
from gateway.console.pages import Done, Fields, GuardedPage, Outcome, ShownPage, Visit, Words
from gateway.console.refusals import misfits
from gateway.model.operators.refusals import ActRefusal
from gateway.store.connection import StoreFailure
from gateway.store.outage import is_away, is_passing

CSRF_FIELD: Final = "csrf"
KEY_FIELD: Final = "key"
_MOST_FIELDS: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"
_STALE: Final = "this page has been open for too long: load it again"
_FOREIGN: Final = "this does not come from one of our own pages"


def endpoint(page: GuardedPage) -> Callable[[Request], Awaitable[Response]]:
    async def served(request: Request) -> Response:
        try:
            fields = await _fields(request) if page.method == "POST" else {}
        except Problem as problem:
            return refused(request, None, problem)
        return await run_in_threadpool(_served, page, request, fields)

    return served


def refused(request: Request, act: Act | None, problem: Problem, words: str = "") -> Response:
    """What is wrong, in the reader's language: beside the form that was sent, or as a page.
    `words`: it is in that language already."""
    if problem.status == 401:
        return _to_login(request)
    language = frame.language_of(request)
    words = words or refused_in(language, problem.status, problem.detail)
    if frame.is_partial(request):
        return frame.fragment(request, "told.html", {"words": words}, problem.status)
    title = Words("没有成功", "That did not work")
    page = ShownPage(
        "problem.html", title, {"words": words, "status": problem.status}, problem.status
    )
    response = frame.shown(request, act, page)
    for name, value in (problem.headers or {}).items():
        response.headers[name] = value
    return response


def _served(page: GuardedPage, request: Request, fields: Fields) -> Response:
    act: Act | None = None
    try:
        act = _admitted(page, request, fields)
        visit = Visit(act, request, fields)
        if page.prepare is not None:
            visit.prepared = page.prepare()
        return _answer(visit, _outcome(page, visit))
    except Problem as problem:
        return refused(request, act or visitor(request), problem)
    except ValidationError as unfit:
        told = misfits(frame.language_of(request), unfit)
        return refused(request, act, Problem(422, "what was typed does not fit"), told)
    except StoreFailure as error:
        context_of(request).log.event("request failed", method=request.method, error=error)
        if is_away(error) or is_passing(error):
            return refused(request, None, Problem(503, "the store does not answer at this moment"))
        return refused(request, None, Problem(500, "a mistake of ours; it has been logged"))
    except Exception as error:
        context_of(request).log.event("request failed", method=request.method, error=error)
        return refused(request, None, Problem(500, "a mistake of ours; it has been logged"))


def _admitted(page: GuardedPage, request: Request, fields: Fields) -> Act:
    """Raises Problem."""
    if page.method == "POST" and not _is_ours(request):
        raise Problem(403, _FOREIGN)
    if page.route.needs is Needs.NOTHING:
        return Act(context_of(request), address_of(request), "")
    try:
        act = admitted(request, page.route.needs, _first(fields, CSRF_FIELD))
    except Problem as problem:
        if problem.status == 403 and problem.detail.startswith(CSRF_HEADER):
            raise Problem(403, _STALE) from None
        raise
    if page.route.once:
        act.key = _first(fields, KEY_FIELD)[:200]
    return act


def visitor(request: Request) -> Act | None:
    """For the frame round a refusal; None: nobody who is logged in."""
    try:
        return admitted(request, Needs.LOGIN, None) if request.method == "GET" else None
    except (Problem, StoreFailure):
        return None


def _is_ours(request: Request) -> bool:
    """Browsers say where a form comes from; `Front` has refused foreign origins already."""
    headers = request.headers
    return "origin" in headers or headers.get("sec-fetch-site") == "same-origin"


def _outcome(page: GuardedPage, visit: Visit) -> Outcome:
    act = visit.act
    if page.route.runs is Runs.ITSELF:
        return _worked(page, visit)
    if page.route.runs is Runs.READING:
        with act.store.reading() as connection:
            act.within(connection)
            return _worked(page, visit)
    try:
        if page.route.runs is Runs.LOOKING:
            seen: Outcome = looked(act, lambda: _worked(page, visit))
            return seen
        return _written(page, visit)
    except KeptRefusal:
        raise
    except Problem as problem:
        act.note_refused(problem.detail, problem.about)
        raise


def _written(page: GuardedPage, visit: Visit) -> Outcome:
    """Once for a form's key: sent again, it leads to where the first one led."""

    def work(form: str) -> Outcome:
        return _worked(page, visit)

    kept = {name: list(values) for name, values in visit.fields.items() if name != CSRF_FIELD}
    form = f"{visit.request.url.path}?{urlencode(kept, doseq=True)}"
    answer = written(visit.act, work, {"form": form}, 200)
    if isinstance(answer, Response) and "idempotency-replayed" in answer.headers:
        if not answer.body:
            raise Problem(409, "this has been done already, and is not shown again")
        return Done.model_validate_json(bytes(answer.body))
    outcome: Outcome = answer
    return outcome


def _worked(page: GuardedPage, visit: Visit) -> Outcome:
    try:
        return page.work(visit)
    except ActRefusal as refusal:
        raise problem_of(refusal) from None


def _answer(visit: Visit, outcome: Outcome) -> Response:
    match outcome:
        case ShownPage():
            return frame.shown(visit.request, visit.act, outcome)
        case Done():
            return _go_on(visit.request, outcome)
        case Response():
            return outcome


def _go_on(request: Request, done: Done) -> Response:
    joint = "&" if "?" in done.to else "?"
    to = f"{done.to}{joint}told={done.told}" if done.told else done.to
    if frame.is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, 303)


def _to_login(request: Request) -> Response:
    """And back to where somebody wanted to go, if that was to look at something."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = f"/login?to={quote(wanted, safe='')}" if request.method == "GET" else "/login"
    if frame.is_partial(request):
        return Response(status_code=401, headers={"HX-Redirect": to})
    return RedirectResponse(to, 303)


async def _fields(request: Request) -> Fields:
    """Raises Problem."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _FORM:
        raise Problem(415, "a form is sent as application/x-www-form-urlencoded")
    try:
        body = (await request.body()).decode()
        return parse_qs(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, ClientDisconnect):
        raise Problem(400, "the form cannot be read") from None


def _first(fields: Fields, name: str) -> str:
    return (fields.get(name) or ("",))[0]
