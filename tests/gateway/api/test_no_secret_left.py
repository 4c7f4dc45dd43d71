"""After a shift in which every kind of secret was made and used, none of them lies in the console's
log, in its store's files, in a row of any table, or in what it tells anybody afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from gateway.config.editions.conf_files import conf_files
from gateway.config.settings import OWN_CONF
from gateway.store.tables import metadata
from tests.gateway.api.console import Browser, Console, console
from tests.gateway.api.test_requests import asks
from tests.octets import octets

ZHANG, PASSWORD, WRONG = "13800138001", "739204", "604815"


def worked(hall: Console) -> list[str]:
    """People log in, make interfaces and colleagues, partners ask with passwords: the secrets."""
    secrets: list[str] = []
    for number, role in (("admin", "admin"), ("leader", "leader")):
        hall.hire(number, role, cheap=False)
        made = hall.people[number]
        secrets += [made.password, made.totp]
    admin, leader = hall.log_in("admin"), hall.log_in("leader")
    bearer = hall.log_in("leader", bearer=True)
    assert hall.ask("GET", "/api/v1/session", by=bearer).status == 200
    secrets += _of_browsers(admin, leader, bearer)
    wrong = hall.ask("POST", "/api/v1/session", hall.form("leader", password="Wr0ng-w0rd-tried"))
    assert wrong.status == 401
    form = {"number": "7001", "kind": "web", "name": "测试网站", "per_minute": 600}
    assert hall.ask("POST", "/api/v1/interfaces", form, admin).status == 201
    key = hall.ask("POST", "/api/v1/interfaces/7001/keys", {}, admin).json["key"]
    reset = hall.ask("POST", "/api/v1/operators/leader/reset", {"password": True}, admin)
    assert reset.status == 200, reset
    secrets += ["Wr0ng-w0rd-tried", key.partition(".")[2], reset.json["password"]]
    for password in (PASSWORD, WRONG):
        asked = {"number": ZHANG, "action": "q.balance", "password": password}
        assert asks(hall, asked, key).status == 200
    lost = key[:-1]
    assert asks(hall, {"number": ZHANG, "action": "q.balance"}, lost).status == 401
    return [*secrets, PASSWORD, WRONG]


def _of_browsers(*browsers: Browser) -> list[str]:
    found = [(one.cookie, one.csrf, one.bearer) for one in browsers]
    return [word for words in found for word in words if word]


def logged(hall: Console) -> str:
    """Its words; an id may look like a password."""
    words = []
    for line in hall.log.read_text().splitlines():
        facts = json.loads(line)
        words += [str(v) for v in facts.values() if not isinstance(v, int | float)]
    assert words
    return "\n".join(words)


def rows(hall: Console) -> str:
    """Of all tables, what is no number."""
    words = []
    with hall.store.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                words += [
                    value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    for value in row
                    if not isinstance(value, int)
                ]
    return "\n".join(words)


def test_no_secret_is_left_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    with console(url, tmp_path, "console.requests_per_minute=10000000") as hall:
        published = "".join(conf_files(OWN_CONF).values())  # what anybody may read, in any case
        secrets = [word for word in worked(hall) if word not in published]
        assert len(secrets) > 12
        hall.hire("auditor", "auditor")
        auditor = hall.log_in("auditor")
        audited = hall.ask("POST", "/api/v1/audit/search", {}, auditor).body.decode()
        assert "interfaces" in audited
        files = octets(tmp_path)
        for where, there in (("log", logged(hall)), ("rows", rows(hall)), ("audit", audited)):
            assert [word for word in secrets if word in there] == [], where
        assert [word for word in secrets if word.encode() in files] == []
        # what is looked for would be found: the same reading finds what is kept in the open
        assert "测试网站".encode() in files
        assert "测试网站" in rows(hall)
