"""Operators and roles: who works here, what each role may do, new secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.api.routes import operators
from gateway.api.routes.operators import CHANGE, READ, NewOperator, NewRole, WhatToReset, WithReason
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.model.operators.rights import OBJECTS
from gateway.operators.roster import new_secrets

pages: Final = Pages()
_TITLE: Final = Words("人员", "Operators")


@pages.get("/operators", READ)
def operators_page(visit: Visit) -> Outcome:
    roles = operators.list_roles(visit.act).roles
    values = {
        "operators": operators.list_operators(visit.act).operators,
        "roles": {role.code: Words(role.name, role.name_en) for role in roles},
        "may_change": visit.may(CHANGE),
    }
    return ShownPage("operators.html", _TITLE, values)


@pages.get("/operators/roles", READ)
def roles_page(visit: Visit) -> Outcome:
    roles = operators.list_roles(visit.act).roles
    rights = [f"{thing}.{verb}" for thing, verbs in OBJECTS.items() for verb in verbs]
    return ShownPage(
        "roles.html", Words("角色与权限", "Roles and rights"), {"roles": roles, "rights": rights}
    )


@pages.get("/operators/new", CHANGE)
def new_operator_page(visit: Visit) -> Outcome:
    roles = operators.list_roles(visit.act).roles
    return ShownPage("operator_new.html", Words("新增人员", "A new operator"), {"roles": roles})


@pages.post("/operators/new", CHANGE, prepare=new_secrets)
def add_operator(visit: Visit) -> Outcome:
    form = visit.form(NewOperator, "number", "name", "role", "organisation", "reason")
    made = operators.add_operator(visit.act, form, visit.prepared)
    return ShownPage("secrets.html", Words("请交给本人", "For the operator"), {"made": made})


@pages.get("/operators/{number:operator}", READ)
def operator_page(visit: Visit) -> Outcome:
    found = operators.show_operator(visit.act, visit.path("number"))
    roles = operators.list_roles(visit.act).roles
    values = {
        "one": found,
        "roles": roles,
        "role": next((role for role in roles if role.code == found.role), None),
        "may_change": visit.may(CHANGE),
        "me": visit.act.operator.number == found.number,
    }
    return ShownPage(
        "operator.html",
        Words(f"{found.name} {found.number}", f"{found.name} {found.number}"),
        values,
    )


def _change(path: str, change: Callable[[Visit, str], object]) -> None:
    @pages.post(f"/operators/{{number:operator}}/{path}", CHANGE)
    def changed(visit: Visit) -> Outcome:
        change(visit, visit.path("number"))
        return Done(to=f"/operators/{visit.path('number')}", told="changed")


_change("lock", lambda v, n: operators.lock_operator(v.act, n, v.form(WithReason, "reason")))
_change("unlock", lambda v, n: operators.unlock_operator(v.act, n, v.form(WithReason, "reason")))
_change("logout", lambda v, n: operators.log_operator_out(v.act, n, v.form(WithReason, "reason")))
_change(
    "role",
    lambda v, n: operators.give_role(v.act, n, v.form(NewRole, "reason", role=v.field("role"))),
)


@pages.post("/operators/{number:operator}/reset", CHANGE, prepare=new_secrets)
def reset(visit: Visit) -> Outcome:
    """The new secrets are shown in the answer, once."""
    form = visit.form(
        WhatToReset,
        "reason",
        password=visit.field("password") == "on",
        totp=visit.field("totp") == "on",
    )
    made = operators.reset_operator(visit.act, visit.path("number"), form, visit.prepared)
    return ShownPage("secrets.html", Words("请交给本人", "For the operator"), {"made": made})
