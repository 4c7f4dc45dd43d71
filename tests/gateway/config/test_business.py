"""Everything in conf/ read together: each thing that can be wrong there is found, with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.config import business
from gateway.config.checked_yaml import BadFile, Finding
from tests.commands.fakes import OWN_CONF, SIGNATURE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own conf/."""
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))


def findings(folder: Path) -> list[Finding]:
    with pytest.raises(BadFile) as bad:
        business.load(folder, signature=SIGNATURE)
    return bad.value.findings


def line_of(path: Path, text: str) -> int:
    """Of what is named; after a > only what follows it counts."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [next(n for n, line in lines if each in line) for each in text.split(">")][-1]


def test_the_projects_own_conf_holds_together() -> None:
    """It is what is shipped."""
    read = business.load(OWN_CONF, signature=SIGNATURE)
    assert read.register.codes["YE"].spec.action == "q.balance"


COMMANDS, REPLIES = "commands.yaml", "replies/zh/queries.yaml"
REGIONS, CAMPAIGNS = "regions.yaml", "tariffs/campaigns.yaml"
BRANDS, PLANS, SERVICES, EXCHANGES = (
    f"tariffs/{name}.yaml" for name in ("brands", "plans", "services", "exchanges")
)

BROKEN = [
    # file, what stands there, what is written instead, what is found; and on which line, if it is
    # not the one that was changed
    (COMMANDS, "operation: query\n", "operation: qery\n", "no operation 'qery'", ""),
    (COMMANDS, "q.balance:", "q.balanse:", "no code answers the action 'q.balanse'", ""),
    (COMMANDS, "TCCX,", "YECX,", "the code YECX is also one of q.balance", ""),
    (COMMANDS, "confirm: twice\n", "confirm: thrice\n", "'commands.sv.order.confirm'", ""),
    (COMMANDS, "confirm: twice\n", "confirm: none\n", "'sv.order' needs a confirm", ""),
    (COMMANDS, "example: CXTC", "example: TCCX#1", "'TCCX#1' begins with another code", ""),
    (COMMANDS, "    steps: {serial: q.ask.serial}\n", "", "nothing asks for 'serial'", "[serial]"),
    (
        COMMANDS,
        "    steps: {card: rc.ask.card}\n    alone: card",
        "    alone: card",
        "nothing asks for 'card'",
        'subject#card"]',
    ),
    (COMMANDS, "alone: card", "alone: kard", "parameters has no 'kard'", ""),
    (COMMANDS, "kept: rc.kept", "kept: rc.keeps", "no text 'rc.keeps'", ""),
    (COMMANDS, "new: pw.ask.new", "new: pw.ask.nev", "no text 'pw.ask.nev'", ""),
    (COMMANDS, "{service: EDU100}", "{service: EDU99}", "no service 'EDU99'", ""),
    (COMMANDS, "old#new#again", "old#gnu#again", "parameters has no 'gnu'", ""),
    (
        COMMANDS,
        'channels: [sms]\n    codes: ["2010"',
        'channels: [sms, ussd]\n    codes: ["2010"',
        "not offered on ussd",
        "",
    ),
    (COMMANDS, '"102"', "102", "'commands.q.balance.codes.3' must be text", ""),
    (COMMANDS, "YECX", "yecx", "commands.q.balance.codes.2", ""),
    (COMMANDS, "lock: 24 h", "lock: a day", "a duration is written like", ""),
    (COMMANDS, "query: {sms: A1", "query: {sms: A7", "rights.query.sms", ""),
    (COMMANDS, 'sms: "10", ', "", "sms has no interface number", "interfaces:"),
    (COMMANDS, "QXEDU:", "QXEDV:", "tells QXEDU to cancel EDU40", "commands:"),
    (COMMANDS, "codes: [CD,", "code: [CD,", "unknown key 'commands.menu.main.code'", ""),
    (COMMANDS, "kind: digit", "kind: figure", "'parameters.area.kind'", ""),
    (COMMANDS, "reading: hours", "reading: days", "'edu_code_reading'", ""),
    (COMMANDS, "菜单]\n", "，]\n", "'，' can never be matched", ""),
    (REPLIES, "q.plan:", "q.plam:", "nothing ever says the text 'q.plam'", ""),
    (REPLIES, "balance|yuan", "balanse|yuan", "'q.balance.pre.ok' cannot be said", ""),
    (REPLIES, "balance|yuan", "balance|yen", "No filter named 'yen'", ""),
    (REPLIES, "used|yuan }}", "used|yuan }", "'q.balance.pre.ok' cannot be read", ""),
    (REPLIES, "  parts: 3", "  parts: 1", "short messages, more than 1", "q.allowance:"),
    (REPLIES, "q.refuse.nopw:", "q.plan:", "'q.plan' stands here twice", ""),
    (BRANDS, "[MZ, QQT]", "[MZ, QTQ]", "no brand 'QTQ'", ""),
    (PLANS, "brand: MZ", "brand: MX", "no brand 'MX'", ""),
    (PLANS, "voice_min: 150", "voice: 150", "no item 'voice'", ""),
    (PLANS, "fee: 58", "fee: -58", "an amount in yuan", ""),
    (PLANS, "fee: 58", "fee: fifty", "an amount in yuan", ""),
    (SERVICES, "[LL10, LL30, LL50]", "[LL10, LL31]", "no service 'LL31'", ""),
    (SERVICES, "effect: T1", "effect: T2", "effect", ""),
    (SERVICES, "free_with: [JTCL]", "free_with: [JTCX]", "no service 'JTCX'", ""),
    (SERVICES, "star: 1", "star: 6", "star", ""),
    (PLANS, "excludes: [BXL]", "excludes: [BXM]", "no service 'BXM'", ""),
    (EXCHANGES, "[SZX]", "[SZY]", "no brand 'SZY'", ""),
    (EXCHANGES, "points: 1800", "points: 0", "points", ""),
    (COMMANDS, "{plan: QQT58}", "{plan: QQT59}", "no plan 'QQT59'", ""),
    (
        COMMANDS,
        '["subject#card"]',
        "[card]",
        "the code CZ is also one of rc.self",
        "  rc.other:>codes:",
    ),
    (SERVICES, "unlimited: [data_mb]", "unlimited: [data]", "no item 'data'", ""),
    (REGIONS, '"1380017"', '"1380013"', "the prefix 1380013 is also one of 北京", ""),
    (REGIONS, '"1380017"', '"2380017"', "regions.1.prefixes.0", ""),
    (REGIONS, '"1380017"', "1380017", "regions.1.prefixes.0", ""),
    (CAMPAIGNS, "brands: [SZX]", "brands: [SXZ]", "no brand 'SXZ'", ""),
    (CAMPAIGNS, "JTZX:", "LL30:", "'LL30' is also the code of a service", ""),
    (CAMPAIGNS, "MZYC:", "MZ18:", "'MZ18' is also the code of a plan", ""),
    (CAMPAIGNS, "prepayments: [{pay: 120, get: 240}]", "prepayments: []", "says nothing", "MZYC:"),
    (CAMPAIGNS, "pay: 120", "pay: 120.005", "an amount in yuan", ""),
]


@pytest.mark.slow
@pytest.mark.parametrize(("file", "there", "instead", "what", "line"), BROKEN)
def test_each_mistake_is_found_with_its_line(
    folder: Path, file: str, there: str, instead: str, what: str, line: str
) -> None:
    """One thing is broken; something says what and where, and nothing is loaded."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    at = text.index(there)
    path.write_text(text.replace(there, instead, 1), encoding="utf-8")
    found = [finding for finding in findings(folder) if what in finding.what]
    assert found
    assert found[0].file == str(path)
    assert found[0].line == (line_of(path, line) if line else text[:at].count("\n") + 1)


