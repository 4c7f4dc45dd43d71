"""Whether short messages are answered as fast while people work at the console: rounds without and
with them, in turn. Say `python -m tests.scale console_busy` on a machine that does nothing else."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import Process
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from simulators.load import CappedPace, LoadPhase, LoadResult, LoadSmsc, Subscribers
from tests.gateway.api.console import PROGRAM, Browser, Console, console
from tests.gateway.api.served import ZHANG
from tests.gateway.console.test_live import stream
from tests.gateway.console.visitors import ask, send
from tests.services import PostgresServer

PEOPLE = 10  # at the console
PAUSE = 1.0  # seconds between two pages of each
ROUNDS = 5
SECONDS = 6.0
PAGES = ("/", "/tickets", "/links", "/figures", "/lists", "/reminders")
KEY = "secrets.key=" + "0f" * 32


def console_busy() -> None:
    for kind in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            url = f"sqlite:///{folder / 'hall.db'}"
            if kind == "PostgreSQL":
                server = PostgresServer()
                server.start()
                stack.callback(server.stop)
                url = stack.enter_context(server.fresh_database())
            hall = stack.enter_context(console(url, folder, "console.requests_per_minute=10000000"))
            sample = _sets(f"store.url={url}", KEY)
            fill: list[str | Path] = [PROGRAM, "db", "sample", "--subscribers", "10000", *sample]
            subprocess.run(fill, check=True, stdout=subprocess.DEVNULL)
            hall.hire("leader", "leader")
            smsc = stack.enter_context(LoadSmsc(0, Subscribers(13_900_000_001, 10_000, b"YE")))
            stack.enter_context(_gateway(url, smsc.port))
            smsc.await_binds(1, 60)
            _told(kind, hall, smsc)


def _told(kind: str, hall: Console, smsc: LoadSmsc) -> None:
    _round(smsc)  # warm
    quiet, busy = [], []
    for _ in range(ROUNDS):
        quiet.append(_round(smsc))
        with _people(hall):
            busy.append(_round(smsc))
    for name, rounds in (("without", quiet), ("with people", busy)):
        rates = " ".join(f"{one.rate:.0f}" for one in rounds)
        slow = median(one.p99_ms for one in rounds)
        print(f"{kind}, {name}: {rates} answers/s, p99 {slow:.0f} ms", flush=True)
    ratio = median(b.rate / q.rate for q, b in zip(quiet, busy, strict=True))
    print(f"{kind}: {ratio:.2f} of the rate with {PEOPLE} people at the console", flush=True)


def _round(smsc: LoadSmsc) -> LoadResult:
    phase = LoadPhase(
        mode="cap", pace=CappedPace(200), warm_up=1.0, duration=SECONDS, messages=None
    )
    return smsc.run(phase)


@contextmanager
def _gateway(url: str, smsc: int) -> Iterator[None]:
    link = f"smpp.links=[{{name: load, port: {smsc}, window: 100}}]"
    sets = _sets(
        f"store.url={url}", KEY, link, "http.listen=off", "ivr.asterisk=[]",
        "limits.queries_per_hour=0",
    )  # fmt: skip
    process = subprocess.Popen([PROGRAM, "run", *sets], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _people(hall: Console) -> Iterator[None]:
    """They look at page after page, and have the live strip open."""
    visitor = hall.log_in("leader")
    people = [Process(target=_works, args=(hall.port, visitor), daemon=True) for _ in range(PEOPLE)]
    for one in people:
        one.start()
    try:
        time.sleep(1)  # they are at it
        yield
    finally:
        for one in people:
            one.kill()
            one.join()


def _works(port: int, visitor: Browser) -> None:
    os.nice(10)  # they sit elsewhere in truth
    hall = Console(port, None, Path(), None)  # type: ignore[arg-type]  # only asked over HTTP
    with stream(hall, visitor, "strip", "links"):
        at = send(hall, "/subscribers", visitor, number=ZHANG, reason="x").headers["location"]
        while True:
            for path in (*PAGES, at):
                ask(hall, "GET", path, by=visitor)
                time.sleep(PAUSE)


def _sets(*options: str) -> list[str]:
    return [word for option in options for word in ("--set", option)]
