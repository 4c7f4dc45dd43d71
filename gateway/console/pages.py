"""The only way to add a page: with the right that it needs, as routes of the API have it.

A page is a function from a visit to what is shown (`ShownPage`) or where to go on (`Done`). What it
shows and does it has from the API's own functions, which it calls within its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.act import Act
from gateway.api.guard import GuardedRoute, Needs, Runs
from gateway.api.problems import Problem
from gateway.model.operators.rights import OBJECTS, Right, may

LANGUAGES: Final = ("zh", "en")
_DIGITS: Final = 15
Fields = Mapping[str, Sequence[str]]
Form = TypeVar("Form", bound=BaseModel)


class Words(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A template and what it shows. `status` 200 unless something is wrong."""

    template: str
    title: Words
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class Done(BaseModel):
    """It is done: go on there. `told` is one of `notices.TOLD`."""

    to: str
    told: str = ""


Outcome = ShownPage | Done | Response


@dataclass(slots=True)
class Visit:
    """Somebody asks for a page, or sends one of its forms."""

    act: Act
    request: Request
    fields: Fields = field(default_factory=dict)
    prepared: Any = None  # what took too long for a transaction

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()

    def whole(self, name: str) -> int:
        """A number of the address; 0: it is not there. Raises Problem."""
        return _whole(self.query(name))

    def field(self, name: str) -> str:
        """Of the form; empty: it was left empty, or is not there."""
        values = self.fields.get(name) or ("",)
        return values[0].strip()

    def whole_field(self, name: str) -> int:
        """The same, of a form: what is shown for a reason goes on by a form."""
        return _whole(self.field(name))

    def form(self, model: type[Form], *names: str, **more: object) -> Form:
        """What the API takes, from fields of these names that were filled in. Raises
        ValidationError, which is told beside the form."""
        filled = {name: self.field(name) for name in names if self.field(name)}
        return model.model_validate({**filled, **more})

    def may(self, right: Right) -> bool:
        return may(self.act.context.conf.roles(), self.act.operator.role, right)


def _whole(written: str) -> int:
    if not written:
        return 0
    if not written.isdecimal() or len(written) > _DIGITS:
        raise Problem(404, "there is no such page")
    return int(written)


Work = Callable[[Visit], Outcome]


@dataclass(frozen=True, slots=True)
class GuardedPage:
    """A page or a form, with what was declared for it."""

    method: str
    path: str
    route: GuardedRoute
    work: Work
    prepare: Callable[[], Any] | None = None


class Pages:
    """The pages of one screen."""

    def __init__(self) -> None:
        self.all: list[GuardedPage] = []

    def get(
        self, path: str, needs: Right | Needs, runs: Runs = Runs.READING
    ) -> Callable[[Work], Work]:
        return self._add("GET", path, GuardedRoute(needs, runs))

    def post(
        self, path: str, needs: Right | Needs, runs: Runs = Runs.WRITING,
        prepare: Callable[[], Any] | None = None,
    ) -> Callable[[Work], Work]:  # fmt: skip
        """What it does happens once, however often the same form is sent. `prepare` makes
        `visit.prepared` before the transaction begins."""
        route = GuardedRoute(needs, runs, once=runs is Runs.WRITING)
        return self._add("POST", path, route, prepare)

    def _add(
        self, method: str, path: str, route: GuardedRoute,
        prepare: Callable[[], Any] | None = None,
    ) -> Callable[[Work], Work]:  # fmt: skip
        if isinstance(route.needs, Right) and route.needs.verb not in OBJECTS[route.needs.object]:
            raise ValueError(f"{path}: there is no right {route.needs}")

        def add(work: Work) -> Work:
            self.all.append(GuardedPage(method, path, route, work, prepare))
            return work

        return add
