"""`hallgate demo` starts the console, says who can log in, and takes it along when it ends; and a
phone of its network is used from a page."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from gateway.security import totp
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow
SAID = re.compile(
    r"console for people who work here: (\S+)/ [\s\S]*"
    r"operator (\w+) \S+ \(leader\)  password (\S+)\n.*code (\w{32})\n"
    r"[\s\S]*Ctrl-C stops everything"
)


@pytest_twisted.async_yield_fixture
async def demo(tmp_path: Path) -> AsyncIterator[GatewayProcess]:
    from twisted.internet import reactor

    sets = [f"store.url=sqlite:///{tmp_path / 'hall.db'}", f"ivr.sounds={tmp_path / 'sounds'}",
            "http.listen=127.0.0.1:0", "console.listen=127.0.0.1:0"]  # fmt: skip
    options = [word for one in sets for word in ("--set", one)]
    process = GatewayProcess(reactor, "demo", "--control", "0", *options)
    yield process
    await process.kill()


def said(process: GatewayProcess) -> re.Match[str]:
    give_up = time.monotonic() + 60
    while (found := SAID.search(process.said.decode(errors="ignore"))) is None:
        assert time.monotonic() < give_up, process.said.decode()
        time.sleep(0.05)
    return found


def ask(address: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(
        f"{address}/api/v1/session", json.dumps(form).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.load(answer)


@pytest_twisted.ensureDeferred
async def test_its_first_operator_logs_in_and_it_ends_with_the_demo(demo: GatewayProcess) -> None:
    address, number, password, secret = (await deferToThread(said, demo)).groups()
    code = totp.code_of(secret, totp.step_at(time.time()))
    form = {"operator": number, "password": password, "code": code}
    status, told = await deferToThread(ask, address, form)
    assert (status, told["role"]) == (201, "leader")
    assert await demo.stop() == 0
    with pytest.raises(OSError, match="refused"):
        await deferToThread(ask, address, form)


class PagesVisitor:
    """Somebody at the pages, without scripts."""

    def __init__(self, address: str, number: str, password: str, secret: str) -> None:
        self.address = address
        code = totp.code_of(secret, totp.step_at(time.time()))
        form = {"operator": number, "password": password, "code": code}
        body = json.dumps(form).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{address}/api/v1/session", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
            self.csrf = str(json.load(answer)["csrf"])

    def page(self, path: str, form: dict[str, str] | None = None) -> str:
        body = urlencode({"csrf": self.csrf, **form}).encode() if form is not None else None
        headers = {"Cookie": self.cookie, "Origin": self.address, "Accept": "text/html"}
        request = urllib.request.Request(f"{self.address}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def until(self, path: str, words: str) -> str:
        give_up = time.monotonic() + 30
        while words not in (page := self.page(path)):
            assert time.monotonic() < give_up, page
            time.sleep(0.05)
        return page


def telephones(address: str, number: str, password: str, secret: str) -> None:
    visitor = PagesVisitor(address, number, password, secret)
    assert "先选一个号码" in visitor.page("/phone")
    visitor.page("/phone/number", {"number": "13800138001"})
    visitor.page("/phone", {"do": "sms", "text": "YE"})
    visitor.until("/phone", "56.80")
    visitor.page("/phone", {"do": "dial", "text": "*139#"})
    assert "(对话已结束)" not in visitor.until("/phone", "1.")
    visitor.page("/phone", {"do": "leave", "text": ""})
    visitor.page("/phone", {"do": "call", "text": ""})
    visitor.until("/phone", "♪")
    visitor.page("/phone", {"do": "ring_off", "text": ""})
    # whoever looks the number up finds what was done with it
    found = visitor.page("/subscribers", {"number": "13800138001", "reason": "试机"})
    assert "余额" in found
    assert "上行" in found
    assert "2/2" in visitor.until("/", "正常")
    # nobody hears the simulated exchange but by reading: that no sounds were made is no fault
    assert "未就绪" not in visitor.until("/links", "就绪")


@pytest_twisted.ensureDeferred
async def test_a_phone_of_its_network_is_used_from_a_page(demo: GatewayProcess) -> None:
    told = await deferToThread(said, demo)
    await deferToThread(telephones, *told.groups())
    assert await demo.stop() == 0
