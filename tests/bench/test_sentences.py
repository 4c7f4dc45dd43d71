"""The measurement of understanding tells what was wanted."""

from __future__ import annotations

from collections import Counter

from tests.bench.sentences import told
from tests.commands.sentences.score import Score


def test_the_score_is_told_by_group() -> None:
    """With the time of a code and of a sentence."""
    scored = {"dev": Score(Counter(query=8, danger=1), Counter(query=9, danger=1), ())}
    said = told(scored, 4.25, [0.2, 0.4, 3.0])
    assert "dev    9/10 0.900, never: 0;  query 8/9  danger 1/1" in said
    assert "a bare code 4.2 µs (wanted: 50); a sentence 0.40 ms, the worst 3.00" in said
