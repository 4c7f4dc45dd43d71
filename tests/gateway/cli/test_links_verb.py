"""`hallgate links`, as somebody of operations types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.config.sources import read_settings
from gateway.store.opening import prepared_store
from gateway.store.operators.audit import AuditQuery, SqlAudit


@pytest.fixture
def store(tmp_path: Path) -> list[str]:
    config = tmp_path / "gateway.yaml"
    config.write_text("smpp:\n  links:\n    - {name: smsc-a}\n    - {name: smsc-b}\n")
    url = f"store.url=sqlite:///{tmp_path / 'hall.db'}"
    return ["--config", str(config), "--set", url, "--set", f"secrets.key={'0f' * 32}"]


def says(capsys: pytest.CaptureFixture[str], store: list[str], *words: str) -> tuple[int, str]:
    status = main(["links", *words, *store])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_a_link_is_ordered_about_and_what_is_ordered_is_seen(
    store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    why = ("--reason", "割接")
    assert says(capsys, store, "rate", "smsc-a", "200", *why) == (
        0, "smsc-a: open, 200 parts a second; gateways obey within seconds\n",
    )  # fmt: skip
    assert says(capsys, store, "pause", "smsc-a", *why)[1].startswith(
        "smsc-a: paused, 200 parts a second"
    )
    assert says(capsys, store, "drain", "smsc-b", *why)[0] == 0
    rows = json.loads(says(capsys, store, "show", "--json")[1])
    assert [(row["link"], row["state"], row["rate"], row["reason"]) for row in rows] == [
        ("smsc-a", "paused", 200, "割接"), ("smsc-b", "drained", 0, "割接"),
    ]  # fmt: skip
    assert says(capsys, store, "resume", "smsc-b", *why)[1].startswith("smsc-b: open;")
    settings = read_settings(Path(store[1]), store[3::2], {})
    with prepared_store(settings) as opened, opened.reading() as connection:
        found = SqlAudit(connection, opened.seal).find(AuditQuery(), 10)
    assert [one.entry.action for one in found] == ["links.change"] * 4
    assert found[0].entry.result == "smsc-b: open"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pause", "smsc-c", "--reason", "x"), "there is no link 'smsc-c'"),
        (("pause", "smsc-a"), "say why"),
        (("rate", "smsc-a", "-1", "--reason", "x"), "a rate lies between"),
    ],
)
def test_what_cannot_be_ordered_says_why(
    store: list[str], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    status, said = says(capsys, store, *words)
    assert (status, told in said) == (1, True)
