"""How well sentences are understood, group by group, and what that costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final

from commands.model.dialogue import NO_DIALOGUE
from commands.parser.understanding import understand
from tests.commands.fakes import own_conf
from tests.commands.sentences import answers_given
from tests.commands.sentences.score import Score, score, sentences

TABLES: Final = Path(answers_given.__file__).parent
TODAY: Final = date(2026, 11, 21)
CODES: Final = ("YE", "CXLL", "KTLL30", "0000", "102")
ROUNDS: Final = 2_000
WANTED_CODE_US, WANTED_SENTENCE_MS = 50, 5


def measure() -> str:
    scored = {
        path.stem: score(path, answers_given.answered, TODAY)
        for path in sorted(TABLES.glob("*.tsv"))
    }
    texts = [one.text for path in sorted(TABLES.glob("*.tsv")) for one in sentences(path)]
    sentence_ms = [1_000 * _seconds(text, 3) for text in texts if ">>" not in text]
    code_us = max(1e6 * _seconds(code, ROUNDS) for code in CODES)
    return told(scored, code_us, sentence_ms)


def _seconds(text: str, rounds: int) -> float:
    """Of one understanding, the quickest, without what is remembered of the text before."""
    register, best = own_conf().register, 1.0
    for _ in range(rounds):
        understand("?", NO_DIALOGUE, register)
        began = time.perf_counter()
        understand(text, NO_DIALOGUE, register, today=TODAY)
        best = min(best, time.perf_counter() - began)
    return best


def told(scored: dict[str, Score], code_us: float, sentence_ms: Sequence[float]) -> str:
    lines = ["Plain language, right of asked, through the real conversation:"]
    for table, found in scored.items():
        groups = "  ".join(f"{g} {_share(found.right, found.asked, g)}" for g in found.asked)
        total = f"{found.right.total()}/{found.asked.total()} {found.accuracy:.3f}"
        lines.append(f"  {table:<6} {total}, never: {len(found.never)};  {groups}")
    lines.append(
        f"  a bare code {code_us:.1f} µs (wanted: {WANTED_CODE_US}); a sentence"
        f" {median(sentence_ms):.2f} ms, the worst {max(sentence_ms):.2f} (wanted:"
        f" {WANTED_SENTENCE_MS})"
    )
    return "\n".join(lines)


def _share(right: Counter[str], asked: Counter[str], group: str) -> str:
    return f"{right[group]}/{asked[group]}"
