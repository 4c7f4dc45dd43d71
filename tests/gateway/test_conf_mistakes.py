"""Mistakes planted all over conf/, as people and editors make them: each is found within seconds,
in its file and on its line, with its cure. Never a traceback, a hang, or silence."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway import sample
from gateway.book import open_book
from gateway.configuration import read_settings
from gateway.files import BadFile, Finding, load
from gateway.settings import OWN_CONF

pytestmark = pytest.mark.slow

SETTINGS, COMMANDS, OFFERS = "gateway.yaml", "commands.yaml", "offers.yaml"
BRANDS, PLANS, SERVICES = "tariffs/brands.yaml", "tariffs/plans.yaml", "tariffs/services.yaml"
CAMPAIGNS, EXCHANGES = "tariffs/campaigns.yaml", "tariffs/exchanges.yaml"
DOORS, REGIONS, HOLIDAYS = "interfaces.yaml", "regions.yaml", "holidays.yaml"
PERSONAS, ZH, EN = "sample/personas.yaml", "replies/zh/services.yaml", "replies/en/services.yaml"
HALL, MENU, BOOK = "menus/hall.yaml", "menus/services.yaml", "menus/book.yaml"
FILES = [
    SETTINGS, COMMANDS, OFFERS, BRANDS, PLANS, SERVICES, CAMPAIGNS, EXCHANGES, DOORS, REGIONS,
    HOLIDAYS, PERSONAS, ZH, EN, HALL, BOOK,
]  # fmt: skip
SECONDS = 5.0


def findings(folder: Path) -> list[Finding]:
    """What `hallgate check` says, which must not take long."""
    began = time.process_time()
    try:
        settings = read_settings(folder / SETTINGS, environment={})
        sample.load(settings.conf / PERSONAS, open_book(settings).catalogue)
    except BadFile as bad:
        assert time.process_time() - began < SECONDS
        return bad.findings
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of conf/."""
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))


def test_what_is_shipped_has_no_mistake(folder: Path) -> None:
    assert findings(folder) == []


# -- what YAML allows, and nobody means ------------------------------------------------------------


