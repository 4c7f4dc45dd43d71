"""What is measured; each prints its figures."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from gateway.config.settings import OWN_CONF
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.figures.names import read_figure_names
from gateway.figures.reading import read_period
from gateway.figures.report import month_of, report
from gateway.model.figures import LocalDays
from gateway.serving.jobs.reminding import ReminderSweep
from gateway.store.figures.roll_up import DueCount, RollUp
from gateway.store.store import Store
from tests.gateway.api.console import PROGRAM, Console, console
from tests.gateway.hall import own_book
from tests.scale.console_busy import console_busy
from tests.scale.console_pages import ROLES, console_pages
from tests.scale.millions import FIRST, MILLION, put_messages, put_subscribers
from tests.scale.processes import work_of
from tests.services import PostgresServer

DAY = date(2026, 11, 10)
RESTS = 0.004  # as a gateway does after each thousand rows
BATCH = 500  # events in a request


@contextmanager
def place(*sets: str, samples: bool = False) -> Iterator[tuple[Console, Path]]:
    """A console on a PostgreSQL that keeps what it has said."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = PostgresServer()
        server.start()
        stack.callback(server.stop)
        url = stack.enter_context(server.fresh_database())
        yield stack.enter_context(console(url, folder, *sets, samples=samples)), folder


def timed(what: str, do: Callable[[], object]) -> float:
    begun, worked = time.perf_counter(), time.process_time()
    do()
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    print(f"{what}: {took:.1f} s, {worked:.1f} s of them work of this process", flush=True)
    return took


def figures() -> None:
    """A day of a million messages rolled up, as a gateway does it; then a month's report."""
    with place() as (hall, _):
        timed("made subscribers", lambda: put_subscribers(hall.store, 300_000))
        timed("made a day of 1,000,000 messages", lambda: put_messages(hall.store, DAY))
        names = read_figure_names(OWN_CONF)
        roll_up = RollUp(hall.store, names.groups, time.time, lambda: time.sleep(RESTS))
        begins = LocalDays(hall.store.calendar.zone).begins(DAY)
        timed("one of its hours", lambda: roll_up.do(DueCount(begins + 12 * 3600, DAY)))
        timed("the day", lambda: roll_up.do(DueCount(begins, DAY, whole=True)))
        _whole_month(hall.store)

        def shown() -> None:
            with hall.store.snapshot() as connection:
                period = month_of(DAY)
                made = report(period, read_period(hall.store, connection, period), names)
            assert made.sections

        timed("a month's report, counted", shown)
        hall.hire("lead", "leader")
        lead = hall.log_in("lead")
        path = f"/api/v1/figures/month?at={DAY}"
        for which in ("first", "second"):
            what = f"a month's report by the API, the {which} time"
            timed(what, lambda: hall.ask("GET", path, by=lead))


def _whole_month(store: Store) -> None:
    """Each of its days like the one that was counted."""
    days = LocalDays(store.calendar.zone)
    with store.transaction() as connection:
        for n in range(30):
            shift = days.begins(date(2026, 11, 1) + timedelta(n)) - days.begins(DAY)
            if not shift:
                continue
            for table in ("figures_by_day", "figures_by_hour", "figures_counted", "figure_texts"):
                _copied(connection, table, days.begins(DAY), shift)


def _copied(connection: object, table: str, begins: int, shift: int) -> None:
    names = "SELECT column_name FROM information_schema.columns WHERE table_name = :name"
    run = connection.execute  # type: ignore[attr-defined]
    columns = [row[0] for row in run(text(names), {"name": table})]
    told = ", ".join(f'"{one}"' for one in columns)
    made = ", ".join(f'"{one}" + :shift' if one == "start" else f'"{one}"' for one in columns)
    within = "start >= :begins AND start < :begins + 86400"
    statement = f"INSERT INTO {table} ({told}) SELECT {made} FROM {table} WHERE {within}"
    run(text(statement), {"begins": begins, "shift": shift})


