"""docs/menus.md: every example in it is tried as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway import cli
from gateway.config.checked_yaml import BadFile
from gateway.config.menu_files import read_menus
from menus.lint.all_checks import book_problems
from tests.commands.fakes import OWN_CONF
from tests.menus.books import own_world

DOCS = Path(__file__).parents[2] / "docs" / "menus.md"
_BLOCK = re.compile(r"^```(yaml wrong|yaml|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)


_LIVE = re.compile(r"^```console live\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A menu, and what the page goes on to say about it."""

    line: int
    menu: str
    wrong: bool
    scripts: tuple[str, ...]
    consoles: tuple[str, ...]


def examples() -> Iterator[Example]:
    text = DOCS.read_text(encoding="utf-8")
    menu, line, wrong = "", 0, False
    scripts: list[str] = []
    consoles: list[str] = []
    for found in _BLOCK.finditer(text):
        kind, body = found[1], found[2]
        if kind == "console":
            consoles.append(body)
        elif body.startswith("scripts:"):
            scripts.append(body)
        else:
            if menu:
                yield Example(line, menu, wrong, tuple(scripts), tuple(consoles))
            scripts, consoles = [], []
            menu, wrong = body, kind == "yaml wrong"
            line = text[: found.start()].count("\n") + 1
    yield Example(line, menu, wrong, tuple(scripts), tuple(consoles))


EXAMPLES = list(examples())


def line_of(example: Example) -> str:
    return f"line {example.line}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A conf/ whose menus are the phrases, the common screens, and one example."""
    copy = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    for path in (copy / "menus").glob("*.yaml"):
        if path.name not in ("phrases.yaml", "common.yaml"):
            path.unlink()
    return copy


def written(folder: Path, example: Example) -> Path:
    path = folder / "menus" / "example.yaml"
    path.write_text(example.menu, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=line_of)
def test_an_example_is_right_unless_the_page_says_otherwise(folder: Path, example: Example) -> None:
    """A mistake is one that the page shows."""
    path = written(folder, example)
    told = "".join(console for console in example.consoles if "menus check" in console)
    try:
        menus = read_menus(folder / "menus")
        findings = menus.findings(book_problems(menus.book, own_world()))
    except BadFile as bad:
        assert example.wrong
        findings = bad.findings
    mine = [finding for finding in findings if finding.file == str(path)]
    assert [str(f) for f in mine if str(f).replace(f"{folder}/", "conf/") not in told] == []


@pytest.mark.slow
@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.consoles], ids=line_of)
def test_the_page_shows_what_the_tools_print(
    folder: Path, example: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    """Command by command, line by line."""
    written(folder, example)
    for console in example.consoles:
        command, _, wanted = console.partition("\n")
        words = command.removeprefix("$ hallgate ").split()
        cli.main([*words, "--set", f"conf={folder}"])
        out, err = capsys.readouterr()
        lines = (out + err).replace(f"{folder}/", "conf/").splitlines()
        if "check" in words:  # the common screens have nobody that leads to them
            lines = [line for line in lines if "example.yaml" in line]
        assert "\n".join(lines).strip() == wanted.strip()


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.scripts], ids=line_of)
def test_the_pages_scripts_come_out_as_written(
    folder: Path, example: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the menu above them."""
    written(folder, example)
    for n, script in enumerate(example.scripts):
        path = folder.parent / f"script{n}.yaml"
        path.write_text(script, encoding="utf-8")
        code = cli.main(["menus", "simulate", str(path), "--set", f"conf={folder}"])
        assert code == 0, capsys.readouterr().out


def told(lines: list[str], wanted: list[str]) -> bool:
    """What differs from day to day is `…` on the page."""
    patterns = [re.escape(line).replace("…", ".+") for line in wanted]
    return len(lines) == len(wanted) and all(map(re.fullmatch, patterns, lines))


@pytest.mark.slow
def test_the_page_publishes_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command after the other, on the shipped menus; the file is changed before the canary."""
    conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "colleagues.txt").write_text("13800138001\n13800138002\n")
    store = ["--set", f"conf={conf}", "--set", f"store.url=sqlite:///{tmp_path / 'hall.db'}"]
    for block in _LIVE.findall(DOCS.read_text(encoding="utf-8")):
        for command in block.removeprefix("$ hallgate ").split("\n$ hallgate "):
            words, *wanted = command.rstrip("\n").split("\n")
            if "--numbers" in words:
                hall = conf / "menus" / "hall.yaml"
                hall.write_text(hall.read_text(encoding="utf-8").replace("更多", "其他"))
            assert cli.main([*shlex.split(words), *store]) == 0
            out = capsys.readouterr().out.splitlines()
            assert told(out, wanted), out
