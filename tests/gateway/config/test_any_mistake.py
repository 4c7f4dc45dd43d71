"""Mistakes planted in conf/ at random, of all kinds that hands make: whatever they are, `check`
tells them with file, line and cure, or what it accepts serves."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.settings import OWN_CONF
from gateway.config.sources import read_settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.store.store import Store
from tests.gateway.config.spoiling import SETTINGS, findings
from tests.gateway.hall import Office

SOAK = 300
ROUND = 24


class Spoilt(NamedTuple):
    """`line`: where it must be found; 0: anywhere in the file, or nowhere, for it may be none."""

    text: bytes
    line: int = 0
    sure: bool = False  # it must be found, in this file


Kind = Callable[[list[str], random.Random], Spoilt | None]


def _joined(lines: list[str]) -> bytes:
    return "".join(lines).encode()


def _rows(lines: list[str]) -> list[int]:
    """Lines that say something."""
    return [n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]


def _blocks(lines: list[str]) -> list[int]:
    """Lines of a key and its value, of a mapping that is written line by line."""
    shape = re.compile(r"^( *)[A-Za-z_.0-9]+: [^|>&\[{\"'].*$")
    return [n for n in _rows(lines) if shape.match(lines[n])]


def a_line_is_lost(lines: list[str], chance: random.Random) -> Spoilt | None:
    n = chance.choice(_rows(lines))
    return Spoilt(_joined([*lines[:n], *lines[n + 1 :]]))


def a_line_stands_twice(lines: list[str], chance: random.Random) -> Spoilt | None:
    if not (rows := _blocks(lines)):
        return None
    n = chance.choice(rows)
    return Spoilt(_joined([*lines[: n + 1], *lines[n:]]), n + 2, sure=True)


def a_tab(lines: list[str], chance: random.Random) -> Spoilt | None:
    rows = [n for n in _rows(lines) if lines[n].startswith("  ") and ": " in lines[n]]
    if not rows:
        return None
    n = chance.choice(rows)
    return Spoilt(_joined([*lines[:n], "\t" + lines[n].lstrip(), *lines[n + 1 :]]), sure=True)


def a_wrong_kind(lines: list[str], chance: random.Random) -> Spoilt | None:
    """A list, a mapping, nothing, a negative number or a day that is none, where something else
    is."""
    rows = [n for n in _rows(lines) if re.search(r": [^{\[&*|>].*$", lines[n])]
    if not rows:
        return None
    n = chance.choice(rows)
    value = chance.choice(
        [
            "[]",
            "{}",
            "",
            "-7",
            "2026-02-31",
            "0x1F",
            "true",
            "[1, {a: b}]",
            '"{"',
            "1e309",
            "~",
            "!x y",
        ]
    )
    head = lines[n].partition(": ")[0]
    return Spoilt(_joined([*lines[:n], f"{head}: {value}\n", *lines[n + 1 :]]))


def a_key_is_misspelt(lines: list[str], chance: random.Random) -> Spoilt | None:
    rows = [n for n in _rows(lines) if re.match(r"^ +[a-z_]{3,}:", lines[n])]
    if not rows:
        return None
    n = chance.choice(rows)
    spoilt = re.sub(r"^( +)([a-z_]+):", r"\1\2x:", lines[n])
    return Spoilt(_joined([*lines[:n], spoilt, *lines[n + 1 :]]))


def a_sign_is_lost(lines: list[str], chance: random.Random) -> Spoilt | None:
    rows = [n for n in _rows(lines) if re.search(r"[{}\[\]\":]", lines[n])]
    n = chance.choice(rows)
    at = chance.choice([found.start() for found in re.finditer(r"[{}\[\]\":]", lines[n])])
    spoilt = lines[n][:at] + lines[n][at + 1 :]
    return Spoilt(_joined([*lines[:n], spoilt, *lines[n + 1 :]]))


def another_word(lines: list[str], chance: random.Random) -> Spoilt | None:
    """A name or number that is none."""
    rows = [n for n in _rows(lines) if re.search(r"\b[A-Za-z0-9.]{3,}\b", lines[n])]
    if not rows:
        return None
    n = chance.choice(rows)
    words = list(re.finditer(r"\b[A-Za-z0-9.]{3,}\b", lines[n]))
    word = chance.choice(words)
    instead = chance.choice(["nothing", "99999999", "-1", "Ünknown", "0"])
    spoilt = lines[n][: word.start()] + instead + lines[n][word.end() :]
    return Spoilt(_joined([*lines[:n], spoilt, *lines[n + 1 :]]))


def an_unseen_sign(lines: list[str], chance: random.Random) -> Spoilt | None:
    n = chance.choice(_rows(lines))
    at = chance.randrange(len(lines[n].rstrip()))
    spoilt = lines[n][:at] + "\u200b" + lines[n][at:]
    return Spoilt(_joined([*lines[:n], spoilt, *lines[n + 1 :]]), n + 1, sure=True)


def another_encoding(lines: list[str], chance: random.Random) -> Spoilt | None:
    kind = chance.choice(["gb18030", "utf-16", "latin-1"])
    text = "".join(lines)
    if text.isascii() and kind != "utf-16":
        return None
    return Spoilt(text.encode(kind, errors="replace"), sure=kind != "latin-1")


def an_empty_file(lines: list[str], chance: random.Random) -> Spoilt | None:
    return Spoilt(chance.choice([b"", b"\n\n", b"# nothing\n", b"---\n", b"[]\n", b"x\n"]))


def half_a_file(lines: list[str], chance: random.Random) -> Spoilt | None:
    text = _joined(lines)
    return Spoilt(text[: chance.randrange(len(text))])


def lines_change_places(lines: list[str], chance: random.Random) -> Spoilt | None:
    one, other = chance.sample(range(len(lines)), 2)
    lines = list(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return Spoilt(_joined(lines))


KINDS: list[Kind] = [
    a_line_is_lost, a_line_stands_twice, a_tab, a_wrong_kind, a_key_is_misspelt, a_sign_is_lost,
    another_word, an_unseen_sign, another_encoding, an_empty_file, half_a_file, lines_change_places,
]  # fmt: skip


def files(conf: Path) -> list[Path]:
    read = (path for path in sorted(conf.rglob("*.yaml")) if "asterisk" not in path.parts)
    return list(read)


def told_well(finding: Finding, conf: Path) -> bool:
    """File, line and what it is; and a cure."""
    path = Path(finding.file)
    if not path.exists():
        return finding.what.startswith("cannot be read") or "missing" in finding.what
    if path.is_dir():
        return bool(finding.what)
    lines = path.read_bytes().count(b"\n") + 1
    return bool(finding.what) and 1 <= finding.line <= lines and path.is_relative_to(conf)


def accepted(conf: Path, office: Office) -> None:
    """What `check` has nothing to say of serves."""
    office.counter.book = open_snapshot(read_settings(conf / SETTINGS, environment={}))
    assert office.answers(office.arrived("YE")) is not None
    assert office.answers(office.arrived("KTLL10")) is not None


def one_mistake(conf: Path, office: Office, chance: random.Random) -> None:
    path = chance.choice(files(conf))
    whole = path.read_bytes()
    kind = chance.choice(KINDS)
    spoilt = kind(whole.decode().splitlines(keepends=True), chance)
    if spoilt is None or spoilt.text == whole:
        return
    path.write_bytes(spoilt.text)
    where = f"{kind.__name__} in {path.relative_to(conf)}"
    try:
        found = findings(conf)
        bad = [str(finding) for finding in found if not told_well(finding, conf)]
        assert bad == [], where
        uncured = [str(finding) for finding in found if not finding.fix]
        assert uncured == [], where
        if spoilt.sure:
            assert path in {Path(finding.file) for finding in found}, (where, found)
        if spoilt.line:
            lines = {finding.line for finding in found if Path(finding.file) == path}
            assert spoilt.line in lines, (where, spoilt.line, found)
        if not found:
            accepted(conf, office)
    except BadFile:
        raise AssertionError(f"check accepts what does not start: {where}") from None
    finally:
        path.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(ROUND))
def test_any_mistake_is_told_or_does_no_harm(
    seed: int, tmp_path: Path, sqlite_store: Store
) -> None:
    conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    one_mistake(conf, Office(sqlite_store), random.Random(seed))


@pytest.mark.soak
def test_hundreds_of_them(tmp_path: Path, sqlite_store: Store) -> None:
    conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    office = Office(sqlite_store)
    for seed in range(ROUND, ROUND + SOAK):
        one_mistake(conf, office, random.Random(seed))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["commands.yaml", "tariffs/plans.yaml", "replies/zh/queries.yaml", "menus/book.yaml"]
)
def test_a_file_that_is_missing_is_told(name: str, tmp_path: Path) -> None:
    conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    (conf / name).unlink()
    found = findings(conf)
    assert found
    assert all(told_well(finding, conf) and finding.fix for finding in found)
