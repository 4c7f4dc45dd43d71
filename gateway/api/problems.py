"""Errors as problem details (RFC 9457): every answer from 400 upwards has this form."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from gateway.api.refusal_texts import refused_in
from gateway.model.operators.refusals import ActForbidden, ActRefusal, NothingSuch

MEDIA_TYPE: Final = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one value; never the value itself."""

    field: str
    what: str


class ProblemDetails(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(json_schema_extra={"description": "RFC 9457"})

    type: str = Field(default="about:blank", description="the status says what kind it is")
    title: str
    status: int
    detail: str
    detail_zh: str = Field(description="the same in Chinese")
    errors: list[FieldProblem] | None = None


class Problem(Exception):
    """Ends a request. `about` is the subscriber that it concerned, for the audit."""

    def __init__(
        self, status: int, detail: str, *, headers: dict[str, str] | None = None, about: str = ""
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.about = status, detail, headers, about


class KeptRefusal(Problem):
    """Ends a request whose transaction is kept all the same: that something was wrong counts.
    Whoever raises it has written its audit row."""


def problem_of(refusal: ActRefusal) -> Problem:
    match refusal:
        case NothingSuch():
            status = 404
        case ActForbidden():
            status = 403
        case _:
            status = 409
    return Problem(status, str(refusal), about=refusal.about)


def answer(
    status: int,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    errors: list[FieldProblem] | None = None,
) -> JSONResponse:
    title = HTTPStatus(status).phrase
    zh = refused_in("zh", status, detail)
    body = ProblemDetails(title=title, status=status, detail=detail, detail_zh=zh, errors=errors)
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )


def described(*statuses: int) -> dict[int | str, dict[str, object]]:
    """For the API's description: these answers are problem details."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }
