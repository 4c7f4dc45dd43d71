"""Planted mistakes: each is found, on its line, before a subscriber finds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.menu_files import read_menus
from menus.lint.all_checks import book_problems
from menus.model.book import CommandEnding
from menus.model.surroundings import BookSurroundings, MenuCommand
from menus.model.wording import LANGUAGES, MenuChannel
from tests.menus.books import PHRASES

SOUND = (Path(__file__).parents[1] / "sound.yaml").read_text(encoding="utf-8")

QUERY = frozenset(
    {
        CommandEnding.OK,
        CommandEnding.REFUSED,
        CommandEnding.LATE,
        CommandEnding.PASSWORD,
        CommandEnding.LOCKED,
    }
)
ASKED = "开通校园WLAN40小时,10元/月,立即生效,校内超出0.02元/分,校外0.05元/分。"
SAYS = {CommandEnding.CONFIRM: {(c, lang): (ASKED,) for c in MenuChannel for lang in LANGUAGES}}
WORLD = BookSurroundings(
    commands={
        "q.balance": MenuCommand(args=frozenset({"subject"}), endings=QUERY),
        "q.payments": MenuCommand(endings=QUERY),
        "q.check": MenuCommand(args=frozenset({"amount"}), endings=QUERY),
        "rc.self": MenuCommand(args=frozenset({"card"}), endings=QUERY),
        "rc.other": MenuCommand(
            args=frozenset({"subject", "card"}), endings=QUERY | {CommandEnding.CONFIRM}
        ),
        "sv.order": MenuCommand(
            args=frozenset({"service"}), endings=QUERY | {CommandEnding.CONFIRM}, says=SAYS
        ),
        "un.list": MenuCommand(
            channels=frozenset({MenuChannel.USSD, MenuChannel.SMS}),
            endings=QUERY | {CommandEnding.LIST},
        ),
    },
    facts={"zh": {"brand": "动感地带"}, "en": {"brand": "M-Zone"}},
    values={"service": frozenset({"EDU40", "EDU100"})},
    brands=frozenset({"QQT", "MZ", "SZX"}),
    states=frozenset({"normal", "arrears"}),
    signatures={"zh": "【中国移动】", "en": "【中国移动】"},
)


def findings(folder: Path, menu: str) -> list[Finding]:
    (folder / "menu.yaml").write_text(menu, encoding="utf-8")
    (folder / "phrases.yaml").write_text(PHRASES, encoding="utf-8")
    try:
        menus = read_menus(folder)
    except BadFile as bad:
        return bad.findings
    return menus.findings(book_problems(menus.book, WORLD))


def test_a_sound_book_has_no_flaws(tmp_path: Path) -> None:
    """Nothing is reported that is not wrong."""
    assert findings(tmp_path, SOUND) == []


HALL_1 = "- {key: 1, label: {zh: 余额, en: Balance}, run: q.balance}"
BROKEN = [
    # what stands there, what is written instead, what is found; and on which line, if it is not
    # the one that was changed
    ("to: recharge}", "to: recharg}", "hall: goes to 'recharg', which is no screen", ""),
    ("otherwise: closed", "otherwise: closd", "desk: goes to 'closd'", ""),
    ('"*139#": hall', '"*139#": hal', "entries.ussd.*139#: goes to 'hal'", ""),
    ("  ok: shown", "  ok: show", "endings.ok: goes to 'show'", ""),
    ("human: desk", "human: desks", "human: goes to 'desks'", ""),
    ("redial: go_on", "redial: goon", "redial: goes to 'goon'", ""),
    ("{voice: desk}", "{voice: dusk}", "limits.after_wrong.voice: goes to 'dusk'", ""),
    ("on: {ok: done}", "on: {ok: dome}", "hall: goes to 'dome'", ""),
    ("to: other_card", "to: other_cart", "other_number: goes to 'other_cart'", ""),
    ("run: q.balance}", "run: q.balanse}", "hall: there is no command 'q.balanse'", ""),
    ("run: rc.self\n", "run: rc.selv\n", "own_card: there is no command 'rc.selv'", ""),
    ("un.list, channels: [ussd]", "un.list", "un.list is not offered on voice", ""),
    ('with: {card: "{card}"}', 'with: {cart: "{card}"}', "rc.self takes no 'cart'", ""),
    ("with: {service: EDU40}", "with: {service: EDU44}", "there is no service 'EDU44'", ""),
    ('subject: "{number}"', 'subject: "{numbr}"', "there is no field 'numbr'", ""),
    ('card: "{card}"}\n\n  amount', 'card: "x{card}"}\n\n  amount', "secret 'card' is mixed", ""),
    ("collect: number\n", "collect: numbr\n", "other_number: fields has no 'numbr'", ""),
    ("  late: end\n", "", "can end with 'late', which leads nowhere", HALL_1),
    ("{brand: [MZ]}", "{brand: [MX]}", "there is no brand 'MX'", ""),
    ("when: {star: 3}", "when: {state: [owing]}", "there is no state 'owing'", ""),
    ("when: {star: 3}", "when: {star: 7}", "when.star", ""),
    ('"08:00-22:00"', '"8-22"', "these are no hours", ""),
    ('"08:00-22:00"', '"08:00-08:00"', "begins when it ends", ""),
    ("- {key: 2, label: {zh: 充值", "- {key: 1, label: {zh: 充值", "key 1 stands here twice", ""),
    ("{holiday: false}", "{star: 1}", "key 3 stands here twice", ""),
    ("- {key: 4,", '- {key: "#",', "key # ends the dialogue on ussd", ""),
    ("- {key: 2, label: {zh: 充值", "- {key: 0, label: {zh: 充值", "key 0 is back on sms", ""),
    (
        "- {key: 2, label: {zh: 充值",
        "- {key: 0, label: {zh: 充值",
        "key 0 is a person",
        "",
    ),
    ("- {key: 3, label: {zh: 套", '- {key: "12", label: {zh: 套', "keys 1 and 12 begin alike", ""),
    ("- {key: 3, label: {zh: 套", "- {key: 12, label: {zh: 套", "no key", ""),
    ("- {key: 3, label: {zh: 套", "- {key: A, label: {zh: 套", "no key", ""),
    ("zh: 已下班。", "zh: 已下班。回电请按2。", "closed: announces key 2 on voice", ""),
    ("en: Closed.", "en: Closed. Press 2 for a call.", "closed: announces key 2 on voice", ""),
    ("zh: 充值, en: Recharge}\n    opt", 'zh: "充值\\n4其他", en: Recharge}\n    opt', "key 4", ""),
    ("zh: 余额, en: Balance", "zh: 余额", "hall: has no words in en for sms, ussd, voice", ""),
    ("    say: {zh: 充值, en: Recharge}\n", "", "recharge: has no words in zh", "  recharge:"),
    (
        "zh: 请输入卡密, en: Enter the card",
        "ussd: {zh: 卡密, en: Card}",
        "no words in zh for sms",
        "",
    ),
    (
        "{zh: 流量包十元。, en: Ten yuan more data.}",
        "{zh: 流量包十元。}",
        "pack: has no words in en",
        "",
    ),
    ('"{brand}营业厅"', '"{brant}营业厅"', "hall: there is no fact 'brant'", ""),
    ('"{brand}营业厅"', '"{card}营业厅"', "hall: says the secret 'card'", ""),
    ('"{brand}营业厅"', '"{brand营业厅"', "a '{' that names no fact", ""),
    ("zh: 已下班。", 'zh: "{result}"', "closed: tells a result, but no command leads here", ""),
    ("zh: 充值, en: Recharge}, to", "zh: 余额, en: Recharge}, to", "keys 1 and 2 are both", ""),
    (
        "  done: {say",
        "  lost: {say: {zh: 丢, en: Lost}}\n\n  done: {say",
        "nobody can reach",
        "  lost:",
    ),
    ("channels: [voice]}\n\n  rech", "channels: []}\n\n  rech", "nobody ever sees key 5", ""),
    ("to: home}\n\n  go", "to: again}\n    back: false\n\n  go", "no way leads out", "  closed:"),
    (", when: {star: 3}, channels: [voice]}", "}", "hands over to a person, which ussd", "  desk:"),
    (
        "  done: {say: {zh: 已受理。, en: Accepted.}, end: true}",
        "  done: {run: sv.order, on: {ok: done}}",
        "goes round in a circle: done → done",
        "",
    ),
    (
        "published: run q.balance}",
        "published: run q.fee_now}",
        "was promised to 'run q.fee_now'",
        "",
    ),
    (HALL_1, HALL_1.replace("q.balance", "q.payments"), "was promised to", '"*139*1#"'),
    (
        "zh: 退订, en: Unsub",
        'zh: "退\\n订", en: Unsub',
        "hall: the label of key 4 has a line break",
        "",
    ),
    (
        "en: Balance}, run",
        'en: "Bal\\u2028ance"}, run',
        "U+2028, line separator, cannot be seen",
        "",
    ),
    (
        "pick: true}",
        "pick: true, options: [{key: 3, label: {zh: 好, en: OK}, to: end}]}",
        "listed: key 3 may be a number of the list on ussd",
        "",
    ),
    (
        '"*139*2*{card}#": {to',
        '"*139*5*{card}*{password}#": {to: ask_password}\n  "*139*2*{card}#": {to',
        "*139*5*{card}*{password}# goes through 'ask_password', which must be seen first",
        "",
    ),
    ('"*139*1#": {pub', '"*139*7#": {pub', "*139*7# leads nowhere", ""),
    ('"*139*1#": {pub', '"*138*1#": {pub', "*138*1# begins at no entry", ""),
    ('"*139*1#": {pub', '"139*1": {pub', "139*1 cannot be dialled", ""),
    ("to: own_card, pub", "to: own_cart, pub", "goes to 'own_cart', which is no screen", ""),
    ("en: Accepted.", f'en: "{"Accepted. " * 19}"', "takes 2 pages of USSD, more than 1", ""),
    ("zh: 请输入号码", f"zh: {'号' * 76}", "pages of USSD, more than 1", ""),
    ("zh: 请输入卡密", f"zh: {'卡' * 130}", "short messages, more than 2", ""),
    ("    pages: 2\n", "    page: 2\n", "unknown key 'screens.hall.page'", ""),
    ("tries: 2", "barge: no", "screens.other_card.barge", ""),
    ("tries: 2", "barge: true", "screens.other_card.barge", ""),
    (
        "    transfer: true",
        "    transfer: true\n    barge: no-buffer",
        "no call waits for a key",
        "    barge",
    ),
    ("limits: {", "limits: {idle: 17, ", "ends a call before its screen", ""),
    ("tries: 2", "tries: 0", "screens.other_card.tries", ""),
    ("tries: 2", "answer: true", "answer: true goes back to the command that asked", ""),
    ("    collect: amount\n", "", "nobody ever asks for 'amount'", "    with: {amount"),
    ("run: rc.self\n", "to: done\n", "with: without run:", "    with: {card"),
    ("pick: true}", "pick: true, transfer: true}", "has transfer: and pick:", ""),
    ("to: home}\n\n  go", "to: home, run: q.balance}\n\n  go", "to: and run: at once", ""),
    (", to: home}\n\n  go", "}\n\n  go", "key 1 does nothing", ""),
    ("    otherwise: closed\n", "", "when: without otherwise:", '    when: {hours: "08'),
    ("kind: msisdn}", "kind: msisdn, most: 3}", "a field of kind msisdn has its own length", ""),
    ("least: 2, most: 4", "least: 5, most: 4", "least is more than most", ""),
    ("kind: card}", "kind: cards}", "fields.card.kind", ""),
    ("zh: 已受理。, en: Accepted.", "已受理。,好", "put it into quotes", ""),
    ("say: {zh: 已受理。, en: Accepted.}", "say: 已受理。", "Chinese only", ""),
    ("    back: false\n    end: [sms]\n", "    back: no\n", "screens.confirm.back", ""),
    ("  amount: {kind", "  amont: {kind", "fields has no 'amount'", "    collect: amount"),
    (
        'amount: "{amount}"}',
        'amount: "50"}',
        "asks for 'amount', which no command gets",
        "    collect: amount",
    ),
]


@pytest.mark.parametrize(("there", "instead", "what", "line"), BROKEN)
def test_each_mistake_is_found_on_its_line(
    tmp_path: Path, there: str, instead: str, what: str, line: str
) -> None:
    """One thing is broken; something says what and where."""
    at = SOUND.index(there)
    broken = SOUND.replace(there, instead, 1)
    found = [finding for finding in findings(tmp_path, broken) if what in finding.what]
    assert found
    lines = broken.splitlines()
    wanted = next(n for n, text in enumerate(lines, 1) if line in text) if line else 0
    assert found[0].line == (wanted or SOUND[:at].count("\n") + 1)
    assert found[0].fix
    assert Path(found[0].file).name == "menu.yaml"


def test_a_finding_says_what_to_write(tmp_path: Path) -> None:
    """The nearest name that exists."""
    (found,) = (
        finding
        for finding in findings(tmp_path, SOUND.replace("to: recharge}", "to: recharg}"))
        if "recharg'" in finding.what
    )
    assert found.fix == "Did you mean recharge?"


def test_the_same_screen_in_two_files_is_found(tmp_path: Path) -> None:
    """Nobody has to guess which one holds."""
    (tmp_path / "more.yaml").write_text(
        "screens:\n  done: {say: {zh: 好, en: Good}, end: true}\n", encoding="utf-8"
    )
    (found,) = findings(tmp_path, SOUND)
    assert "screens done stands in" in found.what
    assert (Path(found.file).name, found.line) == ("more.yaml", 2)


def test_a_page_that_overflows_by_one_unit_is_found(tmp_path: Path) -> None:
    """Seventy-nine units fit, with the back line; eighty do not."""
    room = 79 - len("\n0返回")
    fits = SOUND.replace("zh: 请输入号码", f"zh: {'号' * room}")
    assert findings(tmp_path, fits) == []
    (found,) = findings(tmp_path, SOUND.replace("zh: 请输入号码", f"zh: {'号' * (room + 1)}"))
    assert "other_number: in zh takes 2 pages of USSD, more than 1" in found.what


def test_the_longest_value_is_what_counts(tmp_path: Path) -> None:
    """A brand of four characters fits where one of five would not."""
    room = 79 - len("\n0返回") - len("动感地带")
    menu = SOUND.replace("zh: 请输入号码", f'zh: "{{brand}}{"号" * room}"')
    assert findings(tmp_path, menu) == []
    longer = menu.replace("{brand}号", "{brand}号号")
    assert any("2 pages of USSD" in finding.what for finding in findings(tmp_path, longer))


def test_key_nine_is_the_next_page_where_there_is_one(tmp_path: Path) -> None:
    """An option that would be hidden behind it is found."""
    nine = "- {key: 9, label: {zh: 资费, en: Tariff}, to: done, channels: [ussd]}"
    menu = SOUND.replace(HALL_1, f"{HALL_1}\n      {nine}")
    assert findings(tmp_path, menu) == []
    long = menu.replace("营业厅", "营业厅" * 20)
    assert any("key 9 is the next page" in finding.what for finding in findings(tmp_path, long))


@pytest.mark.parametrize(("third", "found"), [(9, True), (10, False)])
def test_a_list_has_no_row_with_the_key_of_the_next_page(
    tmp_path: Path, third: int, found: bool
) -> None:
    """Whoever numbers the rows of a reply by counting them is told."""
    assert findings(tmp_path, SOUND) == []
    told = "\n".join(f"{n}一二三四五六七八九十一二三四五六七八九十" for n in (7, 8, third, 11))
    rows = {(MenuChannel.USSD, lang): (told,) for lang in LANGUAGES}
    listing = replace(WORLD.commands["un.list"], says={CommandEnding.LIST: rows})
    world = replace(WORLD, commands={**WORLD.commands, "un.list": listing})
    what = [flaw.what for flaw in book_problems(read_menus(tmp_path).book, world)]
    assert any("listed: a list that is told here in en has a row 9" in one for one in what) is found


def test_a_price_that_is_agreed_to_must_be_seen(tmp_path: Path) -> None:
    """The words of a confirm may not be cut."""
    menu = SOUND.replace("limits: {", "limits: {answer_pages: 1, ")
    assert findings(tmp_path, menu) == []
    asked = {key: (ASKED * 2,) for key in SAYS[CommandEnding.CONFIRM]}
    world = BookSurroundings(
        commands={**WORLD.commands, "sv.order": MenuCommand(
            args=frozenset({"service"}), endings=QUERY | {CommandEnding.CONFIRM},
            says={CommandEnding.CONFIRM: asked},
        )},
        facts=WORLD.facts, brands=WORLD.brands, values=WORLD.values,
    )  # fmt: skip
    found = book_problems(read_menus(tmp_path).book, world)
    assert any("confirm: in zh takes 2 pages" in flaw.what for flaw in found)


def test_a_screen_may_be_reached_by_a_dialled_number_alone(tmp_path: Path) -> None:
    """Nobody has to find it through keys."""
    menu = SOUND.replace(
        '  "*139*2*{card}#"', '  "*139*8#": {to: news}\n  "*139*2*{card}#"'
    ).replace("  shown:", "  news: {say: {zh: 新闻, en: News}, end: true}\n\n  shown:")
    assert findings(tmp_path, menu) == []
