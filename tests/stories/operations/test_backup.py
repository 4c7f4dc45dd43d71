"""A backup made while messages are served, and a hall made of it: nothing is missing, nothing is
overwritten."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import func, select
from twisted.internet.threads import deferToThread

from gateway.store.tables import inbox, outbox
from simulators.smsc.smsc import Smsc
from tests.services import PostgresServer
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import PROGRAM
from tests.stories.hall import SIGNATURES, Hall

ZHANG = "13800138001"
ASKED = 300  # messages of others that are served while the copy is made


def say(*words: object, status: int = 0) -> str:
    """What `hallgate` prints, complaints and all."""
    ran = subprocess.run(
        [PROGRAM, *map(str, words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert ran.returncode == status, ran.stdout
    return ran.stdout


@contextmanager
def another(
    house: Deployment, folder: Path, request: pytest.FixtureRequest
) -> Iterator[Deployment]:
    """A house of the same kind with nothing in it."""
    folder.mkdir()
    if house.store_url.startswith("sqlite"):
        yield Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        yield Deployment(folder, url)


def rows(house: Deployment) -> dict[str, int]:
    with house.store() as store, store.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (inbox, outbox)
        }


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_hall_is_copied_while_it_serves_and_restored_elsewhere(
    hall: Hall, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of every message that is in the copy its answer is as well: one transaction holds both."""
    phone = hall.phone(ZHANG)
    assert "话费余额" in await phone.asks("YE")
    before = rows(hall.house)
    file, key = tmp_path / "hall.tgz", tmp_path / "hall.key"
    words = ["--config", hall.house.file, "--verify", "--key", key]
    made = deferToThread(say, "backup", file, *words)
    asking = [hall.somebody() for _ in range(ASKED)]
    for one in asking:
        one.sends("YE")
    told = await made
    assert "verified" in told
    for one in asking:
        assert (await one.next()).text.endswith(SIGNATURES)
    served = rows(hall.house)
    with another(hall.house, tmp_path / "new", request) as house:
        house.configure([])
        restored = say("restore", file, "--config", house.file, "--verify", "--key", key)
        assert "the store opens with this hall's key; audit:" in restored
        found = rows(house)
        assert before["inbox"] <= found["inbox"] <= served["inbox"]
        with house.store() as store, store.reading() as connection:
            answered = select(outbox.c.id - outbox.c.id % 8)
            alone = select(inbox.c.id).where(inbox.c.action == "q.balance")
            alone = alone.where(inbox.c.id.not_in(answered))
            assert connection.execute(alone).all() == []
        again = say("restore", file, "--config", house.file, "--key", key, status=1)
        assert "already" in again


@pytest.fixture
def copied(place: Deployment, tmp_path: Path) -> Path:
    """A backup of a house where nobody is."""
    file = tmp_path / "hall.tgz"
    say("backup", file, "--config", place.file)
    return file


def test_the_key_is_not_in_it(copied: Path, place: Deployment, tmp_path: Path) -> None:
    """And without it nothing is restored: the words say where it belongs."""
    (key_file,) = place.folder.glob("hall.db.key")
    content = b"".join(_contents(copied).values())
    assert key_file.read_text().strip().encode() not in content
    assert bytes.fromhex(key_file.read_text().strip()) not in content
    elsewhere = Deployment(tmp_path / "e", f"sqlite:///{tmp_path / 'e' / 'hall.db'}")
    elsewhere.folder.mkdir()
    elsewhere.configure([])
    told = say("restore", copied, "--config", elsewhere.file, status=1)
    assert f"put it at {elsewhere.folder / 'hall.db.key'}" in told
    wrong = tmp_path / "wrong.key"
    wrong.write_text("00" * 32)
    told = say("restore", copied, "--config", elsewhere.file, "--key", wrong, status=1)
    assert "made with another key" in told
    assert [file.name for file in elsewhere.folder.iterdir()] == ["gateway.yaml"]


