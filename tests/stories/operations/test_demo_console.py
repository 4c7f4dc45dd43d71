"""`hallgate demo` starts the console, says who can log in, and takes it along when it ends."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from gateway.security import totp
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow
SAID = re.compile(
    r"API for people who work here: (\S+)/api/v1/ [\s\S]*"
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