def reminders() -> None:
    """A sweep by what has changed, with few and with a million subscribers in the store."""
    with place() as (hall, _):
        made = 0
        for so_many in (10_000, MILLION):
            put_more(hall.store, made, so_many)
            made = so_many
            timed(f"nothing has changed among {so_many:,}", _sweeping(hall.store).step)
            _change(hall.store, 10_000)
            timed(f"10,000 of {so_many:,} have changed", lambda: _sweep(hall.store))


def put_more(store: Store, made: int, wanted: int) -> None:
    with store.transaction() as connection:
        connection.execute(text("DELETE FROM subscribers"))
        connection.execute(text("DELETE FROM reminders"))
        connection.execute(text("DELETE FROM unasked"))
    put_subscribers(store, wanted)
    print(f"{made:,} -> {wanted:,} subscribers", flush=True)


def _change(store: Store, count: int) -> None:
    """Every second of them falls below the amount of the rule."""
    with store.transaction() as connection:
        connection.execute(
            text("""UPDATE subscribers
                 SET balance_fen = CASE msisdn % 2 WHEN 0 THEN 500 ELSE 4000 END
                 WHERE msisdn < :last"""),
            {"last": FIRST + count},
        )


def _sweeping(store: Store) -> ReminderSweep:
    return ReminderSweep(store, lambda: EditionsInForce(own_book()), lambda: NOON)


NOON = 1_795_752_000  # 2026-11-27 12:00 in the hall's zone


def _sweep(store: Store) -> None:
    sweep, told = _sweeping(store), 0
    while (step := sweep.step()).looked:
        told += len(step.told)
    print(f"  told {told:,}", flush=True)


def events() -> None:
    """What a BOSS tells, in batches, by HTTP and kept; then worked off by a gateway's sweep."""
    with place("console.requests_per_minute=1000000") as (hall, _):
        put_subscribers(hall.store)
        hall.hire("boss", "boss")
        token = hall.log_in("boss", bearer=True).bearer
        count = 60_000
        before = work_of(hall.process.pid)
        took = timed(f"{count:,} events, {BATCH} a request", lambda: _tell(hall, token, count))
        worked = work_of(hall.process.pid) - before
        print(f"  {count / took:,.0f} a second; {worked:.1f} s work of the console", flush=True)
        took = timed(f"{count:,} events worked off", lambda: _sweep(hall.store))
        print(f"  {count / took:,.0f} a second", flush=True)


def _tell(hall: Console, token: str | None, count: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for first in range(0, count, BATCH):
        told = [
            {"id": f"B-{n}", "number": str(FIRST + n * 7 % MILLION), "kind": "recharge",
             "at": "2026-11-27T11:59:00+08:00", "fen": 5000, "what": "bank", "balance_fen": 9000}
            for n in range(first, first + BATCH)
        ]  # fmt: skip
        line.request("POST", "/api/v1/events", json.dumps({"events": told}), headers)
        answer = line.getresponse()
        said = answer.read()
        assert answer.status == 202, said
    line.close()


def lists() -> None:
    """A file of a million numbers taken into a customer list."""
    with place() as (hall, folder):
        file = folder / "numbers.csv"
        file.write_text("".join(f"{FIRST + n},partner\n" for n in range(MILLION)))
        url = hall.store.engine.url.render_as_string(hide_password=False)
        sets = ("--set", f"store.url={url}", "--set", "secrets.key=" + "0f" * 32)
        run = [
            str(PROGRAM),
            "lists",
            "import",
            "30",
            str(file),
            "--origin",
            "bank-a",
            "--apply",
            *sets,
        ]
        timed("1,000,000 lines of CSV", lambda: subprocess.run(run, check=True))


def pages() -> None:
    """Each page of the console, with a million messages of history."""
    options = ("console.requests_per_minute=10000000", "http.listen=off")
    with place(*options, samples=True) as (hall, _):
        for role in ROLES:
            hall.hire(role, role)
        console_pages(hall, read_figure_names(OWN_CONF).groups)


MEASURES = {
    "figures": figures,
    "reminders": reminders,
    "events": events,
    "lists": lists,
    "console_busy": console_busy,
    "console_pages": pages,
}
