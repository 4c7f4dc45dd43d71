"""Files of conf/ that no reader should trust: each is told within seconds, by its name and line,
with its cure. Never a traceback, a hang, or silence."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile, load
from gateway.config.settings import OWN_CONF
from tests.gateway.config.spoiling import (
    BOOK,
    BRANDS,
    CAMPAIGNS,
    COMMANDS,
    DOORS,
    EN,
    EXCHANGES,
    HALL,
    HOLIDAYS,
    OFFERS,
    PERSONAS,
    PLANS,
    REGIONS,
    REMINDERS,
    SECONDS,
    SERVICES,
    SETTINGS,
    ZH,
    findings,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of conf/."""
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))


FILES = [
    SETTINGS, COMMANDS, OFFERS, BRANDS, PLANS, SERVICES, CAMPAIGNS, EXCHANGES, DOORS, REGIONS,
    HOLIDAYS, PERSONAS, ZH, EN, HALL, BOOK,
]  # fmt: skip


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
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("file", [SETTINGS, HALL])
def test_no_file_is_read_without_bounds(folder: Path, file: str, odd: str) -> None:
    """Whatever stands there; all of conf/ is read by one reader."""
    more, below, what, fix = ODD[odd]
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{more}", encoding="utf-8")
    began = time.process_time()
    with pytest.raises(BadFile) as bad:
        load(path)
    assert time.process_time() - began < SECONDS
    found = bad.value.findings
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
    (PLANS, octets(b"\xff\xfea\x00"), "plans.yaml", "is not UTF-8 but UTF-16", "Save it as UTF-8"),
    (HALL, octets(b"a: 1\nb: \xe4\xbd\n"), "hall.yaml", "is not UTF-8", "Save it as UTF-8"),
    (ZH, octets(b"x" * (5 * 2**20)), ZH, "zh/, which holds more than 2 MiB", "Take out"),
    (PLANS, octets(b"# " + b"x" * (5 * 2**20)), "plans.yaml", "larger than 1 MiB", "Take out"),
    (PLANS, octets(b"%a\n" * 349_000), "plans.yaml", "is not YAML", ""),
    (BRANDS, octets(b"a\n" * 520_000), "brands.yaml", "a text of 1,039,999", "shorten"),
    (REGIONS, octets(b'a: "' + b"\n" * 1_040_000), "regions.yaml", "is not YAML", "quotes"),
    (SERVICES, octets(b""), "services.yaml", "'services' is missing", "Add it"),
    (REMINDERS, octets(b"# later\n"), REMINDERS, "says nothing", "remove the file"),
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
