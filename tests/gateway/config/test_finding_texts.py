"""What `hallgate check` finds is told in Chinese, whatever it is: each text of the checks stands in
the catalogue, and the catalogue has no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from gateway.config.checked_yaml import Finding
from gateway.config.finding_texts import (
    catalogue,
    in_chinese,
    language_of,
    line_told,
    told,
    told_in_line,
)
from gateway.config.settings import PROJECT
from tests.gateway.texts_in_code import text_of

_FOLDERS: Final = (
    "menus/lint", "menus/load", "tariffs", "commands/config", "gateway/config",
    "gateway/config/doubts", "gateway/config/sample", "gateway/config/editions",
    "gateway/config/sections", "gateway/config/tickets", "gateway/config/unasked",
)  # fmt: skip
_FILES: Final = (
    "gateway/wording/templates.py", "periods/period.py", "gateway/editions/past.py",
    "gateway/editions/doubts.py", "gateway/editions/loading.py", "gateway/dialogue/snapshot.py",
    "gateway/operators/sample_interfaces.py", "commands/model/daily_hours.py",
)  # fmt: skip
_NO_FINDINGS: Final = {
    # what a published number does, as `published:` has it
    "ask <>; <>", "ask <>", "show <> (<>)", "show <>", "say <>", "go <>", "run <> with <>",
    "run <>",
    # of settings, moments and people: values, names, signs
    "<> MiB", "<> KiB", "http://HOST:PORT or https://HOST/PATH",
    " (China Mobile)", "You owe 12345.67 yuan, please recharge soon. ", "the defaults",
    "a control character", "--set <>", "Value error, ", "openid profile", "rolled back",
    "canary ended", "from <>", "to <>", '{{ <>["<>"] }}',
}  # fmt: skip
_PUT_TOGETHER: Final = {
    # which stand in others as they are, or of which each half has its own
    "<> of <> <>", "conf/tariffs has", "there is", "<> no <> '<>'", "none yet", "no facts",
    "conf/tariffs tells <> to cancel <>", "<>, but here it means <>",
    "<>, but no command has that code", "commands.yaml gives <> the interface number <>",
    "<>, which has no row here", "<>: a list that is told here in <> has a row 9, but on ussd",
    " that is the key of the next page", "<>: key 9 is the next page, for in <>",
    " the screen takes <> pages", "<>; <>", "<> Mi<>",
}  # fmt: skip
_BY_HALVES: Final = ("has a row 9, but on ussd that is the key of the next page", "It has no facts")
_SAYS: Final = re.compile(r"[A-Za-z]{2,}[^A-Za-z]*? [A-Za-z'{<]|[A-Za-z'}>,:] [A-Za-z]{2,}")


def texts(path: Path, *, every: bool = False) -> Iterator[str]:
    """Its texts of several words, or `every` one, gaps as <>; not what documents it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            apart.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) not in apart and (said := text_of(node)) and (every or _SAYS.search(said)):
            yield said


def all_texts(*, every: bool = False) -> dict[str, str]:
    """By each the file that has it."""
    files = [path for folder in _FOLDERS for path in sorted((PROJECT / folder).glob("*.py"))]
    files += [PROJECT / name for name in _FILES]
    return {said: path.name for path in files for said in texts(path, every=every)}


@cache
def known() -> set[str]:
    return {re.sub(r"<\d~?>", "<>", one.english) for one in catalogue()}


def halves(said: str) -> list[str]:
    """What is wrong and what to write, which a model tells in one."""
    what, joint, fix = said.partition("; ")
    return [what, fix[:1].upper() + fix[1:]] if joint else [said]


def has_chinese(said: str) -> bool:
    """In the catalogue, or put together of what is: as it comes out with something filled in, and
    what a published number is told of behind the number."""
    filled = said.replace("<>", "X").replace("{}", "X")
    return said in known() or bool(in_chinese(filled) or in_chinese(f"X {filled}"))


def test_each_text_of_the_checks_has_its_chinese() -> None:
    apart = _NO_FINDINGS | _PUT_TOGETHER
    missing = [
        f"{file}: {said}"
        for said, file in all_texts().items()
        if said not in apart
        and not has_chinese(said)
        and not all(half == "<>" or has_chinese(half) for half in halves(said))
    ]
    assert missing == [], "\n".join(missing)


def test_the_catalogue_has_no_text_that_nothing_says() -> None:
    said = "\n".join([*all_texts(every=True), *_BY_HALVES])
    for one in catalogue():
        for part in re.split(r"<\d~?>", one.english):
            spoken = part.strip(" ',:;.")
            assert spoken in said or spoken[:1].lower() + spoken[1:] in said, one.english


def test_each_gap_is_filled_in_and_no_text_stands_twice() -> None:
    entries = list(catalogue())
    assert len({one.english for one in entries}) == len(entries)
    for one in entries:
        gaps = [n for n, _ in re.findall(r"<(\d)(~?)>", one.english)]
        assert gaps == [str(n) for n in range(1, len(gaps) + 1)], one.english
        assert set(re.findall(r"<(\d)>", one.chinese)) == set(gaps), one.english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("hall: goes to 'mroe', which is no screen", "hall:要去“mroe”,没有这一屏"),
        ("'fee' must be a number", "“fee”应为数字"),
        ("'a.b': a duration is written like 30 s, 10 min, 24 h or 2 d",
         "“a.b”:时长写成 30 s、10 min、24 h 或 2 d 的样子"),
        ("conf/tariffs has no brand 'XX'", "conf/tariffs 里没有品牌“XX”"),
        ("hall: key 9 is back on ussd", "hall:按键 9 在 ussd 上是“返回”"),
        ("Did you mean EDU40 or EDU100?", "是不是 EDU40 或 EDU100?"),
        ("'vw.invited' cannot be read: '**' is no part of a text",
         "“vw.invited”读不了:文本里不能用“**”"),
    ],
)  # fmt: skip
def test_a_text_is_told_with_what_is_filled_in(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_what_nobody_has_put_into_words_stays_as_it_is() -> None:
    finding = Finding("a.yaml", 3, "of another program", "Do something")
    assert told(finding, "zh") == finding
    assert line_told(str(finding)) == ""
    assert (
        line_told("menus/hall.yaml:7: hall: is empty. Add it")
        == "menus/hall.yaml:7:hall:是空的。请补上"
    )


def test_a_line_of_a_verb_says_where_what_and_what_to_write() -> None:
    finding = Finding("menus/hall.yaml", 7, "hall: is empty", "Add it")
    assert told_in_line(finding, "zh") == "menus/hall.yaml:7:hall:是空的。请补上"
    assert (
        told_in_line(finding, "en") == str(finding) == "menus/hall.yaml:7: hall: is empty. Add it"
    )
    assert told_in_line(Finding("--set a", 0, "is no assignment"), "zh") == "--set a:不是赋值"


def test_a_verb_speaks_as_the_locale_does() -> None:
    assert language_of({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language_of({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}) == "en"
    assert language_of({}) == language_of({"LANG": "C.UTF-8"}) == "en"
