"""The log of a gateway that is rotated by the real logrotate, with the rules that
docs/running.md gives."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gateway.config.settings import PROJECT
from simulators.smsc.smsc import Smsc
from tests.packages import LOGROTATE
from tests.services import program
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess

pytestmark = [pytest.mark.slow, pytest.mark.service]

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
ME = "13800138001"
ROTATED = 6  # times: also what is rotated is rotated, and compressed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log lies; logrotate takes none that others may write into."""
    made = tmp_path / "log"
    made.mkdir(mode=0o755)
    return made


def documented(folder: Path) -> str:
    """The rules, for this folder."""
    page = (PROJECT / "docs" / "running.md").read_text(encoding="utf-8")
    (rules,) = re.findall(r"^# /etc/logrotate.d/hallgate\n(.*?)^```", page, re.M | re.S)
    there = rules.replace("/var/log/hallgate/", f"{folder}/")
    assert str(folder) in there
    return str(there)


def rotates(rules: Path) -> str:
    """What logrotate has to say when it is told to rotate at once."""
    state = rules.with_suffix(".state")
    command = [str(program(LOGROTATE)), "--force", "--state", str(state), str(rules)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" + (f"status {done.returncode}" if done.returncode else "")


def lines_of(folder: Path) -> Iterator[dict[str, object]]:
    """Of all files there."""
    for path in sorted(folder.iterdir()):
        opens = gzip.open if path.suffix == ".gz" else open
        with opens(path, "rb") as file:
            yield from map(json.loads, file)


def test_the_gateway_alone_makes_the_new_file(folder: Path) -> None:
    """If logrotate made it as well, it would move away the one that it finds, and the second time
    over the first: that happens rarely, and then what was written there is lost."""
    assert re.findall(r"^\s*(?:no)?create\b.*", documented(folder), re.M) == ["    nocreate"]


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest_twisted.ensureDeferred
async def test_logrotate_loses_nothing_and_nobody_is_told(
    folder: Path, place: Deployment, smscs: Smscs, start: Start
) -> None:
    """While subscribers are answered, without a signal and without a restart: each message is told
    once, in whole lines, and nothing lies beside the files that logrotate keeps count of."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    rules = place.folder / "hallgate.conf"
    rules.write_text(documented(folder), encoding="utf-8")
    rules.chmod(0o644)
    process = start("run", "--config", place.file, "--log", folder / "hall.log")
    answered, rotated = 0, Deferred[None]()

    async def asks() -> None:
        nonlocal answered
        while not rotated.called:
            smsc.send(ME, "YE")
            await smsc.phone(ME).next(60)
            answered += 1

    asking = Deferred.fromCoroutine(asks())
    said: list[str] = []
    for _ in range(ROTATED):
        before = answered
        # the gateway makes the file anew once it sees that it was moved away
        while answered < before + 3 or not (folder / "hall.log").exists():
            await _turn()
        said.append(await deferToThread(rotates, rules))
    rotated.callback(None)
    await asking
    assert await process.stop() == 0
    assert said == [""] * ROTATED
    lines = list(lines_of(folder))
    events = [line["event"] for line in lines]
    assert [events.count(name) for name in ("open", "closed", "log lines lost")] == [1, 1, 0]
    told = [line["id"] for line in lines if line["event"] == "served"]
    assert len(told) == len(set(told)) == answered
    kept = ["hall.log", "hall.log.1", *(f"hall.log.{n}.gz" for n in range(2, ROTATED + 1))]
    assert modes(folder) == dict.fromkeys(kept, 0o640)


async def _turn() -> None:
    from twisted.internet import reactor

    await deferLater(reactor, 0.01)
