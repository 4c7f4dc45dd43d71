"""`hallgate interfaces`, as a shift leader types it."""

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
    return [
        "--set",
        f"store.url=sqlite:///{tmp_path / 'hall.db'}",
        "--set",
        f"secrets.key={'0f' * 32}",
    ]


def says(capsys: pytest.CaptureFixture[str], store: list[str], *words: str) -> tuple[int, str]:
    status = main(["interfaces", *words, *store])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_from_the_first_day_to_the_last(
    store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = says(capsys, store, "add", "61", "东单营业厅", "--kind", "hall", "--operators", "80001")
    assert said == (
        0,
        "61 东单营业厅: hall, open\nIt opens nothing yet: hallgate interfaces key 61\n",
    )
    status, told = says(capsys, store, "key", "61", "--json")
    key = json.loads(told)
    assert (status, key["key"].partition(".")[0]) == (0, key["id"])
    assert says(capsys, store, "change", "61", "--hours", "8:00-18:00")[0] == 0
    assert (
        says(capsys, store, "stop", "61", "--reason", "猜密码")[1]
        == "61 东单营业厅: hall, stopped\n"
    )
    (row,) = json.loads(says(capsys, store, "list", "--json")[1])
    assert (row["state"], row["hours"], row["operators"], row["keys"]) == (
        "stopped", "8:00-18:00", ["80001"], [key["id"]],
    )  # fmt: skip
    assert key["key"] not in json.dumps(row)
    assert says(capsys, store, "end-key", "61", key["id"])[0] == 0
    assert "now 6101" not in says(capsys, store, "renumber", "61", "6101")[1]
    assert says(capsys, store, "close", "6101")[0] == 0
    settings = read_settings(None, store[1::2], {})
    with prepared_store(settings) as opened, opened.reading() as connection:
        acts = [r.entry.action for r in SqlAudit(connection, opened.seal).find(AuditQuery(), 20)]
    assert acts[::-1] == [
        f"interfaces.{act}" for act in ("add", "key", "change", "stop", "key", "renumber", "close")
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "10", "x", "--kind", "web"), "one of the hall's own"),
        (("add", "6", "x", "--kind", "web"), "two to eight digits"),
        (("add", "６１", "x", "--kind", "web"), "two to eight digits"),
        (("add", "61", "x", "--kind", "hall"), "name them"),
        (("add", "61", "x", "--kind", "group"), "names its group customer"),
        (("add", "61", "x", "--kind", "web", "--operations", "fly"), "cannot do 'fly'"),
        (("add", "61", "x", "--kind", "bank", "--operations", "paid_service"), "it can do: "),
        (("add", "61", "x", "--kind", "web", "--hours", "8-18"), "written like 8:00-18:00"),
        (("add", "61", "x", "--kind", "web", "--certificate", "ff"), "SHA-256"),
        (("add", "61", " ", "--kind", "web"), "1 to 60 characters"),
        (("stop", "61"), "there is no interface 61"),
    ],
)
def test_what_cannot_be_is_told(
    store: list[str], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    status, told = says(capsys, store, *words)
    assert status == 1
    assert why in told


def test_a_number_is_given_once(store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Also when it is closed."""
    assert says(capsys, store, "add", "71", "x", "--kind", "web")[0] == 0
    assert says(capsys, store, "close", "71")[0] == 0
    assert says(capsys, store, "add", "71", "y", "--kind", "web")[0] == 1
    for act in ("open", "stop", "key", "close"):
        assert "is closed" in says(capsys, store, act, "71")[1]
