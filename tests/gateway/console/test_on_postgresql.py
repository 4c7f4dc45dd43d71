"""The pages, a form and the stream on PostgreSQL: once, for they know nothing of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.console.site import all_pages
from tests.gateway.api.console import ROLES, console
from tests.gateway.api.served import desk_beside, said
from tests.gateway.console.test_live import stream
from tests.gateway.console.visitors import ask, send, words_of
from tests.services import PostgresServer

pytestmark = pytest.mark.service
PLAIN = [page.path for page in all_pages() if page.method == "GET" and "{" not in page.path]


def test_every_page_a_form_and_the_stream(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with postgres_server.fresh_database() as url, console(url, tmp_path) as hall:
        for role in ROLES:
            hall.hire(role, role, name=role)
        leader, operations = hall.log_in("leader"), hall.log_in("operations")
        for path in PLAIN:
            assert ask(hall, "GET", path, by=leader).status in (200, 303, 403, 404), path
        with desk_beside(hall) as desk:
            message = said(desk, "YE")
        at = send(hall, "/subscribers", leader, number="13800138001", reason="ticket 7")
        why = f"{at.headers['location']}/why/{message}"
        assert "按指令代码" in words_of(ask(hall, "GET", why, by=leader))
        again = words_of(ask(hall, "GET", f"{why}/again", by=leader))
        assert "没有办理、没有发送任何内容" in again
        with stream(hall, operations, "strip", "links") as live:
            assert "verdict" in live.until("strip")
            assert live.until("links")
            assert live.until("beat") == ""
        assert "request failed" not in hall.log.read_text()
