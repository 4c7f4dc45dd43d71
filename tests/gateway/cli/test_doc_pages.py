"""docs/time.md, docs/numbers.md and docs/data-pack.md: what each says to write is written into a
copy of conf/, in the page's order, and what it says is printed must be."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway import cli
from tests.commands.fakes import OWN_CONF

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs"
_BLOCK = re.compile(r"^```(yaml|console)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """`head`: behind its language; where it is to be written."""

    kind: str
    head: str
    body: str


def blocks(page: str) -> Iterator[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return (Block(found[1], found[2].strip(), found[3]) for found in _BLOCK.finditer(text))


def write(conf: Path, block: Block) -> None:
    """`FILE before|below|in WORD` or `FILE instead of KEY`; a file alone is written anew."""
    name, _, where = block.head.removeprefix("conf/").partition(" ")
    if name == "menus":  # entries of an example: with a screen to lead to
        return
    path = conf / name
    if not where:
        path.write_text(block.body, encoding="utf-8")
        return
    how, _, word = where.replace("instead of", "instead").partition(" ")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    known = (n for n, line in enumerate(lines) if not line.lstrip().startswith("#"))
    at = next(n for n in known if re.search(rf"^\W*{word}\b|\"{word}", lines[n]))
    deep = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and (
        lines[end].strip() == "" or len(lines[end]) - len(lines[end].lstrip()) > deep
    ):
        end += 1
    match how:
        case "before":
            lines[at:at] = [block.body]
        case "instead":
            lines[at:end] = [block.body]
        case "below":
            lines[end:end] = [block.body]
        case "in":
            key = block.body.partition(":")[0]
            own = next(n for n in range(at, end) if lines[n].startswith(f"{key}:"))
            lines[own] = block.body
    path.write_text("".join(lines), encoding="utf-8")


def told(line: str, wanted: str) -> bool:
    return re.fullmatch(re.escape(wanted).replace("…", ".*"), line) is not None


@pytest.mark.parametrize("page", ["data-pack.md", "time.md", "numbers.md"])
def test_the_page_is_as_it_says(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    written = printed = 0
    for block in blocks(page):
        if block.kind == "yaml":
            write(conf, block)
            written += 1
            continue
        for shown in block.body.removeprefix("$ hallgate ").split("\n$ hallgate "):
            command, _, wanted = shown.partition("\n")
            store = f"store.url=sqlite:///{tmp_path / 'hall.db'}"
            cli.main([*shlex.split(command), "--set", f"conf={conf}", "--set", store])
            out, err = capsys.readouterr()
            lines = (out + err).replace(f"{conf}/", "conf/").strip("\n").splitlines()
            expected = wanted.strip("\n").splitlines()
            assert len(lines) >= len(expected), (command, lines)
            for line, there in zip(lines, expected, strict=False):
                assert told(line, there), (command, line, there)
            printed += 1
    assert written
    assert printed
