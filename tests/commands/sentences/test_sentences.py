"""Subscribers' own words go through the real conversation: enough is understood, and nothing that
must never be is done or proposed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.commands.sentences.answers_given import answered
from tests.commands.sentences.score import score

TABLES = sorted(Path(__file__).parent.glob("*.tsv"))
TODAY = date(2026, 11, 21)  # of the phones in tests/commands
NEEDED = 0.95


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_sentences_are_understood(table: Path) -> None:
    """What is wrong is printed."""
    found = score(table, answered, TODAY)
    print(*found.wrong, sep="\n")
    assert not found.never
    assert found.accuracy >= NEEDED


def test_the_score_knows_right_from_wrong(tmp_path: Path) -> None:
    """A scorer that finds everything right would prove nothing."""
    table = tmp_path / "table.tsv"
    table.write_text(
        "text\texpect\tnever\twhy\n"
        "余额\tq.balance,suggest:q.balance\tsv.*\tquery: right\n"
        "彩铃退了\tsv.cancel.tone,suggest:sv.cancel.tone\tsv.order*\torder: turned round\n"
        "上月账单\tq.bill(-1)\t\tquery: another month\n",
        encoding="utf-8",
    )
    answers = {
        "余额": ["done:q.balance"],
        "彩铃退了": ["suggest:sv.cancel.tone(CL)", "suggest:sv.order.tone(CL)"],
        "上月账单": ["done:q.bill(202609)"],
    }
    found = score(table, answers.__getitem__, TODAY)
    assert [wrong.sentence.text for wrong in found.wrong] == ["彩铃退了", "上月账单"]
    assert [wrong.broken for wrong in found.never] == [("sv.order*",)]
    assert found.right == {"query": 1, "order": 0}
