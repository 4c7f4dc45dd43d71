"""What takes seconds to read of conf/ is read before somebody asks for it, and once. Asserted by
what was read and who waited for it, not by how long it took."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from gateway.config.editions.conf_files import conf_files, version_of
from gateway.config.editions.edition import FROM_CONF, Edition
from gateway.config.settings import OWN_CONF
from gateway.config.sources import read_settings
from gateway.editions.last_read import LastRead
from gateway.editions.publishing import Publisher
from gateway.editions.served_editions import ServedEditions
from gateway.ops.log import Log
from gateway.serving.beside.counter import CounterReads
from gateway.serving.beside.doors import Doors
from gateway.store.editions.editions import SqlEditions
from tests.gateway.api.console import Browser, Console, console
from tests.gateway.api.test_process import events, until

DOOR = {"number": "901", "kind": "bank", "name": "x", "operations": ["query"]}


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Console]:
    with opened(tmp_path) as running:
        running.hire("boss", "admin")
        running.hire("writer", "business")
        yield running


def opened(folder: Path) -> AbstractContextManager[Console]:
    conf = folder / "conf"
    if not conf.exists():
        shutil.copytree(OWN_CONF, conf, ignore=shutil.ignore_patterns("var"))
    return console(f"sqlite:///{folder / 'hall.db'}", folder, f"conf={conf}", samples=False)


def read(running: Console) -> list[tuple[object, object]]:
    return [(one["version"], one["ahead"]) for one in events(running)
            if one["event"] == "edition read"]  # fmt: skip


def has_read_ahead(running: Console, times: int = 1) -> bool:
    return [one["event"] for one in events(running)].count("read ahead") >= times


def kept(running: Console, name: str, author: str = FROM_CONF) -> str:
    """Other files, as a gateway finds them in its conf/ when it is reloaded; their version."""
    files = dict(conf_files(OWN_CONF))
    files["tickets.yaml"] += f"\n# {name}\n"
    version = version_of(files)
    with running.store.transaction() as connection:
        edition = Edition(version, int(time.time()), author, "", files)
        SqlEditions(connection).keep(edition)
    return version


def decided(running: Console, deed: Callable[[Publisher], object]) -> None:
    with running.store.transaction() as connection:
        deed(Publisher(SqlEditions(connection), "cli:test", int(time.time())))


def waited(running: Console, by: Browser, *versions: str) -> list[object]:
    """Which editions somebody waited for who looks at these, and at pages that show parts."""
    for version in versions:
        told = running.ask("POST", "/api/v1/editions/difference", {"base": version}, by)
        assert told.status == 200, told
        shown = running.ask("POST", "/api/v1/editions/preview",
                            {"base": version, "names": ["hall"]}, by)  # fmt: skip
        assert shown.status == 200, shown
    return [version for version, ahead in read(running) if not ahead]


def test_conf_is_read_once_when_it_begins_whoever_serves_from_it(
    alone: Console, tmp_path: Path
) -> None:
    """Pages, walks on what a gateway has found in the same conf/, and doors of other interfaces."""
    boss = alone.log_in("boss")
    assert alone.ask("POST", "/api/v1/interfaces", DOOR, boss).status == 201
    own = conf_files(tmp_path / "conf")
    with alone.store.transaction() as connection:
        edition = Edition(version_of(own), int(time.time()), FROM_CONF, "", own)
        SqlEditions(connection).keep(edition)
    alone.stop()
    with opened(tmp_path) as again:
        until(lambda: has_read_ahead(again))
        assert read(again) == [(version_of(own), True)]


def test_what_a_gateway_finds_in_its_conf_is_read_without_a_publish(alone: Console) -> None:
    until(lambda: has_read_ahead(alone))
    version = kept(alone, "taken at SIGHUP")
    until(lambda: (version, True) in read(alone))
    assert waited(alone, alone.log_in("writer"), version) == []


def test_nobody_waits_for_what_is_published_tried_out_or_was_before(alone: Console) -> None:
    until(lambda: has_read_ahead(alone))
    before, held, tried = (kept(alone, name, "writer") for name in ("a", "b", "c"))
    decided(alone, lambda publisher: publisher.put_in_force(before))
    decided(alone, lambda publisher: publisher.put_in_force(held))
    decided(alone, lambda publisher: publisher.try_out(tried, 50, frozenset()))
    for version in (before, held, tried):
        until(lambda one=version: (one, True) in read(alone))  # type: ignore[misc]
    assert waited(alone, alone.log_in("writer"), before, held, tried) == []


def test_who_asks_for_what_nobody_could_foresee_is_told_to_have_waited(alone: Console) -> None:
    """So that the tests above would see it."""
    until(lambda: has_read_ahead(alone))
    typed = {"files": {"tickets.yaml": conf_files(OWN_CONF)["tickets.yaml"] + "\n# typed\n"}}
    writer = alone.log_in("writer")
    assert alone.ask("POST", "/api/v1/editions/check", typed, writer).json["findings"] == []
    until(lambda: [ahead for _, ahead in read(alone)][-1] is False)


def test_doors_serve_from_what_was_read_already(alone: Console, tmp_path: Path) -> None:
    boss = alone.log_in("boss")
    assert alone.ask("POST", "/api/v1/interfaces", DOOR, boss).status == 201
    settings = read_settings(None, [f"conf={tmp_path / 'conf'}"], {})
    told = list[str]()
    last = LastRead(lambda version, ahead: told.append(version))
    editions = ServedEditions(alone.store, lambda: settings, last)
    reads = CounterReads(editions.own, editions.edition)
    doors = Doors(settings, alone.store, time.time, Log(), reads)
    doors.warm()
    assert told == [version_of(conf_files(tmp_path / "conf"))]
    version = kept(alone, "a", "writer")
    decided(alone, lambda publisher: publisher.put_in_force(version))
    doors.reload()
    assert len(told) == 2
    doors.close()
