"""What `hallgate doctor` finds wrong, each with its cure; and that it changes nothing."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.cli import main
from gateway.cli.upkeep.examine import machine
from gateway.cli.upkeep.examine.finding import Health, HealthFinding
from gateway.config.settings import OWN_CONF
from gateway.store.migrations.schema_version import newest
from gateway.store.store import Store
from tests.server import free_port

KEY = bytes(range(32)).hex()
Found = dict[str, dict[str, str]]


@pytest.fixture
def listening() -> Iterator[int]:
    """A port at which somebody is."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def doctor(
    capsys: pytest.CaptureFixture[str], *sets: str, status: int = 0, key: str = KEY
) -> Found:
    """What it found, by what it is about; the ports are free unless they are given."""
    ours = [f"http.listen=127.0.0.1:{free_port()}", f"console.listen=127.0.0.1:{free_port()}"]
    words = [word for each in (*ours, f"secrets.key={key}", *sets) for word in ("--set", each)]
    capsys.readouterr()
    assert main(["doctor", "--json", *words]) == status
    return {each["what"]: each for each in json.loads(capsys.readouterr().out)}


def url(store: Store) -> str:
    return f"store.url={store.engine.url.render_as_string(hide_password=False)}"


def test_a_machine_that_is_well(
    store: Store, listening: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a link that answers: no line is wrong."""
    link = f"smpp.links=[{{name: a, host: 127.0.0.1, port: {listening}}}]"
    found = doctor(capsys, url(store), link)
    assert [each for each in found.values() if each["health"] == "wrong"] == []
    assert {"Python", "open files", "clock", "time zone", "schema", "SMSC a", "conf/"} <= set(found)


def test_each_that_is_wrong_has_its_cure(
    store: Store, listening: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody at the SMSC's port, nor at Redis's, nor at the BOSS's; ours is taken."""
    away = free_port()
    found = doctor(
        capsys, url(store),
        f"smpp.links=[{{name: a, host: 127.0.0.1, port: {away}}}]",
        f"sessions.url=redis://127.0.0.1:{away}/0",
        f"boss.url=http://127.0.0.1:{away}",
        f"http.listen=127.0.0.1:{listening}",
        status=1,
    )  # fmt: skip
    for what in ("SMSC a", "Redis", "BOSS"):
        assert (found[what]["health"], bool(found[what]["cure"])) == ("wrong", True)
    assert (found["http.listen"]["health"], "ss -ltnp" in found["http.listen"]["cure"]) == (
        "warn", True,
    )  # fmt: skip


def test_another_key_and_an_older_schema_are_seen(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    found = doctor(capsys, url(store), key="ff" * 32, status=1)
    assert found["key"]["health"] == "wrong"
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    try:
        found = doctor(capsys, url(store), status=1)
    finally:
        with store.transaction() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{newest()}'"))
    assert found["schema"]["cure"] == "hallgate db upgrade"


def test_a_server_that_is_away(capsys: pytest.CaptureFixture[str]) -> None:
    gone = f"store.url=postgresql+psycopg://hall:pa55word@127.0.0.1:{free_port()}/hall"
    found = doctor(capsys, gone, status=1)
    assert (found["store"]["health"], "pa55word" in str(found)) == ("wrong", False)


def test_nothing_is_made_by_looking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No store, no key."""
    own = tmp_path / "own.yaml"
    own.write_text("store: {url: sqlite:///var/hall.db}\nhttp: {listen: 'off'}\n")
    assert main(["doctor", "--config", str(own)]) in (0, 1)
    assert [file.name for file in tmp_path.iterdir()] == ["own.yaml"]


def test_a_store_that_others_may_read(
    sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(str(sqlite_store.engine.url.database))
    file.chmod(0o644)
    found = doctor(capsys, url(sqlite_store), status=1)
    assert found["store"]["cure"] == f"chmod 600 {file}"


def test_a_mistake_in_conf_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = tmp_path / "conf"
    shutil.copytree(OWN_CONF, conf)
    (conf / "commands.yaml").write_text("commands: 7\n")
    found = doctor(capsys, f"conf={conf}", f"store.url=sqlite:///{tmp_path}/h.db", status=1)
    assert "commands.yaml" in found["conf/"]["found"]


@pytest.mark.parametrize(
    ("finding", "health"),
    [
        (machine._clock(0.0, None), Health.WRONG),
        (machine._clock(1_795_267_800.0, False), Health.MIND),
        (machine._clock(1_795_267_800.0, True), Health.WELL),
        (machine._files(256), Health.MIND),
        (machine._files(65_536), Health.WELL),
    ],
)
def test_clock_and_limits(finding: HealthFinding, health: Health) -> None:
    assert finding.health is health
    assert bool(finding.cure) == (health is not Health.WELL)
    assert ("cure: " in str(finding)) == bool(finding.cure)
