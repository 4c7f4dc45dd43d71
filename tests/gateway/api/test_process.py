"""The process of `hallgate console`: how it comes, goes, and meets trouble."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import orjson
import pytest

from gateway.config.settings import OWN_CONF
from tests.gateway.api.console import PROGRAM, Console, console

SESSION = "/api/v1/session"
COUNT = count(100)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Console]:
    """One on a store of its own, with roles of its own."""
    conf = tmp_path / "conf"
    shutil.copytree(OWN_CONF, conf, ignore=shutil.ignore_patterns("var"))
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    with console(url, tmp_path, f"conf={conf}", samples=False) as running:
        running.hire("boss", "admin")
        yield running


def events(running: Console) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in running.log.read_bytes().splitlines()]


def until(true: Callable[[], bool]) -> None:
    """Waits for what another process does."""
    give_up = time.monotonic() + 30
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(alone: Console, number: signal.Signals) -> None:
    alone.process.send_signal(number)
    assert alone.process.wait(30) == 0
    assert [event["event"] for event in events(alone)][-1] == "console closed"
    assert "Traceback" not in alone.log.read_text()


def test_roles_are_read_anew(alone: Console, tmp_path: Path) -> None:
    """Whoever is logged in feels it at the next request; a mistake changes nothing."""
    boss, file = alone.log_in("boss"), tmp_path / "conf" / "roles.yaml"
    whole = file.read_text()
    assert alone.ask("GET", "/api/v1/operators", by=boss).status == 200
    file.write_text(whole.replace("operators: [read, change]", "operators: [reed]"))
    alone.process.send_signal(signal.SIGHUP)
    until(lambda: any(event["event"] == "not reloaded" for event in events(alone)))
    assert "nobody can reed operators" in alone.log.read_text()
    assert alone.ask("GET", "/api/v1/operators", by=boss).status == 200
    lost = whole.replace("operators: [read, change]", "figures: [read]")
    file.write_text(lost.replace("operators: [read]", "operators: [read, change]"))
    alone.process.send_signal(signal.SIGHUP)
    until(lambda: any(event["event"] == "roles reloaded" for event in events(alone)))
    assert alone.ask("GET", "/api/v1/operators", by=boss).status == 403


def test_everything_that_was_read_of_conf_is_read_anew(alone: Console, tmp_path: Path) -> None:
    """What routes show of it; also what they had not been asked for before; a mistake in one file
    keeps that one as it was, and no other."""
    conf = tmp_path / "conf"
    for role in ("leader", "marketing"):
        alone.hire(role, role)
    boss, lead, ads = (alone.log_in(one) for one in ("boss", "leader", "marketing"))

    def seen() -> tuple[object, ...]:
        kinds = alone.ask("GET", "/api/v1/tickets/kinds", by=lead).json["kinds"]
        rules = alone.ask("GET", "/api/v1/reminders/rules", by=lead).json
        draft = {"name": "x", "zh": "你好", "target": {"regions": ["广寒宫"]}}
        told = alone.ask("POST", "/api/v1/notices", draft, ads).status
        door = {"number": "9" + str(next(COUNT)), "kind": "bank", "name": "x",
                "operations": ["wishes"]}  # fmt: skip
        opens = alone.ask("POST", "/api/v1/interfaces", door, boss).status
        return kinds[0]["name"], rules["workdays"], told, opens

    def changed(file: str, before: str, after: str) -> None:
        whole = (conf / file).read_text(encoding="utf-8")
        assert before in whole, file
        (conf / file).write_text(whole.replace(before, after), encoding="utf-8")

    assert seen() == ("投诉", "9:00-20:00", 409, 409)
    changed("tickets.yaml", "name: {zh: 投诉, en: complaint}", "name: {zh: 申诉, en: complaint}")
    changed("reminders.yaml", "workdays: 9:00-20:00", "workdays: 9:30-20:00")
    changed("regions.yaml", "region: {zh: 北京,", "region: {zh: 广寒宫,")
    changed("commands.yaml", "wishes: {sms: A0,", "wishes: {bank: A0, sms: A0,")
    alone.process.send_signal(signal.SIGHUP)
    until(lambda: any(event["event"] == "conf reloaded" for event in events(alone)))
    assert seen() == ("申诉", "9:30-20:00", 201, 201)
    changed("tickets.yaml", "a_day: 10", "a_day: never")
    changed("reminders.yaml", "workdays: 9:30-20:00", "workdays: 9:45-20:00")
    changed("interfaces.yaml", "interfaces:", "interfacess:")
    alone.process.send_signal(signal.SIGHUP)
    until(lambda: any(event["event"] == "not reloaded" for event in events(alone)))
    assert seen() == ("申诉", "9:30-20:00", 201, 201)


def test_a_store_that_does_not_answer_is_told_and_comes_back(
    alone: Console, tmp_path: Path
) -> None:
    boss, file = alone.log_in("boss"), tmp_path / "hall.db"
    file.rename(tmp_path / "away.db")
    until(lambda: alone.ask("GET", SESSION, by=boss).status == 503)
    told = alone.ask("GET", SESSION, by=boss)
    assert (told.problem, told.headers["retry-after"]) == (
        "the store does not answer at this moment", "5",
    )  # fmt: skip
    (tmp_path / "away.db").rename(file)
    until(lambda: alone.ask("GET", SESSION, by=boss).status == 200)


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [PROGRAM, "console", "--set", f"store.url=sqlite:///{tmp_path / 'hall.db'}",
             "--set", f"console.listen=127.0.0.1:{port}"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert ended.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in ended.stderr


def test_it_tells_in_its_log_how_far_the_audit_has_come(alone: Console) -> None:
    """Whoever cuts the end off cannot cut it off there."""
    anchors = [event["anchor"] for event in events(alone) if event["event"] == "audit anchor"]
    assert anchors == []  # nothing had been done
    alone.stop()
    url = alone.store.engine.url.render_as_string()
    with console(url, alone.log.parent, samples=False) as again:
        until(lambda: any(event["event"] == "audit anchor" for event in events(again)))
        (told,) = [event["anchor"] for event in events(again) if event["event"] == "audit anchor"]
    assert str(told).startswith("1:")


# -- requests that are none --------------------------------------------------------------------


@pytest.fixture(scope="module")
def any_console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("odd")
    with console(f"sqlite:///{folder / 'hall.db'}", folder, samples=False) as running:
        yield running


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"a":' * 20_000, b"\xff\xfe", b"\x00",
        b'{"operator": "\\ud800x", "password": "x", "code": "123456"}',
        b'{"operator": "ab", "password": "\\ud800", "code": "123456"}',
        b'{"operator": "ab\\u0000", "password": "x", "code": "123456"}',
        b'{"operator": "ab", "password": "x", "code": "123456", "more": 1}',
        b'{"operator": "ab", "password": "x", "code": 123456}',
        '{"operator": "ab", "password": "x", "code": "１２３４５６"}'.encode(),
        b'{"operator": ["ab"], "password": {}, "code": NaN}',
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused_in_form(any_console: Console, body: bytes) -> None:
    told = any_console.ask("POST", SESSION, body)
    assert told.status in (400, 401, 422)
    assert told.problem
    assert "request failed" not in any_console.log.read_text()


def test_a_body_that_is_too_long(any_console: Console) -> None:
    told = any_console.ask("POST", SESSION, b'{"operator": "' + b"x" * 300_000 + b'"}')
    assert told.status == 413
    assert told.problem


def test_a_body_without_a_length(any_console: Console) -> None:
    told = any_console.ask("POST", SESSION, b"2\r\n{}\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    assert told.status == 411
    assert told.problem


def test_what_is_wrong_is_told_without_repeating_it(any_console: Console) -> None:
    form = {"operator": "ab", "password": "s3cret" * 50, "code": "s3cret", "x": "s3cret"}
    told = any_console.ask("POST", SESSION, form)
    assert told.status == 422
    assert {one["field"] for one in told.json["errors"]} == {
        "body.password", "body.code", "body.x",
    }  # fmt: skip
    assert b"s3cret" not in told.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404), ("GET", "/api/v1/nothing", 404), ("GET", "/docs", 404),
        ("GET", "/api/../api/v1/session", 404), ("PUT", SESSION, 405), ("TRACE", SESSION, 405),
        ("POST", "/api/openapi.json", 405), ("GET", "/api/v1/operators/" + "x" * 5_000, 401),
    ],
)  # fmt: skip
def test_every_refusal_has_the_same_form(
    any_console: Console, method: str, path: str, status: int
) -> None:
    told = any_console.ask(method, path)
    assert told.status == status
    assert told.problem
    for header in ("content-security-policy", "x-content-type-options", "cache-control"):
        assert header in told.headers


def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    """Of an address, and then it may go on."""
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    rate = "console.requests_per_minute=60"
    with console(url, tmp_path, rate, samples=False) as running:
        answers = [running.ask("GET", SESSION) for _ in range(15)]
        statuses = [answer.status for answer in answers]
        assert statuses[:10] == [401] * 10
        assert 429 in statuses[10:]
        (told, *_) = [answer for answer in answers if answer.status == 429]
        assert int(told.headers["retry-after"]) >= 1
        until(lambda: running.ask("GET", SESSION).status == 401)


def test_it_comes_after_messages(any_console: Console) -> None:
    """A gateway on the same machine is served first."""
    assert os.getpriority(os.PRIO_PROCESS, any_console.process.pid) >= 5


@pytest.mark.slow
def test_who_says_nothing_takes_nobodys_place(alone: Console) -> None:
    """However many connect from one address and say nothing, or half of something: somebody else
    is answered, and they are not waited for."""
    boss, address, elsewhere = alone.log_in("boss"), ("127.0.0.1", alone.port), ("127.0.0.2", 0)
    head = f"POST {SESSION} HTTP/1.1\r\nHost: 127.0.0.1:{alone.port}\r\n".encode()
    with ExitStack() as opened:
        silent = [
            opened.enter_context(socket.create_connection(address, 30, elsewhere))
            for _ in range(600)
        ]
        assert alone.ask("GET", "/api/v1/session", by=boss).status == 200
        half = silent[0]
        with suppress(OSError):
            half.sendall(head)
        for one in silent:
            one.settimeout(60)
            with suppress(ConnectionError):
                assert one.recv(1) == b""
    with socket.create_connection(address, 60) as slow:
        slow.sendall(head + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        assert slow.recv(100).startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in alone.log.read_text()
