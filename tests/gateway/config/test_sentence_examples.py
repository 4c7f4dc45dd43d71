"""What was learnt from examples of subscribers' own words is what the examples say."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from commands.sentences.classifier import NOT_OURS, LinearClassifier, learn
from gateway.config import business
from gateway.config.checked_yaml import BadFile
from gateway.config.sentence_examples import EXAMPLES, LEARNT, digest, examples
from gateway.config.settings import OWN_CONF


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))


def findings(folder: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        business.load(folder, signature="")
    return [str(finding) for finding in bad.value.findings]


def test_what_is_shipped_was_learnt_from_the_examples_beside_it() -> None:
    """Else `hallgate sentences learn` was forgotten."""
    plain = business.load(OWN_CONF, signature="").register.plain
    assert plain is not None
    assert plain.learnt is not None
    assert plain.learnt.examples == digest(examples(OWN_CONF))
    assert set(plain.learnt.labels) <= set(plain.labels)


def test_editions_that_learnt_the_same_share_it() -> None:
    """It is the half of what an edition takes, and a gateway holds up to ten of them."""
    one, other = (business.load(OWN_CONF, signature="").register.plain for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.learnt is other.learnt


def test_a_changed_example_must_be_learnt(folder: Path) -> None:
    """Nobody wonders why nothing changed."""
    with (folder / EXAMPLES).open("a", encoding="utf-8") as file:
        file.write("q.balance\t我兜里还有几个子儿\n")
    (found,) = findings(folder)
    assert found.startswith(f"{folder / EXAMPLES}:1: is another than learnt.json was learnt from")
    assert found.endswith("Run hallgate sentences learn")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("q.balanec\t余额", "no label 'q.balanec'"),
        ("q.balance", "is no example"),
        ("q.balance\t", "is no example"),
        ("q.balance\t余额\t更多", "is no example"),
    ],
)
def test_a_mistake_has_its_line(folder: Path, line: str, told: str) -> None:
    """As anywhere in conf/."""
    path = folder / EXAMPLES
    last = len(path.read_text(encoding="utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    (found,) = findings(folder)
    assert found.startswith(f"{path}:{last}: {told}")


NO_WEIGHTS = b'{"labels": [], "weights": [], "examples": ""}'


@pytest.mark.parametrize(
    "octets", [b"", b"{}", b"[1, 2]", b"\xff\xfe", b'{"labels": 5}', NO_WEIGHTS]
)
def test_what_was_learnt_may_be_damaged(folder: Path, octets: bytes) -> None:
    """It is made again by one command."""
    (folder / LEARNT).write_bytes(octets)
    (found,) = findings(folder)
    assert found.startswith(f"{folder / LEARNT}:1: cannot be read")
    assert found.endswith("Run hallgate sentences learn")


def test_without_examples_the_rules_are_left(folder: Path) -> None:
    """A conf/ of one's own need not have any."""
    (folder / EXAMPLES).unlink()
    plain = business.load(folder, signature="").register.plain
    assert plain is not None
    assert plain.learnt is None


def test_what_is_learnt_tells_labels_apart() -> None:
    """And the same examples teach the same, whenever they are learnt."""
    given = [
        (["余额", "多少"], "q.balance"),
        (["流量", "多少"], "q.data"),
        (["天气"], NOT_OURS),
    ] * 20
    learnt, again = (learn(given, random.Random(7)) for _ in range(2))
    assert learnt == again
    assert learnt.ranked(["余额"]).labels[0] == "q.balance"
    assert learnt.ranked(["流量"]).labels[0] == "q.data"
    assert learnt.ranked(["天气"]).labels[0] == NOT_OURS


def test_what_nothing_is_known_of_scores_nothing() -> None:
    learnt = LinearClassifier((NOT_OURS, "q.balance"), {"余": [1, 900]})
    assert learnt.ranked(["天"]).scores == (0.0, 0.0)
    assert learnt.ranked(["余"]).lead == 0.9
