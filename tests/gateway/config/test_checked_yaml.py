"""Reading conf/: what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from gateway.config.checked_yaml import BadFile, Finding, fit, load, parse, read
from gateway.config.yaml_lines import node_of
from tariffs.file_problem import FileProblem


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    size: int = 0


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    rows: dict[str, Row]
    words: list[str] = []


GOOD = """\
# a comment
rows:
  one: {name: 一}
  "102":
    name: two
    size: 7
words: [a, "0", b]
"""


def findings(text: str) -> list[Finding]:
    with pytest.raises(BadFile) as bad:
        fit(parse(text, "sheet.yaml"), Sheet)
    return bad.value.findings


def test_a_good_file_becomes_a_model(tmp_path: Path) -> None:
    """With its numbers as numbers and its quoted digits as text."""
    path = tmp_path / "sheet.yaml"
    path.write_text(GOOD, encoding="utf-8")
    sheet = read(path, Sheet).value
    assert sheet.rows["102"] == Row(name="two", size=7)
    assert sheet.words == ["a", "0", "b"]


def test_every_place_has_its_line() -> None:
    """So that whoever checks the meaning can tell the line, or that of what surrounds it."""
    document = parse(GOOD, "sheet.yaml")
    places = [("rows",), ("rows", "one"), ("rows", "102", "size"), ("words", 1)]
    assert [document.line(place) for place in places] == [2, 3, 6, 7]
    assert document.line(("rows", "102", "colour", 3)) == 4
    finding = document.finding(FileProblem(("rows", "one"), "is odd", "Make it even"))
    assert str(finding) == "sheet.yaml:3: is odd. Make it even"


@pytest.mark.parametrize(
    ("text", "line", "what", "fix"),
    [
        ("rows:\n  a: {nam: x}\n", 2, "unknown key 'rows.a.nam'", "spelling"),
        ("rows:\n  a:\n    size: 1\n", 2, "'rows.a.name' is missing", "Add it"),
        ("rows: {}\nrows: {}\n", 2, "'rows' stands here twice", "Keep one"),
        ("rows:\n  a: {name: 12}\n", 2, "'rows.a.name' must be text", '"12"'),
        ("rows:\n  a:\n    name: b\n    size: x\n", 4, "'rows.a.size'", ""),
        ("rows:\n  a: *139#\n", 2, "is not YAML", '"*139#"'),
        ("rows:\n  - {a\n", 3, "is not YAML", "quotes"),
        ("rows: {}\nwords: [0]\n", 2, "'words.0' must be text", '"0"'),
        ("? [a, b]\n: 1\n", 1, "a key must be a word", "Quote"),
        ("\trows: {}", 1, "is not YAML", "not with tabs"),
        ("a: \x01", 1, "U+0001, a control character, cannot be seen", "Take it out"),
        ("[]", 1, "", ""),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, line: int, what: str, fix: str) -> None:
    """What is wrong, and what to write instead."""
    (found, *_) = [finding for finding in findings(text) if what in finding.what]
    assert (found.file, found.line) == ("sheet.yaml", line)
    assert fix in found.fix


def test_all_mistakes_of_a_file_are_told_together() -> None:
    """Not one after another."""
    found = findings("rows:\n  a: {}\n  b: {name: 1}\nextra: 1\n")
    assert sorted(finding.line for finding in found) == [2, 3, 4]


def test_an_anchor_may_be_used_again() -> None:
    """One text for several places."""
    sheet = fit(parse("rows:\n  a: &x {name: y}\n  b: *x\n", "sheet.yaml"), Sheet)
    assert sheet.rows["a"] == sheet.rows["b"]


def test_yaml_1_2_takes_no_for_a_word_and_0012_for_a_number() -> None:
    """The traps of older YAML are gone, and quoting is asked for where digits are meant."""
    assert parse("a: no\nb: 12:30:45", "x").data == {"a": "no", "b": "12:30:45"}
    assert findings("rows: {}\nwords: [0012]")[0].what == "'words.0' must be text"


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    """And one that is no UTF-8."""
    with pytest.raises(BadFile, match=r"none\.yaml:1: cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("名: 张三".encode("gbk"))
    with pytest.raises(BadFile, match=r"gbk\.yaml:1: is not UTF-8"):
        load(tmp_path / "gbk.yaml")


def test_an_empty_file_is_an_empty_mapping() -> None:
    """So that a configuration may hold nothing but comments."""
    assert parse("# nothing\n", "x").data == {}


def test_what_is_read_twice_is_parsed_once() -> None:
    """Parsing is what takes the time when conf/ is read again, of which most is unchanged; but what
    one reader does to the data no other reader sees, and findings name the file that was read."""
    assert node_of(GOOD) is node_of(GOOD)
    first, second = parse(GOOD, "one.yaml"), parse(GOOD, "two.yaml")
    first.data["rows"].clear()  # type: ignore[index]
    assert fit(second, Sheet).rows["one"] == Row(name="一")
    assert second.finding(FileProblem(("words",), "")).file == "two.yaml"
