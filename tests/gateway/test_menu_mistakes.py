"""Mistakes planted in the shipped menus, as an operations person would make them: each is found in
its file, on its line, with what to write."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.files import BadFile, Finding
from gateway.menus.check import check_menus
from menus.units import UNITS, on_ussd
from tests.commands.fakes import OWN_CONF, own_sample
from tests.gateway.office import own_book
from tests.menus.books import own_world

HALL, MAIN, SERVICES, COMMON, BOOK, PHRASES = (
    f"{name}.yaml" for name in ("hall", "main", "services", "common", "book", "phrases")
)

pytestmark = pytest.mark.slow

MISTAKES = [
    # the file, what stands there, what is written instead, what is found, what to write; and the
    # file and the words where it is told, if that is not where it was made
    # -- what YAML makes of it
    (BOOK, 'ussd: {"*139#": hall}', "ussd: {*139#: hall}", "is not YAML", "into quotes"),
    (HALL, "  more:\n    say:", "  more:\n\tsay:", "is not YAML", "blanks", "\tsay:"),
    (HALL, "zh: 话费余额, en", "zh: 话费,余额, en", "'余额' looks like a key", "Write zh:"),
    (HALL, "zh: 更多, en: More}\n", "zh: 更多: 全部, en: More}\n", "is not YAML", "quotes"),
    (HALL, "key: 1, label: {zh: 积分", "key: 1: label: {zh: 积分", "is not YAML", "quotes"),
    (HALL, "  allowance:\n", "  balance:\n", "'balance' stands here twice", "Keep one"),
    (HALL, "screens:\n", "screen:\n", "unknown key 'screen'", "correct its spelling"),
    (HALL, "key: 1, label: {zh: 积分", "key: 012, label: {zh: 积分", "no key", "0 to 9"),
    (HALL, "key: 1, label: {zh: 积分", 'key: "１", label: {zh: 积分', "no key", "0 to 9"),
    (
        HALL,
        "run: q.data, pinned: true",
        "run: q.data, pinned: yes",
        "must be true or false",
        "one of them",
    ),
    (HALL, "run: q.data, pinned", "runs: q.data, pinned", "unknown key", "spelling"),
    (HALL, "to: more}", "to: More}", "cannot be 'More'", "spelling"),
    (
        HALL,
        "    options:\n      - {key: 1, label: {zh: 账单",
        "    options: {key: 1, label: {zh: 账单",
        "is not YAML",
        "quotes",
        HALL,
        "      - {key: 2, label: {zh: 缴费记录",
    ),
    # -- where it leads
    (HALL, "to: more}", "to: mroe}", "goes to 'mroe', which is no screen", "mean more"),
    (HALL, "on: {ok: balance}", "on: {ok: balanse}", "goes to 'balanse'", "mean balance"),
    (
        HALL,
        "on: {ok: balance}",
        "on: {okay: balance}",
        "on.okay.[key]' cannot be that",
        "ok, refused",
    ),
    (MAIN, "to: bills}", "to: bill}", "goes to 'bill'", "mean bills"),
    (
        MAIN,
        "{key: 5, label: {zh: 账期和信用度, en: cycle and credit}, to: cycle}\n",
        "{key: 5, label: {zh: 信用度, en: credit}, run: q.credit}\n",
        "nobody can reach the screen 'cycle'",
        "or remove it",
        MAIN,
        "  cycle:",
    ),
    (
        BOOK,
        '"13800138000": recharge_call',
        '"13800138000": recharge_cal',
        "goes to 'recharge_cal'",
        "mean recharge_call",
    ),
    (BOOK, "{CD: main}", "{CDD: main}", "nobody can send 'CDD'", "mean CD"),
    (BOOK, 'ussd: {"*139#": hall}', 'ussd: {"*139": hall}', "nobody can dial '*139'", "*139#"),
    (BOOK, '"1860": welcome', '"1860x": welcome', "nobody can call '1860x'", "digits"),
    (BOOK, "{voice: person}", "{voice: persons}", "goes to 'persons'", "mean person"),
    (COMMON, "human: person", "human: persn", "human: goes to 'persn'", "mean person"),
    (COMMON, "redial: go_on", "redial: goon", "redial: goes to 'goon'", "mean go_on"),
    (COMMON, "  locked: shown\n", "  locked: shwn\n", "goes to 'shwn'", "mean shown"),
    (
        COMMON,
        "  late: end\n",
        "",
        "can end with 'late', which leads nowhere",
        "Add late:",
        COMMON,
        "run: hu.callback",
    ),
    (
        COMMON,
        "    otherwise: closed\n",
        "",
        "when: without otherwise:",
        "Add otherwise:",
        COMMON,
        '    when: {hours: "00:00-24:00"} #',
    ),
    # -- commands
    (HALL, "run: q.balance,", "run: q.blance,", "there is no command 'q.blance'", "mean q.balance"),
    (SERVICES, "run: KTLL10}", "run: KTLL1O}", "there is no command 'KTLL1O'", "mean KTLL10"),
    (
        SERVICES,
        "run: sv.order, with: {service: EDU40}",
        "run: sv.order",
        "sv.order needs service",
        "with:",
    ),
    (SERVICES, "{service: EDU40}", "{service: EDU4O}", "there is no service 'EDU4O'", "mean EDU40"),
    (SERVICES, "{service: EDU40}", "{servce: EDU40}", "takes no 'servce'", "mean service"),
    (
        SERVICES,
        "{tariff: EDU40}, channels: [ussd]",
        "{tariff: EDU4O}, channels: [ussd]",
        "no tariff 'EDU4O'",
        "mean EDU40",
    ),
    (
        SERVICES,
        "run: un.list, channels: [sms, voice]",
        "run: pw.random, channels: [sms, voice]",
        "not offered on voice",
        "channels:",
    ),
    (
        SERVICES,
        'with: {card: "{card}"}\n\n  # On',
        'with: {card: "{crad}"}\n\n  # On',
        "no field 'crad'",
        "mean card",
    ),
    (
        COMMON,
        "collect: password",
        "collect: pasword",
        "fields has no 'pasword'",
        "password",
    ),
    (
        BOOK,
        "card: {kind: card}",
        "card: {kind: crad}",
        "fields.card.kind' cannot be",
        "digits, msisdn, card",
    ),
    (BOOK, "most: 17}", "most: 7}", "least is more than most", "Exchange"),
    # -- keys
    (
        HALL,
        "{key: 2, label: {zh: 星级",
        "{key: 1, label: {zh: 星级",
        "key 1 stands here twice",
        "another key",
    ),
    (
        HALL,
        "{key: 2, label: {zh: 星级",
        "{key: 0, label: {zh: 星级",
        "key 0 is back on ussd",
        "another key",
    ),
    (
        HALL,
        "{key: 2, label: {zh: 星级",
        '{key: "#", label: {zh: 星级',
        "key # ends the dialogue",
        "another key",
    ),
    (
        MAIN,
        "{key: 8, label: {zh: 投诉报障",
        "{key: 9, label: {zh: 投诉报障",
        "says everything again",
        "another key",
    ),
    (MAIN, "常用:CXYE余额", "回复9评分。常用:CXYE余额", "announces key 9", "Add an option"),
    (PHRASES, "zh: 0返回", "zh: 7返回", "does not name key 0", "0"),
    (PHRASES, "zh: 9下一页, en: 9 Next", "zh: 下一页, en: 9 Next", "does not name key 9", "9"),
    (
        SERVICES,
        "channels: [ussd], name: tariff_ussd",
        "channels: [ussdd], name: tariff_ussd",
        "cannot be that",
        "ussd",
    ),
    # -- words
    (HALL, "{zh: 星级, en: Star level}", "{zh: 星级}", "has no words in en for ussd", "Add it"),
    (
        HALL,
        "{zh: 星级, en: Star level}",
        "{zh: 积分, en: Star level}",
        "are both '积分'",
        "another label",
    ),
    (HALL, "{zh: 更多, en: More}\n", "更多\n", "Chinese only", "Write zh: and en:"),
    (MAIN, "{brand}客户您好,欢迎", "{brnad}客户您好,欢迎", "there is no fact 'brnad'", "brand"),
    (MAIN, "{brand}客户您好,欢迎", "{brand客户您好,欢迎", "names no fact", "{brand}"),
    (
        SERVICES,
        "zh: 为{number}充值,请输入18位充值卡密码\n",
        "zh: 为{card}充值,请输入18位充值卡密码\n",
        "says the secret 'card'",
        "Take it out",
    ),
    (
        PHRASES,
        '    zh: "{key}{label}"',
        '    zh: "{key}"',
        "must have {key} and {label}",
        "missing",
    ),
    (
        PHRASES,
        '  sorry: {zh: "系统正忙,请稍后再试。", en: "Sorry, please try again later."}',
        "",
        "'phrases.sorry' is missing",
        "Add it",
        PHRASES,
        "phrases:",
    ),
    # -- for whom, and when
    (MAIN, "when: {star: 3}", "when: {star: three}", "a whole number", "digits"),
    (MAIN, "when: {star: 3}", "when: {stars: 3}", "unknown key", "spelling"),
    (MAIN, "when: {star: 3}", "when: {brand: [GQT]}", "there is no brand 'GQT'", "mean"),
    (MAIN, "when: {star: 3}", "when: {class: [vips]}", "there is no class 'vips'", "mean vip"),
    (MAIN, "when: {star: 3}", "when: {brand: MZ}", "must be a list", "[one"),
    (COMMON, 'hours: "00:00-24:00"', 'hours: "0:00-24:00"', "no hours", "08:00-21:00"),
    (MAIN, "to: main, language: en", "to: main, language: eng", "language' cannot be", "zh, en"),
    # -- limits, orders, paths
    (BOOK, "wrong: 3 #", "wrong: 0 #", "is too small", "Write 1 or more"),
    (BOOK, "wrong: 3 #", "wrongs: 3 #", "unknown key 'limits.wrongs'", "spelling"),
    (BOOK, "parts: 2 #", 'parts: "2" #', "a whole number", "without quotes"),
    (MAIN, "order: by_use", "order: by_usage", "order' cannot be", "by_use"),
    (
        MAIN,
        "    order: by_use\n",
        "    reorder: apply\n",
        "reorder: without order:",
        "order: by_use",
    ),
    (
        BOOK,
        "published: run q.data",
        "published: run q.plan",
        "was promised to 'run q.plan'",
        "Undo",
    ),
    (BOOK, '"*139*3#": {pub', '"*139*9#": {pub', "*139*9# leads nowhere", "add to:"),
    (BOOK, '"*139*3#": {pub', '"139*3#": {pub', "139*3# cannot be dialled", "like *139*1#"),
    (
        BOOK,
        "to: recharge_own, pub",
        "to: recharge_owned, pub",
        "goes to 'recharge_owned'",
        "Correct to:",
    ),
    # -- room
    (HALL, "zh: 移动营业厅, en", f"zh: {'厅' * 36}, en", "takes 2 pages of USSD", "set pages: 2"),
    (
        MAIN,
        "zh: 话费账单, en: Bills",
        f"zh: {'账单' * 120}, en: Bills",
        "short messages, more than",
        "set parts:",
        MAIN,
        "    say:\n",
    ),
    (
        SERVICES,
        "zh: 250小时40元",
        f"zh: {'250小时' * 8}",
        "pages of USSD",
        "set pages:",
        SERVICES,
        "    say: {zh: 校园WLAN, en",
    ),
    # -- screens that contradict themselves
    (
        COMMON,
        "    transfer: true\n",
        "    transfer: true\n    collect: reply\n    to: closed\n",
        "has collect: and transfer:",
        "Keep one",
        COMMON,
        "  person:",
    ),
    (
        SERVICES,
        "    collect: serial\n",
        "",
        "nobody ever asks for 'serial'",
        "collect: serial",
        SERVICES,
        'with: {serial: "{s',
    ),
    (
        SERVICES,
        "    run: q.card\n    with",
        "    with",
        "what is typed leads nowhere",
        "Add to:",
        SERVICES,
        "    collect: serial",
    ),
    (HALL, ", to: more}", "}", "key 8 does nothing", "Add to:"),
    (HALL, "to: services}", "to: services, run: q.plan}", "to: and run: at once", "Keep one"),
    (SERVICES, "    tries: 3\n", "    tries: 30\n", "is too large", "Write 9 or less"),
]


def findings(folder: Path) -> list[Finding]:
    try:
        check_menus(folder, own_world())
    except BadFile as bad:
        return bad.findings
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped menus, to be spoilt."""
    return Path(shutil.copytree(OWN_CONF / "menus", tmp_path / "menus"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[3])
def test_each_mistake_is_found(folder: Path, mistake: tuple[str, ...]) -> None:
    """One thing is wrong; the first line says where, what, and what to write."""
    name, there, instead, what, fix, *elsewhere = mistake
    text = (folder / name).read_text(encoding="utf-8")
    assert there in text
    spoilt = text.replace(there, instead, 1)
    (folder / name).write_text(spoilt, encoding="utf-8")
    found = [finding for finding in findings(folder) if what in finding.what]
    assert found, findings(folder)
    told_in, words = elsewhere if len(elsewhere) == 2 else (name, *elsewhere, "")[:2]
    lines = (folder / told_in).read_text(encoding="utf-8").split("\n")
    line = next(n for n, one in enumerate(lines, 1) if words in f"{one}\n") if words else 0
    assert Path(found[0].file).name == told_in
    assert found[0].line == (line or text[: text.index(there)].count("\n") + 1), str(found[0])
    assert fix in found[0].fix, str(found[0])


PLANS = [(persona.account.msisdn, persona.account.plan) for persona in own_sample().personas]


@pytest.mark.parametrize("over", [0, 1])
@pytest.mark.parametrize(("phone", "plan"), PLANS)
def test_one_unit_too_much_for_a_persona_is_found(
    folder: Path, phone: str, plan: str, over: int
) -> None:
    """A screen with the name of their plan fits exactly, or not by one unit."""
    name = str(own_book().catalogue.plans[plan].name)
    filled = f"{phone[:3]}****{phone[-4:]}{name}"
    text = "厅" * (UNITS - on_ussd(f"{filled}厅\n0返回").used + 1 + over)
    hall = folder / "hall.yaml"
    said = hall.read_text(encoding="utf-8")
    screen = f'  news: {{say: {{zh: "{{phone}}{{plan}}{text}", en: News}}}}\n'
    hall.write_text(
        said.replace("to: more}", "to: news}").replace("\n  more:", f"\n{screen}  more:")
    )
    told = [f.what for f in findings(folder) if f.what.startswith("news: in zh takes 2 pages")]
    longest = max(own_world().facts["zh"]["plan"], name, key=len) == name
    assert told or (longest and not over)
    assert not (told and longest and not over)


def test_a_value_that_is_no_gsm7_takes_half_the_room(folder: Path) -> None:
    """One plan without an English name makes every English text with it a text of UCS-2."""
    hall = folder / "hall.yaml"
    said = hall.read_text(encoding="utf-8")
    screen = f'  news: {{say: {{zh: 新闻, en: "{{plan}}{"x" * 100}"}}}}\n'
    hall.write_text(
        said.replace("to: more}", "to: news}").replace("\n  more:", f"\n{screen}  more:")
    )
    assert not [finding for finding in findings(folder) if "news: in en" in finding.what]
    world = own_world()
    wide = {**world.wide, "en": {**world.wide["en"], "plan": "套餐"}}
    with pytest.raises(BadFile, match="news: in en takes 2 pages of USSD"):
        check_menus(folder, replace(world, wide=wide))
