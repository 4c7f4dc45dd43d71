"""Whoever looks holds up nobody who writes: on SQLite one writer goes at a time, and messages wait
for it. What is shown is in the audit all the same."""

from __future__ import annotations

from typing import Any, cast

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from gateway.api.act import Act
from gateway.api.console_app import SUBJECTS
from gateway.api.context import ConsoleContext
from gateway.api.guard import GuardedRoute, Needs, Runs, declared, looked
from gateway.console.site import all_pages
from gateway.model.operators.audit import Actor
from gateway.ops.log import Log
from gateway.store.connection import StoreFailure
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store


def guarded() -> list[tuple[str, str, GuardedRoute]]:
    """All that can be asked of the console."""
    found = [(page.method, page.path, page.route) for page in all_pages()]
    for subject in SUBJECTS:
        for route in subject.router.routes:
            assert isinstance(route, APIRoute)
            known = declared(route.endpoint)
            assert known is not None
            found += [(method, route.path, known) for method in route.methods or ()]
    return found


def test_nothing_that_is_only_looked_at_takes_the_writers_turn() -> None:
    """But what other interfaces ask about their own requests: it counts towards their limit."""
    writes = [
        path
        for method, path, route in guarded()
        if method == "GET" and route.runs is Runs.WRITING and route.needs is not Needs.INTERFACE
    ]
    assert writes == []


def act_on(store: Store) -> Act:
    nothing = cast(Any, None)
    context = ConsoleContext(
        nothing, store, nothing, nothing, lambda: 1000.0, Log(), nothing, nothing, None
    )
    return Act(context, "192.0.2.1", "tickets.read")


def operators(store: Store) -> list[str]:
    with store.reading() as connection:
        return [one.entry.operator for one in SqlAudit(connection, store.seal).all()]


def test_others_write_while_somebody_looks_and_it_is_in_the_audit(store: Store) -> None:
    act = act_on(store)

    def look() -> str:
        act.note(subscriber="13800138001")
        with store.transaction() as connection:  # a gateway keeps a message
            entry = Actor("gateway", "192.0.2.2").did("a", 1)
            SqlAudit(connection, store.seal).append(entry)
        assert operators(store) == ["gateway"]
        return "seen"

    assert looked(act, look) == "seen"
    assert operators(store) == ["gateway", "?"]


def test_a_look_that_notes_nothing_itself_is_noted(store: Store) -> None:
    looked(act_on(store), lambda: "seen")
    assert operators(store) == ["?"]


def test_what_cannot_be_kept_in_the_audit_is_not_shown(store: Store) -> None:
    def look() -> str:
        with store.transaction() as connection:
            connection.execute(text("ALTER TABLE audit RENAME TO gone"))
        return "seen"

    with pytest.raises(StoreFailure):
        looked(act_on(store), look)
    with store.transaction() as connection:  # the next test has the same database
        connection.execute(text("ALTER TABLE gone RENAME TO audit"))
