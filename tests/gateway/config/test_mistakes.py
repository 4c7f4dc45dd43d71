"""Mistakes planted all over conf/, as people make them: each is found in its file and on its line,
with its cure."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.config.settings import OWN_CONF
from tests.gateway.config.spoiling import (
    BOOK,
    CAMPAIGNS,
    CLASSES,
    COMMANDS,
    DOORS,
    EN,
    EXCHANGES,
    HALL,
    HOLIDAYS,
    MENU,
    OFFERS,
    PERSONAS,
    PLANS,
    REGIONS,
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


def test_what_is_shipped_has_no_mistake(folder: Path) -> None:
    assert findings(folder) == []


class Slip(NamedTuple):
    """Of `there`, where it first stands in the file, becomes `instead`."""

    file: str
    there: str
    instead: str
    what: str
    fix: str = ""
    below: int = 0  # lines from where it begins to where it is found


OK = "sv.not_ordered: 您未确认,{{ name }}没有订购,不产生费用。"
WORKS = "announcements:\n  works:\n    say: {zh: 升级。, en: Works.}\n"
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
    Slip(MENU, '"40小时{price:EDU40}元"', "40小时12元", "says 12 yuan for EDU40", "10"),
    Slip(MENU, '"40小时{price:EDU40}元"', "40小时10元", "stands in conf/tariffs", "{price:EDU40}"),
    Slip(MENU, '"40 h {price:EDU40} yuan"', "40 h 15 yuan", "says 15 yuan for EDU40", "10"),
    Slip(MENU, '"1GB{price:LL50}元"', "1GB5元", "says 5 yuan for KTLL50", "50"),
    Slip(MENU, '"300条{price:DX20}元"', "300条２元", "says 2 yuan for KTDX20", "{price:DX20}"),
    Slip(MENU, "1GB{price:LL50}", "1GB{price:LL500}", "the tariff has no LL500", "{price:LL50}"),
    Slip(MENU, "1GB{price:LL50}", "1GB{prise:LL50}", "names no fact", "{brand}"),
    Slip(ZH, "sv.not_ordered: 您未确认", "sv.not_ordered: 流量包LL10要10元。您未确认",
         "stands in conf/tariffs", "{price:LL10}"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ name }}:{name:LL99}"', "no price or name of LL99", "LL"),
    Slip(ZH, OK, 'sv.not_ordered: "{{ name }}:{price:LDXS}元"', "depends on the brand", "menu"),
    Slip(OFFERS, "{price:EDU40}元", "{price:EDU4}元", "no price or name of EDU4", "{price:EDU40}"),
    Slip(OFFERS, "{price:EDU40}元", "10元", "stands in conf/tariffs", "{price:EDU40}"),
    Slip(COMMANDS, "name: {zh: 流量包, en", 'name: {zh: "{name:LL10}", en', "nothing is filled in"),
    # -- what holds for a time
    Slip(SERVICES, "    cancel_code: QXLL50", "    changes: [{from: 2027-02-31, fee: 1}]",
         "what looks like a number or a day is none", "quotes"),
    Slip(SERVICES, "    cancel_code: QXLL50", '    changes: [{from: "2027-02-31", fee: 1}]',
         "no such day as 2027-02-31", "2026-12-03"),
    Slip(SERVICES, "    cancel_code: QXLL50",
         "    changes: [{from: 2027-03-01, until: 2027-02-01, fee: 1}]",
         "ends before it begins", "from:"),
    Slip(SERVICES, "    cancel_code: QXLL50", "    changes: [{fee: 1}]", "at no time", "from:"),
    Slip(SERVICES, "    cancel_code: QXLL50", "    changes: [{from: 2027-03-01}]",
         "changes nothing", "fee:"),
    Slip(SERVICES, "    cancel_code: QXLL50",
         "    changes: [{from: 2027-03-01, fee: 1}, {until: 2027-03-01, fee: 2}]",
         "hold at once, from 2027-03-01 00:00", "Let one end"),
    Slip(SERVICES, "    cancel_code: QXLL50", "    changes: [{from: 2027-03-01, fee: 12}]",
         "says 50 yuan, which LL50 does not cost", "12", -4),
    Slip(COMMANDS, "closed: []", "closed: [{from: 2026-12-03 02:00, says: {zh: 升级。, en: W.}}]",
         "closed for ever", "until:"),
    Slip(COMMANDS, "closed: []",
         "closed: [{from: 2026-12-03, until: 2026-12-03, operations: [x], says: {zh: 停, en: W.}}]",
         "'x'", ""),
    Slip(OFFERS, "brands: [MZ]", "brands: [MZ]\n    from: 2026-12-03 25:00", "no such hour", "", 1),
    Slip(BOOK, "limits:\n",
         f"{WORKS}    when: {{brand: [MZ]}}\nlimits:\n",
         "works: is said for ever", "until:", 3),
    Slip(BOOK, "limits:\n",
         f"{WORKS}    when: {{until: 2026-12-03}}\n    on: [hal]\nlimits:\n",
         "works: goes to 'hal'", "hall", 4),
    Slip(BOOK, "limits:\n",
         "announcements:\n  works: {say: {zh: 升级。}, when: {until: 2026-12-03}}\nlimits:\n",
         "works: has no words in en", "Add it", 1),
    Slip(MENU, "zh: 彩铃, en: Ring-back tone", "zh: 彩铃6元, en: Ring-back tone",
         "says 6 yuan for KTCL", "5"),
    Slip(OFFERS, "小时{price:EDU40}元", "小时8元", "says 8 yuan for KTEDU40", "10"),
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
    Slip(HALL, "{zh: 星级, en: Star level}", "{zh: 星级, en: Points}", "both 'Points'"),
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
    Slip(CLASSES, "advertising: false", "adverts: false", "unknown key", "spelling"),
    Slip(CLASSES, "refused: [paid_service", "refused: [payed_service", "no operation", "mean paid"),
    Slip(CLASSES, "star: 3", "star: 9", "is too large", "5 or less"),
    Slip(CLASSES, "unlimited: true", "proof: {query: A1}", "A2 (password)"),
    Slip(CLASSES, "unlimited: true", "proof: {qery: A2}", "no operation 'qery'", "mean query"),
    Slip(CLASSES, "unlimited: true", "says: {zh: 请到营业厅, en: Hall}", "never said", "refused:"),
    Slip(CLASSES, "unlimited: true", "queue: hall vip", "cannot be 'hall vip'"),
    Slip(CLASSES, "  vip: #", "  Vip: #", "cannot be 'Vip'"),
    Slip(
        CLASSES,
        "plan_change, points_exchange]",
        "points_exchange]\n    only: [abroad]",
        "only for black, and refused to it",
        "Take one of them out",
        1,
    ),
    Slip(OFFERS, "brands: [MZ]", "classes: [vips]", "there is no 'vips'", "mean vip"),
    Slip(OFFERS, "after: [q.allowance, q.plan]", "after: []", "nobody sees it", "Name a query"),
    Slip(OFFERS, "brands: [MZ]", 'brands: [MZ]\n    until: "9999-12-31"', "year 9999", "", 1),
    Slip(DOORS, "{zh: USSD自助, en: USSD}", "{zh: USSD自助, en: USSD}, operations: []",
         "nothing can be done", "remove"),
    Slip(COMMANDS, "lock: 24 h", "lock: 0 h", "more than nothing", ""),
    Slip(COMMANDS, "lock: 24 h", f"lock: {'9' * 900} h", "a duration is written like", ""),
    Slip(COMMANDS, "keywords: [套餐]", 'keywords: [""]', "cannot be ''", ""),
    Slip(PERSONAS, "balance: 56.80", "balance: .inf", "no number to count with", "digits"),
    Slip(SETTINGS, "  drain: 20", "  drain: .inf", "no number to count with", "digits"),
    Slip(SETTINGS, "  drain: 20", "  drain: {file: /dev/zero}", "is no file", "Name a file"),
    Slip(SETTINGS, "  key: null", "  key: {file: .}", "Is a directory", "Name a file"),
    Slip(SETTINGS, "  key: null", "  key: {env: }", "env: names nothing", "Write {env:"),
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