def test_a_text_that_is_missing_in_one_language_is_found(folder: Path) -> None:
    """Both are complete, or neither is loaded."""
    path = folder / "replies/en/menu.yaml"
    lines = [ln for ln in path.read_text(encoding="utf-8").splitlines() if "menu.area.3" not in ln]
    path.write_text("\n".join(lines), encoding="utf-8")
    (found,) = findings(folder)
    assert found.what == "the text 'menu.area.3' is missing in 'en'"
    assert found.file == str(path)
    assert lines[found.line - 1].startswith("menu.area.2")
    assert found.fix.startswith(f"Add it, as in {folder}/replies/zh/menu.yaml:")


def test_a_text_in_two_files_is_found(folder: Path) -> None:
    """The second one is told, with the first one's file."""
    path = folder / "replies/zh/services.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nhelp.lost: 哪个?\n", encoding="utf-8")
    (found,) = findings(folder)
    assert "'help.lost' stands in" in found.what
    assert found.line == line_of(path, "help.lost")


def test_a_missing_file_is_found(folder: Path) -> None:
    """And everything else that is wrong beside it."""
    (folder / PLANS).unlink()
    (folder / REPLIES).write_text("{", encoding="utf-8")
    assert [Path(finding.file).name for finding in findings(folder)] == [
        "plans.yaml",
        "queries.yaml",
    ]


def test_an_action_without_a_row_is_found(folder: Path) -> None:
    """A command that the code knows must be written down, if only to turn it off."""
    path = folder / COMMANDS
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  q.plan:"), text.index("  q.allowance:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert [finding.what for finding in findings(folder)] == ["the action 'q.plan' has no row here"]


def test_by_price_ktedu40_is_the_package_for_forty_yuan(folder: Path) -> None:
    """The other reading of the same code, by a setting; the price aliases stay."""
    path = folder / COMMANDS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("reading: hours", "reading: price"), encoding="utf-8")
    codes = business.load(folder, signature=SIGNATURE).register.codes
    meant = {word: codes[word].fixed["service"] for word in codes if word.startswith("KTEDU")}
    assert meant == {
        "KTEDU40": "EDU250",
        "KTEDU100": "EDU100",
        "KTEDU250": "EDU250",
        "KTEDU10": "EDU40",
        "KTEDU20": "EDU100",
    }