def test_conf_and_the_configuration_are_in_it(
    copied: Path, place: Deployment, tmp_path: Path
) -> None:
    """As they were written; they are given back into a new folder."""
    names = _contents(copied)
    assert names["gateway.yaml"] == place.file.read_bytes()
    assert "conf/commands.yaml" in names
    words = ["--config", place.file, "--replace", "--conf", tmp_path / "conf-then"]
    say("restore", copied, *words)
    there = (tmp_path / "conf-then" / "commands.yaml").read_bytes()
    assert there == (place.settings.conf / "commands.yaml").read_bytes()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_store_that_is_in_use_is_never_replaced(
    place: Deployment, copied: Path, smscs: Callable[..., Smsc], start: Callable[..., Any]
) -> None:
    """Not even if told to; once it rests, the old one is set aside and not lost."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    process = start("run", "--config", place.file)
    await process.serving()
    words = ["restore", copied, "--config", place.file, "--replace"]
    assert "stop the gateways" in await deferToThread(say, *words, status=1)
    smsc.send(ZHANG, "YE")
    assert "话费余额" in (await smsc.phone(ZHANG).next(15)).text
    assert await process.stop() == 0
    assert "is now" in await deferToThread(say, *words)
    assert len(list(place.folder.glob("hall.db.before-*"))) == 1
    assert rows(place)["inbox"] == 0


def test_what_was_spoilt_is_not_restored(copied: Path, place: Deployment, tmp_path: Path) -> None:
    """Cut short, or with another store inside; the store that is there stays."""
    stays = (place.folder / "hall.db").read_bytes()
    cut = tmp_path / "cut.tgz"
    cut.write_bytes(copied.read_bytes()[:-2000])
    words = ["--config", place.file, "--replace"]
    assert "no whole backup" in say("restore", cut, *words, status=1)
    swapped = tmp_path / "swapped.tgz"
    contents = _contents(copied)
    contents["store.db"] = contents["store.db"].replace(ZHANG.encode(), b"13800138009")
    contents["store.db"] += b"x"
    _archive(swapped, contents)
    assert "store.db is not as it was written" in say("restore", swapped, *words, status=1)
    empty = tmp_path / "other.tgz"
    _archive(empty, {"a": b"b"})
    assert "no backup of Hallgate" in say("restore", empty, *words, status=1)
    assert (place.folder / "hall.db").read_bytes() == stays


def test_nothing_is_written_over_a_backup(copied: Path, place: Deployment) -> None:
    was = copied.read_bytes()
    assert "name a new file" in say("backup", copied, "--config", place.file, status=1)
    assert copied.read_bytes() == was
    assert copied.stat().st_mode & 0o077 == 0


def test_a_look_changes_nothing(copied: Path, place: Deployment) -> None:
    was = sorted(file.name for file in place.folder.iterdir())
    told = say("restore", copied, "--config", place.file, "--dry-run")
    assert "whole; schema" in told
    assert sorted(file.name for file in place.folder.iterdir()) == was


def _contents(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {
            member.name: reader.read()
            for member in archive
            if (reader := archive.extractfile(member)) is not None
        }


def _archive(into: Path, contents: dict[str, bytes]) -> None:
    with tarfile.open(into, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root restores what belongs to another user")
def test_what_root_restores_belongs_to_whom_the_folder_belongs_to(
    copied: Path, place: Deployment
) -> None:
    """The service of a package runs as its own user, and could open nothing of root's."""
    key = place.folder / "hall.db.key"
    whole = key.with_name("kept.key")
    key.rename(whole)
    os.chown(place.folder, 65534, 65534)
    words = ["--config", place.file, "--replace", "--verify", "--key", whole]
    assert "the store opens" in say("restore", copied, *words)
    there = [file for file in place.folder.iterdir() if file.name.startswith("hall.db")]
    made = [file for file in there if ".before" not in file.name]
    assert {key.name, "hall.db"} <= {file.name for file in made}
    assert {(file.stat().st_uid, file.stat().st_gid) for file in made} == {(65534, 65534)}
