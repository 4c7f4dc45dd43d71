"""Every route, asked by every role and by nobody: what its declaration says is what happens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute

from gateway.api.console_app import SUBJECTS, UnguardedRoute, console_app
from gateway.api.guard import Needs, Routes, declared
from gateway.model.operators.rights import OBJECTS, Right
from tests.gateway.api.console import ROLES, Browser, Console

FILLED = {
    "message": "8", "number": "99999999", "id": "A" * 22, "key": "0" * 12, "version": "0" * 12
}  # fmt: skip
GUARDED = [
    (sorted(route.methods or ())[0], route.path, declared(route.endpoint))
    for subject in SUBJECTS
    for route in subject.router.routes
    if isinstance(route, APIRoute)
]
NAMES = [f"{method} {path}" for method, path, _ in GUARDED]


def filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: FILLED[found[1]], path)


@pytest.mark.parametrize(("method", "path", "route"), GUARDED, ids=NAMES)
def test_a_route_lets_in_whom_it_says(
    hall: Console, logged_in: dict[str, Browser], method: str, path: str, route: Any
) -> None:
    """Who may is told about the request; who may not, that they may not; nobody, to log in."""
    assert route is not None
    body: object = {} if method == "POST" else None
    if (method, path) == ("DELETE", "/api/v1/session"):  # it would end the session of all tests
        assert hall.ask(method, path).status == 401
        return
    if route.needs is not Needs.NOTHING:
        assert hall.ask(method, filled(path), body).status == 401
    for role, browser in logged_in.items():
        status = hall.ask(method, filled(path), body, browser).status
        if route.needs is Needs.INTERFACE:  # an operator alone is no interface
            assert status == 401, role
        elif isinstance(route.needs, Right) and route.needs not in ROLES[role].rights:
            assert status == 403, role
        else:
            assert status in (200, 404, 409, 422), role


def test_every_route_of_the_description_is_guarded(hall: Console) -> None:
    """Nothing is served that is not in the list above."""
    told = hall.ask("GET", "/api/openapi.json").json
    routes = {
        f"{method.upper()} {path}": operation
        for path, operations in told["paths"].items()
        for method, operation in operations.items()
    }
    assert sorted(routes) == sorted(NAMES)
    assert [name for name, operation in routes.items() if "x-needs" not in operation] == []
    open_to_all = [name for name, one in routes.items() if one["x-needs"] == "nothing"]
    assert open_to_all == [
        "POST /api/v1/session",
        "GET /api/v1/session/ways",
        "GET /api/v1/session/oidc",
        "GET /api/v1/session/oidc/callback",
    ]


def test_a_route_past_the_guard_is_refused_at_the_start() -> None:
    subject = Routes("x")
    subject.router.add_api_route("/forgotten", lambda: {}, methods=["GET"])
    with pytest.raises(UnguardedRoute, match="forgotten"):
        console_app(None, subjects=[subject])  # type: ignore[arg-type]  # it never gets that far


def test_a_right_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match=r"no right operators\.fly"):
        Routes("x").get("/x", Right("fly", "operators"))(lambda act: None)


def test_who_manages_people_sees_no_subscribers() -> None:
    """And who looks after the audit changes nothing."""
    for role in ROLES.values():
        if Right("change", "operators") in role.rights:
            assert not [right for right in role.rights if right.object == "subscribers"]
    verbs = {right.verb for right in ROLES["auditor"].rights}
    assert verbs <= {"read", "export", "verify"}


def test_roles_name_rights_that_exist() -> None:
    for role in ROLES.values():
        assert [right for right in role.rights if right.verb not in OBJECTS[right.object]] == []