BOMB = (
    "a0: &a0 ["
    + "x, " * 9
    + "x]\n"
    + "".join(f"a{n + 1}: &a{n + 1} [" + f"*a{n}, " * 9 + f"*a{n}]\n" for n in range(9))
)
ODD: dict[str, tuple[str, int, str, str]] = {
    # the text put behind the file, the line of it that is told (0: any), what is said, the cure
    "an alias of itself": ("zz: &z [*z]\n", 1, "*z stands inside of what it stands for", "Write"),
    "aliases that double": (BOMB, 0, "holds more than 50,000 values", "Take out"),
    "brackets without end": ("zz: " + "[" * 5000 + "\n", 1, "more than 24 levels deep", "Close"),
    "brackets closed": ("zz: " + "[" * 5000 + "]" * 5000, 1, "more than 24 levels", "Close"),
    "blocks within blocks": (
        "".join(" " * n + "a:\n" for n in range(300)), 0, "more than 24 levels", "Close"
    ),
    "a number without end": ("zz: " + "9" * 5000 + "\n", 1, "5,000 digits", "quotes"),
    "a key without end": ('"' + "k" * 900 + '": 1\n', 1, "a key of 900", "shorten"),
    "a text without end": ("zz: " + "x" * 30000 + "\n", 1, "a text of 30,000", "shorten"),
    "another mapping's keys": ("zz: {<<: {a: 1}}\n", 1, "(<<) are not taken", "Write the"),
    "a second document": ("---\nzz: 1\n", 1, "a second document begins here", "Take the line"),
    "a tag": ("zz: !!python/object/apply:os.system [x]\n", 1, "is a tag", "begins with !"),
    "a day that is none": ("zz: 2026-99-99\n", 1, "a day is none", "quotes"),
    "no number": ("zz: .nan\n", 1, "no number to count with", "digits"),
    "infinity": ("zz: .inf\n", 1, "no number to count with", "digits"),
    "more than a number": ("zz: 1e999\n", 1, "no number to count with", "digits"),
    "an alias of nothing": ("zz: *nothing\n", 1, "stands for nothing", "quotes"),
    "an escape that is none": ('zz: "\\UFFFFFFFF"\n', 1, "is not YAML", "quotes"),
    "half a character": ('zz: "\\uD800"\n', 1, "cannot be seen", "Take it out"),
    "a blank that is none": ("zz: a\u00a0b\n", 1, "no-break space", "blank"),
    "no width": ("zz: a\u200bb\n", 1, "zero width space", "Take it out"),
    "no width in a comment": ("# a\ufeffb\n", 1, "U+FEFF", "Take it out"),
    "a control character": ("zz: a\x07b\n", 1, "U+0007", "Take it out"),
    "a nought": ("zz: a\x00b\n", 1, "U+0000", "Take it out"),
    "another line's end": ("zz: a\u2028b\n", 1, "line separator", "Take it out"),
    "a tab": ("zz:\n\tyy: 1\n", 2, "is not YAML", "not with tabs"),
    "quotes left open": ('zz: "abc\n', 0, "is not YAML", "quotes"),
    "a list for a key": ("? [a, b]\n: 1\n", 1, "a key must be a word", "Quote it"),
    "a key of ours": ("zz: 1\n", 1, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("file", FILES)
def test_no_file_is_read_without_bounds(folder: Path, file: str, odd: str) -> None:
    """Whatever stands there; all of conf/ is read by one reader."""
    more, below, what, fix = ODD[odd]
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{more}", encoding="utf-8")
    began = time.process_time()
    if odd == "a key of ours":
        found = findings(folder)
        assert found, "the file is not read"
    else:
        with pytest.raises(BadFile) as bad:
            load(path)
        found = bad.value.findings
    assert time.process_time() - began < SECONDS
    told = [f for f in found if what in f.what and fix in f.fix and f.file == str(path)]
    assert told, found
    assert below == 0 or told[0].line == text.count("\n") + 1 + below


@pytest.mark.parametrize("file", [f for f in FILES if f != SETTINGS])
def test_the_whole_check_reads_by_that_reader(folder: Path, file: str) -> None:
    """With the alias that stands for itself as one example."""
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + "\nzz: &z [*z]\n", encoding="utf-8")
    assert [f.file for f in findings(folder) if "inside of what it" in f.what] == [str(path)]


# -- files -----------------------------------------------------------------------------------------


def octets(content: bytes) -> Callable[[Path], None]:
    return lambda path: void(path.write_bytes(content))


def void(_: object) -> None:
    pass


def renamed(name: str) -> Callable[[Path], None]:
    return lambda path: void(path.rename(path.parent / name))


def beside(name: str) -> Callable[[Path], None]:
    return lambda path: void(shutil.copy(path, path.parent / name))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.yaml")


SPOILT = [
    (PLANS, octets(b"\xff\xfea\x00"), "plans.yaml", "is UTF-16, not UTF-8", "Save it as UTF-8"),
    (HALL, octets(b"a: 1\nb: \xe4\xbd\n"), "hall.yaml", "is not UTF-8", "Save it as UTF-8"),
    (ZH, octets(b"x" * (5 * 2**20)), ZH, "zh/, which holds more than 2 MiB", "Take out"),
    (PLANS, octets(b"# " + b"x" * (5 * 2**20)), "plans.yaml", "larger than 1 MiB", "Take out"),
    (PLANS, octets(b"%a\n" * 349_000), "plans.yaml", "is not YAML", ""),
    (BRANDS, octets(b"a\n" * 520_000), "brands.yaml", "a text of 1,039,999", "shorten"),
    (REGIONS, octets(b'a: "' + b"\n" * 1_040_000), "regions.yaml", "is not YAML", "quotes"),
    (SERVICES, octets(b""), "services.yaml", "'services' is missing", "Add it"),
    (OFFERS, a_folder, OFFERS, "cannot be read: Is a directory", ""),
    (HALL, a_folder, HALL, "cannot be read: Is a directory", ""),
    (REGIONS, a_pipe, REGIONS, "is no file", "Put a file"),
    (BRANDS, a_circle, BRANDS, "cannot be read: Too many levels", "points to"),
    (BRANDS, to_nowhere, BRANDS, "cannot be read: No such file", "points to"),
    (COMMANDS, renamed("Commands.yaml"), COMMANDS, "cannot be read", "Rename Commands.yaml"),
    (HOLIDAYS, renamed("holidays.yml"), HOLIDAYS, "cannot be read", "Rename holidays.yml"),
    (HALL, beside("more.yml"), "menus/more.yml", "is not read", "Rename it to more.yaml"),
    (HALL, beside("More.YAML"), "menus/More.YAML", "is not read", "Rename it to more.yaml"),
    (HALL, beside("hall.yaml.bak"), "menus/hall.yaml.bak", "is not read", "Remove it"),
    (HALL, beside("hall.yaml~"), "menus/hall.yaml~", "is not read", "Remove it"),
    (ZH, beside("../services.yaml"), "replies/services.yaml", "is not read", "Remove it"),
    (ZH, beside("more.yml"), "replies/zh/more.yml", "is not read", "Rename it"),
    (PLANS, beside("../plans.yaml"), "plans.yaml", "is not read", "Remove it"),
    (PLANS, beside("student.yaml"), "tariffs/student.yaml", "is not read", "Remove it"),
    (PERSONAS, beside("more.yaml"), "sample/more.yaml", "is not read", "Remove it"),
]


@pytest.mark.parametrize(("file", "spoil", "told", "what", "fix"), SPOILT)
def test_a_file_that_cannot_or_will_not_be_read_is_named(
    folder: Path, file: str, spoil: Callable[[Path], None], told: str, what: str, fix: str
) -> None:
    """Wrong in itself, in its name, or in its place."""
    spoil(folder / file)
    found = [f for f in findings(folder) if what in f.what and fix in f.fix]
    assert any(f.file.endswith(f"/{told}") or f.file.endswith(told) for f in found), findings(
        folder
    )


def test_settings_may_lie_in_conf(folder: Path) -> None:
    """Under whatever name; and what begins with a dot is nobody's."""
    (folder / "mine.yaml").write_text("limits: {desk: 5}\n", encoding="utf-8")
    (folder / "menus" / ".hall.yaml").write_text("junk: [", encoding="utf-8")
    assert findings(folder) == []


def test_a_mark_of_the_encoding_is_no_mistake(folder: Path) -> None:
    """Nor are line ends of Windows."""
    for file in (COMMANDS, HALL):
        content = (folder / file).read_bytes().replace(b"\n", b"\r\n")
        (folder / file).write_bytes(b"\xef\xbb\xbf" + content)
    assert findings(folder) == []


def test_a_language_that_is_gone_is_missed(folder: Path) -> None:
    shutil.rmtree(folder / "replies" / "en")
    (found,) = [f for f in findings(folder) if "no texts in 'en'" in f.what]
    assert found.file == str(folder / "replies" / "en")


# -- what is written there -------------------------------------------------------------------------


class Slip(NamedTuple):
    """Of `there`, where it first stands in the file, becomes `instead`."""

    file: str
    there: str
    instead: str
    what: str
    fix: str = ""
    below: int = 0  # lines from where it begins to where it is found


OK = "sv.not_ordered: 您未确认,{{ name }}没有订购,不产生费用。"
EN_OK = "sv.err.gone: "
SLIPS = [
    # -- texts: the language in which they are written
    Slip(ZH, OK, "sv.not_ordered: 您未确认,{ name }没有订购。", "'{' that belongs", "{{ fact"),
    Slip(ZH, OK, "sv.not_ordered: 您未确认,{name}没有订购。", "'{' that belongs", "{{ fact"),
    Slip(ZH, OK, "sv.not_ordered: 您未确认,｛｛name｝｝没有订购。", "that belongs", "{{ fact"),
    Slip(ZH, OK, "sv.not_ordered: \"{{ 'x' * 999999999 }}\"", "'*' is no part of a text"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ 9**9**9 }}"', "'**' is no part of a text"),
    Slip(ZH, OK, "sv.not_ordered: \"{{ 'x'.rjust(10) }}\"", "'rjust' cannot be called"),
    Slip(ZH, OK, "sv.not_ordered: \"{{ '%99d' % 1 }}\"", "'%' is no part of a text"),
    Slip(ZH, OK, 'sv.not_ordered: "{% for i in range(9) %}{% endfor %}"', "a for goes through"),
    Slip(ZH, OK, 'sv.not_ordered: "{% macro m() %}{{ m() }}{% endmacro %}"', "'macro' is no part"),
    Slip(ZH, OK, 'sv.not_ordered: "{% set a = 1 %}"', "'set' is no part of a text"),
    Slip(ZH, OK, 'sv.not_ordered: "{% include name %}"', "'include' is no part of a text"),
    Slip(ZH, OK, f'sv.not_ordered: "{{{{ {"(" * 900}1{")" * 900} }}}}"', "levels deep"),
    Slip(ZH, OK, f'sv.not_ordered: "{"{% if name %}" * 99}{"{% endif %}" * 99}"', "levels deep"),
    Slip(ZH, OK, f'sv.not_ordered: "{{{{ {"not " * 900}name }}}}"', "is too long"),
    Slip(ZH, OK, f'sv.not_ordered: "{{{{ {"9" * 900} }}}}"', "is too long"),
    Slip(ZH, OK, f"sv.not_ordered: {'长' * 5000}", "more than 4,000 signs"),
    Slip(ZH, OK, "sv.not_ordered: \"{{ text('sv.not_ordered') }}\"", "which puts in itself"),
    Slip(ZH, OK, "sv.not_ordered: \"{{ text('sv.none') }}\"", "there is no text 'sv.none'"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ text(name) }}"', "said by its id"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ name|upper }}"', "No filter named 'upper'"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ name.upper() }}"', "'upper' cannot be called"),
    Slip(ZH, OK, 'sv.not_ordered: "{% if name %}好{% else %}{{ nam }}{% endif %}"',
         "'nam' is undefined", "It has name"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ name|hour }}"', "cannot be said", "It has name"),
    # -- texts: what a subscriber would see
    Slip(ZH, OK, 'sv.not_ordered: ""', "is empty", "Write"),
    Slip(ZH, OK, 'sv.not_ordered: " "', "is empty", "Write"),
    Slip(ZH, OK, "sv.not_ordered: |\n  未确认{{ name }}。\n", "ends with a line break", "|-"),
    Slip(ZH, OK, 'sv.not_ordered: "Not ordered, no charge. {{ name }}"', "English under zh"),
    Slip(ZH, OK, "sv.not_ordered: 校园WLAN 40小时每月12元,{{ name }}没有订购。",
         "says 12 yuan for 校园WLAN 40小时", "conf/tariffs says"),
    Slip(ZH, OK, "sv.not_ordered: 没有订购{{ name }}。KTLL30只要25元。",
         "says 25 yuan for KTLL30", "30"),
    Slip(EN, EN_OK, "sv.err.gone: 该业务已停止办理。\nzz.unused: ", "is Chinese under en"),
    # -- prices that stand twice
    Slip(MENU, "zh: 40小时10元", "zh: 40小时12元", "says 12 yuan for EDU40", "10"),
    Slip(MENU, "en: 40 h 10 yuan", "en: 40 h 15 yuan", "says 15 yuan for EDU40", "10"),
    Slip(MENU, "zh: 1GB50元", "zh: 1GB5元", "says 5 yuan for KTLL50", "50"),
    Slip(MENU, "zh: 300条20元", "zh: 300条２元", "says 2 yuan for KTDX20", "20"),
    Slip(MENU, "zh: 彩铃, en: Ring-back tone", "zh: 彩铃6元, en: Ring-back tone",
         "says 6 yuan for KTCL", "5"),
    Slip(OFFERS, "小时10元", "小时8元", "says 8 yuan for KTEDU40", "10"),
    Slip(SERVICES, "zh: 10元流量包", "zh: 12元流量包", "says 12 yuan, which LL10", "10"),
    Slip(SERVICES, "500元封顶", "600元封顶", "says 600 yuan", "500"),
    Slip(SERVICES, "校外0.05元", "校外0.06元", "says 0.06 yuan", "0.05"),
    Slip(PLANS, "zh: 全球通商务58元套餐", "zh: 全球通商务85元套餐", "says 85 yuan", "58"),
    Slip(EXCHANGES, "zh: 27元话费", "zh: 28元话费", "says 28 yuan, and gives 27", "Correct"),
    Slip(CAMPAIGNS, "488元套餐", "498元套餐", "no plan of 498 yuan", "Correct"),
    # -- names and labels
    Slip(HALL, "{zh: 星级, en: Star level}", "{zh: 星级, en: 星级}", "is Chinese under en"),
    Slip(HALL, "{zh: 星级, en: Star level}", "{zh: Stars, en: Star level}", "is English under zh"),
    Slip(HALL, "{zh: 星级, en: Star level}", '{zh: "星\\n级", en: Star level}', "a line break"),
    Slip(HALL, "{zh: 星级, en: Star level}", '{zh: " 星级", en: Star level}', "with a blank"),
    Slip(HALL, "{zh: 星级, en: Star level}", '{zh: "星级 ", en: Star level}', "with a blank"),
    Slip(HALL, "{zh: 星级, en: Star level}", f"{{zh: {'星' * 25}, en: Star level}}", "50 columns"),
    Slip(HALL, "{zh: 星级, en: Star level}", f"{{zh: 星级, en: {'a' * 49}}}", "49 columns"),
    Slip(HALL, "{zh: 星级, en: Star level}", '{zh: "{{plan}}", en: Star level}', "names no fact"),
    Slip(SERVICES, "{zh: 来电显示, en", '{zh: "", en', "is empty", "Write"),
    Slip(SERVICES, "{zh: 来电显示, en", '{zh: "来电\\n显示", en', "a line break", "one line"),
    Slip(SERVICES, "{zh: 来电显示, en", '{zh: "来电{name}", en', "nothing is filled in", "Take"),
    Slip(PLANS, "en: GoTone Business 58", 'en: "全球通"', "is Chinese under en", "English"),
    Slip(REGIONS, "en: Shanghai", "en: 上海", "is Chinese under en", "English"),
    Slip(DOORS, "en: SMS hall", 'en: "SMS\\nhall"', "a line break", "one line"),
    Slip(HOLIDAYS, "zh: 元旦", "zh: Newyear", "is English under zh", "Chinese"),
    # -- what contradicts itself or other files
    Slip(SERVICES, "cancel_code: QXLL10", "cancel_code: QXLL30", "but here it means LL30",
         "Correct"),
    Slip(SERVICES, "cap: 500", "cap: 5", "the cap is less than the fee", "Correct"),
    Slip(SERVICES, "{zh: 30元流量包, en: Data pack 30}", "{zh: 30元流量包, en: Data pack 10}",
         "also the name of LL10", "otherwise"),
    Slip(SERVICES, "fee: 5\n", "fee: -5\n", "not negative", ""),
    Slip(SERVICES, "fee: 5\n", "fee: 5元\n", "an amount in yuan is a number", ""),
    Slip(SERVICES, "fee: 5\n", "fee: 1e300\n", "at most 1,000,000", ""),
    Slip(CAMPAIGNS, "pay: 120, get: 240", "pay: 240, get: 120", "less than is paid", "Exchange"),
    Slip(HOLIDAYS, 'from: "2026-04-04"', 'from: "2026-02-23"', "has 43 days", "last day"),
    Slip(HOLIDAYS, 'to: "2026-02-23"', 'to: "2026-02-30"', "holidays.1.to", ""),
    Slip(HOLIDAYS, '"2026-01-01", to: "2026-01-03"', '2026-01-01, to: "2026-01-03"',
         "must be text", '"2026-01-01"'),
    Slip(REGIONS, '"1380017"', "01380017", "must be text", '"01380017"'),
    Slip(OFFERS, "after: [q.allowance, q.plan]", "after: []", "nobody sees it", "Name a query"),
    Slip(OFFERS, "brands: [MZ]", 'brands: [MZ]\n    until: "9999-12-31"', "a day is", "", 1),
    Slip(DOORS, "operations: [free_service]", "operations: []", "nothing can be done", "remove"),
    Slip(COMMANDS, "lock: 24 h", "lock: 0 h", "more than nothing", ""),
    Slip(COMMANDS, "lock: 24 h", f"lock: {'9' * 900} h", "a duration is written like", ""),
    Slip(COMMANDS, "keywords: [套餐]", 'keywords: [""]', "cannot be ''", ""),
    Slip(PERSONAS, "balance: 56.80", "balance: .inf", "no number to count with", "digits"),
    Slip(SETTINGS, "  drain: 20", "  drain: .inf", "no number to count with", "digits"),
    Slip(SETTINGS, "  drain: 20", "  drain: {file: /dev/zero}", "is no file", "Name a file"),
    Slip(SETTINGS, "  key: null", "  key: {file: .}", "Is a directory", "Name a file"),
    Slip(SETTINGS, "  key: null", "  key: {env: }", "env: names nothing", "Write {env:"),
    Slip(SETTINGS, "boss: null", 'boss: {url: "https://b", ca: none.pem}', "there is no file",
         "Correct its name"),
    Slip(SETTINGS, "  links: []", "  links: [{name: a, port: 012x}]", "a whole number", "digits"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{s.file}: {s.instead[:50]}" for s in SLIPS])
def test_each_slip_is_told_with_its_place_and_its_cure(folder: Path, slip: Slip) -> None:
    path = folder / slip.file
    text = path.read_text(encoding="utf-8")
    assert slip.there in text
    path.write_text(text.replace(slip.there, slip.instead, 1), encoding="utf-8")
    line = text[: text.index(slip.there)].count("\n") + 1 + slip.below
    found = findings(folder)
    told = [f for f in found if slip.what in f.what and slip.fix in f.fix]
    assert told, found
    elsewhere = COMMANDS if "but here it means" in slip.what else slip.file
    assert any(f.file == str(folder / elsewhere) for f in told), told
    assert elsewhere != slip.file or line in {f.line for f in told}, (line, told)


# -- how much --------------------------------------------------------------------------------------


def many(row: str) -> str:
    return "".join(row.replace("@", str(n)) for n in range(20_000))


CROWDS = [
    (OFFERS, "offers:\n", "  o@: {pitch: {zh: 上网, en: net}, code: KTEDU40, after: [q.plan]}\n"),
    (SERVICES, "services:\n", "  ZZ@: {name: {zh: 业务@, en: service @}, fee: 1}\n"),
    (PLANS, "plans:\n", "  ZZ@: {brand: QQT, name: {zh: 套餐@, en: plan @}, fee: 1}\n"),
    (COMMANDS, "commands:\n", "  q.@: {name: {zh: 查, en: q}, operation: query, codes: [Q@]}\n"),
    (HALL, "screens:\n", "  zz@: {say: {zh: 屏, en: screen}, options: []}\n"),
    (ZH, "# Ordering", "zz.@: 您好。\n"),
    (REGIONS, "regions:\n", '  - {region: {zh: 北, en: B}, prefixes: ["13@"]}\n'),
    (
        HOLIDAYS,
        "holidays:\n",
        '  - {name: {zh: 节, en: D}, from: "2030-01-01", to: ""}\n',
    ),
    (DOORS, "interfaces:\n", '  "9@": {kind: agent, name: {zh: 店, en: shop}}\n'),
    (COMMANDS, "keywords: [", "词@, "),
    (COMMANDS, "codes: [", "ZZ@, "),
]


@pytest.mark.parametrize(("file", "behind", "row"), CROWDS)
def test_twenty_thousand_of_anything_are_told_in_seconds(
    folder: Path, file: str, behind: str, row: str
) -> None:
    """And how many may be."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert behind in text
    more = many(row)
    new = more + behind if behind.startswith("#") else behind + more
    path.write_text(text.replace(behind, new, 1), encoding="utf-8")
    found = findings(folder)
    told = [f for f in found if "more than" in f.what or "larger than" in f.what]
    assert str(path) in {f.file for f in told}, found[:3]
    assert len(found) < 200
