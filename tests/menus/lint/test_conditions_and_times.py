"""What conditions and times let nobody see is no mistake; what they let somebody see is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile
from gateway.config.menu_files import read_menus
from menus.lint.all_checks import book_problems
from tests.menus.books import PHRASES
from tests.menus.lint.test_lint import SOUND, WORLD

HERE = replace(WORLD, regions=frozenset({"广东广州", "上海"}), campuses=frozenset({"北京大学"}))
BALANCE = "{key: 8, label: {zh: 余额甲, en: Balance A}, run: q.balance"


def told(folder: Path, *options: str, path: str = "", screen: str = "") -> list[str]:
    """Of a menu of these options, beside a sound one."""
    rows = "".join(f"      - {option}\n" for option in options)
    tried = f"  tried:\n{screen}    say: {{zh: 试, en: T}}\n    options:\n{rows}"
    text = SOUND.replace("\nscreens:\n", f"\nscreens:\n{tried}", 1)
    text = text.replace('ussd: {"*139#": hall', 'ussd: {"*138#": tried, "*139#": hall', 1)
    text = text.replace("\npaths:\n", f"\npaths:\n{path}", 1)
    assert "*138#" in text
    (folder / "menu.yaml").write_text(text, encoding="utf-8")
    (folder / "phrases.yaml").write_text(PHRASES, encoding="utf-8")
    try:
        menus = read_menus(folder)
    except BadFile as bad:
        return [str(finding) for finding in bad.findings]
    return [str(finding) for finding in menus.findings(book_problems(menus.book, HERE))]


def two(one: str, other: str) -> tuple[str, str]:
    return (
        f"{BALANCE}, name: one, when: {{{one}}}}}",
        f"{BALANCE.replace('甲', '乙').replace(' A', ' B')}, name: other, when: {{{other}}}}}",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("until: 2027-01-31", "from: 2027-02-01"),
        ("until: 2027-02-01 08:00", "from: 2027-02-01 08:00"),
        ("days: [mon, tue]", "days: [wed]"),
        ('hours: "08:00-12:00"', 'hours: "12:00-08:00"'),
        ("campus: true", "campus: false"),
        ("campus: true", "mobile: false"),
        ("region: [上海]", "region: [广东]"),
        ("brand: [MZ]", "brand: [QQT], from: 2027-01-01"),
        ("from: 2027-02-06, until: 2027-02-06", "days: [sun]"),  # a Saturday
    ],
)
def test_a_clash_that_nobody_sees_is_none(tmp_path: Path, one: str, other: str) -> None:
    assert told(tmp_path, *two(one, other)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("until: 2027-02-01", "from: 2027-02-01"),
        ("until: 2027-02-01 08:01", "from: 2027-02-01 08:00"),
        ("days: [mon, tue]", "days: [tue, wed]"),
        ('hours: "08:00-12:01"', 'hours: "12:00-08:00"'),
        ("campus: true", "campus: [北京大学]"),
        ("region: [广]", "region: [广东广州]"),
        ("brand: [MZ, SZX]", "brand: [QQT, SZX], star: 3"),
        ("star: 1", "star: 5"),
        ("from: 2027-02-06, until: 2027-02-06", "days: [sat]"),
    ],
)
def test_a_clash_that_somebody_sees_is_found(tmp_path: Path, one: str, other: str) -> None:
    (found,) = told(tmp_path, *two(one, other))
    assert "tried: key 8 stands here twice on ussd. Take another key" in found


def test_the_screens_own_condition_counts(tmp_path: Path) -> None:
    """Who does not come to the screen sees neither."""
    only = "    when: {brand: [MZ]}\n    otherwise: hall\n"
    assert told(tmp_path, *two("brand: [MZ]", "star: 2, level: A1"), screen=only)
    (found,) = told(tmp_path, f"{BALANCE}, when: {{brand: [QQT]}}}}", screen=only)
    assert "nobody ever sees key 8: its when: contradicts the screen's" in found


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("mobile: false, brand: [MZ]", "its when: contradicts itself"),
        ("from: 2027-02-06, until: 2027-02-05", "ends before it begins"),
        ("region: [河北]", "there is no region '河北'"),
        ("campus: [清华]", "there is no campus '清华'"),
        ("campus: 3", "names no campus"),
        ("from: 31.12.2026", "this is no moment"),
    ],
)
def test_a_condition_that_means_nobody_is_found(tmp_path: Path, when: str, what: str) -> None:
    assert any(what in found for found in told(tmp_path, f"{BALANCE}, when: {{{when}}}}}"))


def test_only_one_of_two_that_nobody_sees_at_once_takes_room(tmp_path: Path) -> None:
    """Each fills the page; together they would be two."""
    long = "汉" * 30
    rows = [
        f"{{key: 1, label: {{zh: {long}{n}, en: B{n}}}, run: q.balance, name: n{n}, when: {when}}}"
        for n, when in ((1, "{until: 2026-12-31}"), (2, "{from: 2027-01-01}"))
    ]
    rows += ["{key: 2, label: {zh: 缴费记录缴费记录缴费记录, en: Payments}, run: q.payments}"]
    assert told(tmp_path, *rows) == []


ORDERED = [
    "{key: 1, label: {zh: 余额, en: Balance}, run: q.balance}",
    "{key: 2, label: {zh: 缴费, en: Payments}, run: q.payments}",
]


def test_an_order_names_options_that_can_move(tmp_path: Path) -> None:
    for first, what in (("q.bill", "no option is called 'q.bill'"), ("q.payments", "")):
        orders = f"    orders: [{{when: {{brand: [MZ]}}, first: [{first}]}}]\n"
        found = told(tmp_path, *ORDERED, screen=orders)
        assert [what in one for one in found] == ([True] if what else [])
    pinned = ORDERED[1].replace("}, run", "}, pinned: true, run")
    (found_one,) = told(tmp_path, ORDERED[0], pinned, screen=orders)
    assert "is pinned" in found_one


def test_a_published_number_does_the_same_for_all(tmp_path: Path) -> None:
    orders = "    orders: [{when: {brand: [MZ]}, first: [q.payments]}]\n"
    path = '  "*138*1#": {published: run q.balance}\n'
    assert told(tmp_path, *ORDERED, path=path) == []
    (found,) = told(tmp_path, *ORDERED, screen=orders, path=path)
    assert "where 'tried' stands in another order. Pin the option" in found
