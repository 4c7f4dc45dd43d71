"""The API asked what its own description allows, and what it does not: schemathesis makes the
requests; every answer has to be one that the description names, and never a mistake of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from secrets import token_hex
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.api.console_app import console_app
from gateway.store.operators.audit_check import check_chain
from tests.gateway.api.console import ROLES, Browser, Console, console
from tests.gateway.api.test_requests import WEB

pytestmark = pytest.mark.alone  # schemathesis and pytest-twisted get in each other's way
DESCRIPTION = console_app(None).openapi()  # type: ignore[arg-type]  # it is only described
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
ROLES_TRIED = ("agent", "leader", "business", "boss", "auditor", "admin")
PATIENCE = 120.0  # seconds: the first who asks waits for conf/, on however crowded a machine
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)]
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """A console that nobody has to spare."""
    folder = tmp_path_factory.mktemp("fuzzed")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'hall.db'}"
        if request.param != "sqlite":
            url = stack.enter_context(request.getfixturevalue("postgres_server").fresh_database())
        patient = ("console.requests_per_minute=10000000", "console.wrong_by_address=100000")
        running = stack.enter_context(console(url, folder, *patient))
        for role in ROLES_TRIED:
            running.hire(role, role)
        yield running
        assert check_chain(running.store).findings == ()
        assert "request failed" not in running.log.read_text()


@pytest.fixture(scope="module")
def sessions(place: Console) -> dict[str, Browser]:
    return {role: place.log_in(role, bearer=True) for role in ROLES_TRIED}


@SCHEMA.exclude(method="DELETE").parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_has_an_answer_of_the_description(
    case: schemathesis.Case[Any], place: Console, sessions: dict[str, Browser]
) -> None:
    needs = case.operation.definition.raw["x-needs"]
    able = [role for role in sessions if needs in set(map(str, ROLES[role].rights))]
    by = sessions[able[0] if able else "agent"]
    headers = {"Authorization": f"Bearer {by.bearer}"}
    if needs == "interface":
        headers |= {"X-Interface-Key": WEB, "Idempotency-Key": token_hex(8)}
    # whatever stands in a file is text: its mistakes are told by line
    is_file = case.media_type == "text/csv"
    checks = [one for one in CHECKS if not (is_file and one is negative_data_rejection)]
    case.call_and_validate(
        base_url=f"http://127.0.0.1:{place.port}", headers=headers, checks=checks, timeout=PATIENCE
    )
