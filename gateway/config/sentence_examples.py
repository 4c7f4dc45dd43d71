"""conf/plain/examples.tsv, and what was learnt from it: conf/plain/learnt.json."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from commands.parser.normalising import normalise
from commands.sentences.classifier import LinearClassifier, learn
from commands.sentences.meaning import SentenceReader
from gateway.config.checked_yaml import BadFile, Finding, bytes_of, text_of

EXAMPLES, LEARNT = "plain/examples.tsv", "plain/learnt.json"
HEAD: Final = "label\ttext"
MOST: Final = 50_000  # examples
MOST_OCTETS: Final = 16 * 2**20  # of what was learnt
_AGAIN: Final = "Run hallgate sentences learn"
_CHANCE: Final = 2006  # the same examples always teach the same


class SentenceExample(NamedTuple):
    line: int
    label: str
    text: str


def examples(folder: Path) -> list[SentenceExample]:
    """Raises BadFile."""
    path = folder / EXAMPLES
    lines = text_of(path).splitlines()
    if lines[:1] != [HEAD]:
        raise BadFile([Finding(str(path), 1, "does not begin with its head", f"Write {HEAD!r}")])
    if len(lines) > MOST:
        raise BadFile(
            [Finding(str(path), MOST, f"holds more than {MOST} examples", "Take some out")]
        )
    found, findings = [], []
    for number, line in enumerate(lines[1:], 2):
        label, tab, text = line.partition("\t")
        if not (label and tab and text.strip()) or "\t" in text:
            what = "is no example"
            findings.append(Finding(str(path), number, what, "Write a label, a tab and a sentence"))
        found.append(SentenceExample(number, label, text))
    if findings:
        raise BadFile(findings[:20])
    return found


def digest(given: Collection[SentenceExample]) -> str:
    kept = "\n".join(f"{one.label}\t{one.text}" for one in given)
    return sha256(kept.encode()).hexdigest()[:16]


def experience(
    folder: Path, labels: Collection[str]
) -> tuple[LinearClassifier | None, list[Finding]]:
    """What was learnt, and what is wrong with it. A conf/ without examples has rules alone."""
    path, given = folder / LEARNT, folder / EXAMPLES
    if not given.exists():
        return None, []
    try:
        found = examples(folder)
        findings = list(_unknown(given, found, labels))
        learnt = None if findings else _learnt(path)
    except BadFile as bad:
        return None, bad.findings
    if learnt is not None and learnt.examples != digest(found):
        findings = [Finding(str(given), 1, f"is another than {path.name} was learnt from", _AGAIN)]
    return learnt, findings


def _unknown(
    path: Path, found: Collection[SentenceExample], labels: Collection[str]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for line, label, _ in found:
        if label not in labels and label not in seen:
            seen.add(label)
            fix = "Correct it, or say under labels: in rules.yaml what it means"
            yield Finding(str(path), line, f"no label '{label}'", fix)


def _learnt(path: Path) -> LinearClassifier:
    try:
        return _classifier(bytes_of(path, MOST_OCTETS))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"cannot be read: {type(error).__name__}"
        raise BadFile([Finding(str(path), 1, what, _AGAIN)]) from error


@lru_cache(4)
def _classifier(content: bytes) -> LinearClassifier:
    """Remembered, for it never changes, and is the half of what an edition takes: editions that
    learnt the same have one. Its weights are tuples, which Python's collector need not look at."""
    kept = orjson.loads(content)
    weights = {feature: tuple(each) for feature, each in kept["weights"].items()}
    return LinearClassifier(tuple(kept["labels"]), weights, kept["examples"])


def learn_again(folder: Path, plain: SentenceReader) -> int:
    """Learn from the examples and keep it; how many they were. Raises BadFile."""
    found = examples(folder)
    if findings := list(_unknown(folder / EXAMPLES, found, plain.labels)):
        raise BadFile(findings)
    seen = [(plain.features(normalise(one.text).upper), one.label) for one in found]
    learnt = learn(seen, random.Random(_CHANCE), digest(found))
    path = folder / LEARNT
    fresh = path.with_suffix(".new")
    kept = {"labels": learnt.labels, "weights": learnt.weights, "examples": learnt.examples}
    fresh.write_bytes(orjson.dumps(kept).replace(b'],"', b'],\n"') + b"\n")
    fresh.replace(path)
    return len(found)
