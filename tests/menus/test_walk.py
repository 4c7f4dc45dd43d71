"""Walking a small book: keys, pages, commands, mistakes, ways back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from menus import walk
from menus.book import Book, Ending
from menus.fields import Hidden, Kept
from menus.position import Position, from_json
from menus.steps import Answer, End, Outcome, Run, Show, Transfer
from menus.wording import Channel
from tests.menus.books import SOMEBODY, Dialogue, book_of, own

BOOK = book_of("""
entries:
  ussd: {"*139#": hall}
  voice: {"10086": hall}
  sms: {CD: hall}
human: desk
redial: go_on
limits: {wrong: 3, after_wrong: {voice: desk}}
endings: {ok: shown, refused: shown, confirm: confirm, password: ask, list: listed, late: end}
fields:
  number: {kind: msisdn, own: "#"}
  card: {kind: card}
  password: {kind: password}
screens:
  hall:
    say: {zh: "{brand}营业厅", en: "{brand} hall"}
    options:
      - {key: 1, label: {zh: 余额, en: Balance}, run: q.balance}
      - {key: 2, label: {zh: 充值, en: Recharge}, to: number}
      - {key: 3, label: {zh: 更多, en: More}, to: more}
      - {key: 4, label: {zh: 英文, en: English}, to: hall, language: en, name: english}
      - {key: 5, label: {zh: 专席, en: Desk}, to: human, when: {star: 4}}
      - {key: 6, label: {zh: 套餐, en: Pack}, run: sv.order, with: {service: EDU40}, on: {ok: done}}
  number:
    say: {zh: 请输入号码, en: Number}
    collect: number
    to: card
  card:
    say: {zh: "为{number}输入卡密", en: "Card for {number}"}
    collect: card
    tries: 2
    run: rc.other
    with: {subject: "{number}", card: "{card}"}
  more:
    say: {zh: 更多, en: More}
    options:
      - {key: 1, label: {zh: 退订, en: Unsubscribe}, run: un.list}
      - {key: 9, label: {zh: 资费, en: Tariff}, to: tariff, channels: [ussd]}
  tariff: {say: {zh: 校内一元校外两元。, en: One yuan here and two there.}}
  shown: {say: "{result}", end: [sms]}
  done: {say: {zh: 已受理。, en: Accepted.}, end: true, by_sms: true}
  confirm:
    say: "{result}"
    back: false
    options:
      - {key: 1, label: {zh: 确认, en: Yes}, answer: "yes"}
      - {key: 0, label: {zh: 放弃, en: No}, answer: "no", channels: [ussd]}
  ask: {say: "{result}", collect: password, answer: true}
  listed: {say: "{result}", pick: true}
  desk:
    say: {zh: 转人工。, en: A person.}
    transfer: true
    when: {hours: "08:00-22:00"}
    otherwise: closed
  closed: {say: {zh: 已下班。, en: Closed.}, end: true}
  go_on:
    say: {zh: 上次没有完成。, en: Unfinished.}
    back: false
    options:
      - {key: 1, label: {zh: 继续, en: Go on}, to: back}
      - {key: 2, label: {zh: 主菜单, en: Menu}, to: home}
""")


@pytest.fixture
def ussd() -> Dialogue:
    return Dialogue(BOOK)


@pytest.fixture
def call() -> Dialogue:
    return Dialogue(BOOK, Channel.VOICE, "10086")


def test_a_dialogue_begins_at_its_entry(ussd: Dialogue) -> None:
    """With the caller's facts in the words, and only the options that are for them."""
    assert ussd.text == "全球通营业厅\n1余额\n2充值\n3更多\n4英文\n6套餐\n0退出"


def test_a_key_runs_a_command_and_its_answer_is_shown(ussd: Dialogue) -> None:
    """The walk names the command; somebody else runs it."""
    assert ussd.type("1") == Run("q.balance")
    ussd.answered(Ending.OK, "余额86.50元。")
    assert ussd.text == "余额86.50元。\n0返回"
    ussd.type("0")
    assert ussd.screen == "hall"


@pytest.mark.parametrize("typed", ["3", " 3 ", "３", "3#"])
def test_a_key_may_be_typed_in_many_ways(ussd: Dialogue, typed: str) -> None:
    """Full width, with blanks, with the # that ends an input."""
    ussd.type(typed)
    assert ussd.screen == "more"


def test_back_at_the_root_and_a_bare_hash_end_the_dialogue(ussd: Dialogue) -> None:
    """Politely."""
    assert ussd.type("0") == End("再见。")
    assert Dialogue(BOOK).type("3", "#") == End("再见。")


def test_a_wrong_key_shows_the_same_page_and_the_third_ends(ussd: Dialogue) -> None:
    """With a note above it."""
    before = ussd.text
    ussd.type("8")
    assert ussd.text == f"输入有误,请重新输入。\n{before}"
    ussd.type("hello")
    assert ussd.type("8") == End("错误过多。")


def test_a_right_key_forgives_the_wrong_ones(ussd: Dialogue) -> None:
    """Three in a row are counted, on one screen."""
    ussd.type("8", "8", "3", "8", "8")
    assert ussd.screen == "more"
    assert isinstance(ussd.step, Show)


def test_fields_are_collected_and_given_to_the_command(ussd: Dialogue) -> None:
    """A secret is handed on hidden, and is not in the position."""
    ussd.type("2", "138-0013-8002")
    assert ussd.text == "为13800138002输入卡密\n0返回"
    step = ussd.type("860000000000000001")
    assert step == Run("rc.other", {"subject": "13800138002", "card": Hidden("860000000000000001")})
    assert ussd.walked.keep == {"card": Hidden("860000000000000001")}
    assert "8600000" not in repr(ussd.walked)
    assert "8600000" not in json.dumps(ussd.walked.position.as_json())


def test_the_key_for_ones_own_number_leaves_the_field_empty(call: Dialogue) -> None:
    """And the command gets no such argument."""
    call.type("2", "#")
    assert call.screen == "card"
    step = call.type("860000000000000001#")
    assert step == Run("rc.other", {"card": Hidden("860000000000000001")})


def test_a_screens_own_tries_come_before_the_books(ussd: Dialogue) -> None:
    """Two wrong cards are enough."""
    ussd.type("2", "13800138002", "1234")
    assert ussd.type("1234") == End("错误过多。")


def test_a_secret_typed_earlier_is_named_not_told() -> None:
    """Whoever keeps it fills it in."""
    book = book_of("""
entries: {ussd: {"*139#": old}}
fields: {old: {kind: password}, new: {kind: password}}
screens:
  old: {say: {zh: 旧密码, en: Old}, collect: old, to: new}
  new:
    say: {zh: 新密码, en: New}
    collect: new
    run: pw.change
    with: {old: "{old}", new: "{new}"}
""")
    dialogue = Dialogue(book)
    dialogue.type("123456")
    assert dialogue.walked.keep == {"old": Hidden("123456")}
    step = dialogue.type("739204")
    assert step == Run("pw.change", {"old": Kept("old"), "new": Hidden("739204")})
    assert dialogue.walked.position.kept == ("old", "new")


def test_an_order_is_asked_about_and_carried_out(ussd: Dialogue) -> None:
    """The command asks, the screen puts the question, the answer goes back to the command."""
    assert ussd.type("6") == Run("sv.order", {"service": "EDU40"})
    ussd.answered(Ending.CONFIRM, "开通40小时,10元。")
    assert ussd.text == "开通40小时,10元。\n1确认\n0放弃"
    assert ussd.type("1") == Answer("yes")
    assert not ussd.walked.dropped
    assert ussd.answered(Ending.OK, "办理成功。") == End("已受理。", sms=True)


def test_giving_up_is_an_answer_too(ussd: Dialogue) -> None:
    """The command hears the no, and says what became of it."""
    ussd.type("6")
    ussd.answered(Ending.CONFIRM, "开通40小时,10元。")
    assert ussd.type("0") == Answer("no")
    ussd.answered(Ending.REFUSED, "没有订购。")
    assert ussd.text == "没有订购。\n0返回"


def test_leaving_a_question_drops_it(ussd: Dialogue) -> None:
    """An order that nobody answered orders nothing: whoever walks is told."""
    ussd.type("6")
    ussd.answered(Ending.CONFIRM, "开通40小时,10元。")
    assert isinstance(ussd.type("#"), End)
    assert ussd.walked.dropped


def test_a_password_is_asked_for_and_handed_on_hidden(ussd: Dialogue) -> None:
    """A wrong shape never reaches the command."""
    ussd.type("1")
    ussd.answered(Ending.PASSWORD, "请输入服务密码")
    assert isinstance(ussd.type("1234"), Show)
    assert ussd.type("739204") == Answer(Hidden("739204"))
    ussd.answered(Ending.PASSWORD, "密码不正确,还可输入2次。")
    assert ussd.text == "密码不正确,还可输入2次。\n0返回"
    ussd.type("0")
    assert ussd.screen == "hall"
    assert ussd.walked.dropped


def test_numbers_of_a_list_go_to_the_command(ussd: Dialogue) -> None:
    """One, or several with commas of any kind."""
    ussd.type("3", "1")
    ussd.answered(Ending.LIST, "1来电显示5元\n2彩铃5元\n回复序号退订")
    assert ussd.type("1，2") == Answer("1,2")
    ussd.answered(Ending.CONFIRM, "退订两项?")
    assert ussd.screen == "confirm"


def test_a_long_answer_is_begun_here_and_sent_by_sms(ussd: Dialogue) -> None:
    """Once: turning back to it sends nothing again."""
    ussd.type("1")
    step = ussd.answered(Ending.OK, "账单" * 100)
    assert isinstance(step, Show)
    assert step.sms
    assert step.text.endswith("全文将以短信发送。\n0返回")
    step = ussd.type("7")
    assert isinstance(step, Show)
    assert not step.sms


def test_pages_are_turned_with_nine_and_zero(ussd: Dialogue) -> None:
    """Next, back to the first, and back out of the screen."""
    ussd.type("1")
    ussd.answered(Ending.OK, "余额" * 50)
    first = ussd.text
    assert first.endswith("\n9下一页\n0返回")
    ussd.type("9")
    assert ussd.text.endswith("余额\n0返回")
    ussd.type("0")
    assert ussd.text == first
    ussd.type("0")
    assert ussd.screen == "hall"


def test_nine_is_an_option_where_there_is_no_next_page(ussd: Dialogue) -> None:
    """It leads where the screen says."""
    ussd.type("3", "9")
    assert ussd.screen == "tariff"


def test_a_secret_answer_is_shown_and_forgotten(ussd: Dialogue) -> None:
    """It is in no position."""
    ussd.type("1")
    ussd.answered(Ending.OK, "PUK码12345678", secret=True)
    assert "12345678" in ussd.text
    assert "12345678" not in json.dumps(ussd.walked.position.as_json())


def test_on_a_call_everything_is_said_in_one_piece(call: Dialogue) -> None:
    """With the keys that work everywhere."""
    assert call.text == (
        "全球通营业厅余额请按1。充值请按2。更多请按3。英文请按4。套餐请按6。重听请按9。人工请按0。"
    )
    assert call.type("9") == call.step
    assert call.screen == "hall"


def test_on_a_call_star_is_back_and_zero_a_person(call: Dialogue) -> None:
    """If they are at work."""
    call.type("3", "*")
    assert call.screen == "hall"
    assert call.type("0") == Transfer("转人工。", "desk")


def test_at_night_nobody_is_there() -> None:
    """The screen that stands in is shown."""
    night = SOMEBODY.__class__(minute=23 * 60)
    assert Dialogue(BOOK, Channel.VOICE, "10086", night).type("0") == End("已下班。")


def test_silence_is_no_mistake_and_the_third_leads_to_a_person(call: Dialogue) -> None:
    """Nobody is hung up on, or corrected, for being slow."""
    call.type("", "")
    assert call.text.startswith("全球通营业厅")
    assert call.type("") == Transfer("转人工。", "desk")


def by_day_only(book: Book) -> Book:
    """The same menus where nobody is there at night."""
    hours = {
        name: replace(screen, when=replace(screen.when, hours=(8 * 60, 22 * 60)))
        for name, screen in book.screens.items()
        if name in ("person", "person_on_holidays")
    }
    return replace(book, screens={**book.screens, **hours})


def test_a_minute_of_silence_ends_a_call() -> None:
    """Ten times six seconds, on whatever screens; any key begins the minute anew."""
    night = SOMEBODY.__class__(minute=23 * 60)
    call = Dialogue(by_day_only(own()), Channel.VOICE, "10086", night)
    call.type(*[""] * 9)
    assert call.screen == "closed"
    call.type("9", *[""] * 9)
    assert "预约回拨" in call.text
    assert call.type("") == End("感谢使用,再见。")


def test_a_hash_behind_a_key_is_nothing(call: Dialogue) -> None:
    """People end every input with it: the menu is said again, and no mistake is counted."""
    call.type("3", "#", "#", "#")
    assert call.text.startswith("更多")
    call.type("*", "2", "#")  # which is this very number
    call.type("#")  # which is no card
    assert call.text.startswith("输入有误")


def test_silence_and_wrong_keys_are_counted_apart(call: Dialogue) -> None:
    """Who types again is not close to the end because he was slow before."""
    call.type("", "", "7", "7")
    assert call.text.startswith("输入有误,请重新输入。")
    assert call.type("7") == Transfer("转人工。", "desk")


def test_a_language_is_chosen_for_the_rest_of_the_dialogue(ussd: Dialogue) -> None:
    """Words, keys and mistakes are in it."""
    ussd.type("4")
    assert ussd.walked.position.language == "en"
    assert ussd.text.startswith("GoTone hall\n1 Balance\n")


def test_on_sms_the_answer_of_a_command_is_the_end() -> None:
    """A message is answered by a message."""
    dialogue = Dialogue(BOOK, Channel.SMS, "CD")
    assert dialogue.text == "全球通营业厅1余额 2充值 3更多 4英文 6套餐 0退出"
    assert dialogue.type("1") == Run("q.balance")
    assert dialogue.answered(Ending.OK, "余额86.50元。") == End("余额86.50元。")


def ahead(*keys: str) -> list[Hidden]:
    return [Hidden(key) for key in keys]


def test_what_was_dialled_ahead_is_typed_at_once() -> None:
    """Up to a command, and on behind its answer."""
    walked = walk.begin(BOOK, Channel.USSD, "*139#", SOMEBODY, ahead=ahead("1", "0", "3"))
    assert walked.step == Run("q.balance")
    assert walked.ahead == (Hidden("0"), Hidden("3"))
    done = walk.resume(BOOK, walked.position, Outcome(Ending.OK, "86元"), SOMEBODY, walked.ahead)
    assert isinstance(done.step, Show)
    assert done.step.screen == "more"


@pytest.mark.parametrize(
    ("keys", "ending", "screen"),
    [
        (("6", "1"), Ending.CONFIRM, "confirm"),
        (("6", "1", "1"), Ending.PASSWORD, "ask"),
        (("6", "739204"), Ending.PASSWORD, "ask"),
        (("3", "1", "2", "1"), Ending.LIST, "listed"),
        (("6", "0", "1"), Ending.REFUSED, "shown"),
    ],
)
def test_nothing_dialled_ahead_answers_a_question(
    keys: tuple[str, ...], ending: Ending, screen: str
) -> None:
    """Nor anything behind it; the question is shown as it is, without a note of a mistake."""
    walked = walk.begin(BOOK, Channel.USSD, "*139#", SOMEBODY, ahead=ahead(*keys))
    asked = walk.resume(BOOK, walked.position, Outcome(ending, "10元。"), SOMEBODY, walked.ahead)
    assert isinstance(asked.step, Show)
    assert (asked.step.screen, asked.ahead, asked.position.wrong) == (screen, (), 0)
    assert asked.step.text.startswith("10元。")


PROOFS = book_of("""
entries: {ussd: {"*139#": hall}, voice: {"10086": hall}}
fields: {old: {kind: password}, card: {kind: card}}
screens:
  hall:
    say: {zh: 营业厅, en: Hall}
    options:
      - {key: 1, label: {zh: 密码, en: Password}, to: old}
      - {key: 2, label: {zh: 充值, en: Recharge}, to: card}
  old: {say: {zh: 旧密码, en: Old}, collect: old, run: pw.change, with: {old: "{old}"}}
  card: {say: {zh: 卡密, en: Card}, collect: card, to: sure}
  sure:
    say: {zh: 充值?, en: Sure?}
    options:
      - {key: 1, label: {zh: 确认, en: yes}, run: rc.self, with: {card: "{card}"}}
""")


@pytest.mark.parametrize(
    ("keys", "screen"), [(("1", "123456"), "old"), (("2", "8" * 18, "1"), "sure")]
)
def test_whatever_the_author_writes_must_be_seen_first(keys: tuple[str, ...], screen: str) -> None:
    """A password asked for by the menu itself, and a yes that is an option like any other."""
    walked = walk.begin(PROOFS, Channel.USSD, "*139#", SOMEBODY, ahead=ahead(*keys))
    assert isinstance(walked.step, Show)
    assert (walked.step.screen, walked.ahead) == (screen, ())


def test_which_of_our_screens_must_be_seen() -> None:
    """All that ask for a yes, a proof or a row, and those that pass on a card or a recording."""
    must = {name for name, screen in own().screens.items() if own().must_be_seen(screen)}
    assert must == {
        "confirm", "ask_password", "ask_code", "ask_input", "listed", "recharge_sure",
        "heard_complaint", "heard_suggestion", "heard_fault",
    }  # fmt: skip


PAGES = book_of("""
entries: {ussd: {"*139#": hall}}
endings: {list: listed, confirm: sure}
screens:
  hall:
    say: {zh: 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十, en: The hall}
    pages: 2
    options:
      - {key: 1, label: {zh: 一一一一一一一一一一一一一一一一一一一一, en: One}, to: one}
      - {key: 2, label: {zh: 二二二二二二二二二二二二二二二二二二二二, en: Two}, to: two}
      - {key: 9, label: {zh: 九九九九九九九九九九九九九九九九九九九九, en: Nine}, run: un.list}
  one: {say: {zh: 一, en: One}}
  two: {say: {zh: 二, en: Two}}
  listed: {say: "{result}", pick: true}
  sure:
    say: "{result}"
    options:
      - {key: 1, label: {zh: 确认, en: Yes}, answer: "yes"}
      - {key: 0, label: {zh: 放弃, en: No}, answer: "no"}
""")


def test_a_key_chooses_only_what_its_page_shows() -> None:
    """The key of an option on another page is wrong there, and the page is shown again."""
    ussd = Dialogue(PAGES)
    first = ussd.text
    assert "2二" not in first
    ussd.type("2")
    assert ussd.text.endswith(first)
    ussd.type("9")
    assert "1一" not in ussd.text
    second = ussd.text
    ussd.type("1")
    assert ussd.text.endswith(second)
    ussd.type("2")
    assert ussd.screen == "two"


def test_where_pages_are_turned_no_option_has_the_key_that_turns_them() -> None:
    """It gets the first that is free; in English, on one page, it keeps its own."""
    ussd = Dialogue(PAGES)
    assert "9下一页" in ussd.text
    ussd.type("9")
    assert "3九" in ussd.text
    ussd.type("9")
    assert "输入有误" in ussd.text
    assert ussd.type("3") == Run("un.list")
    english = walk.begin(PAGES, Channel.USSD, "*139#", SOMEBODY, language="en")
    assert isinstance(english.step, Show)
    assert "9 Nine" in english.step.text
    assert walk.step(PAGES, english.position, "9", SOMEBODY).step == Run("un.list")


def test_a_number_of_a_list_counts_on_its_own_page() -> None:
    """Numbers of other pages are wrong; one that no page has is for the command to refuse."""
    ussd = Dialogue(PAGES)
    ussd.type("9", "3")
    rows = "\n".join(f"{n}业务名称很长很长很长很长" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12))
    ussd.answered(Ending.LIST, f"已订业务:\n{rows}\n回复序号退订")
    first = ussd.text
    assert "\n10业务" not in first
    for elsewhere in ("10", "1,10", "010"):
        ussd.type(elsewhere)
        assert ussd.text.endswith(first)
        assert isinstance(ussd.step, Show)
        ussd.type("9", "0")  # mistakes in a row are counted: turn the page between them
    assert ussd.type("99") == Answer("99")
    ussd.answered(Ending.LIST, f"已订业务:\n{rows}\n回复序号退订")
    ussd.type("9", "9")
    last = ussd.text
    ussd.type("9")
    assert ussd.text.endswith(last)


def test_a_key_means_what_it_did_in_the_language_that_was_shown() -> None:
    """Whatever was chosen since; what follows is in that, from its first page."""
    english = walk.begin(PAGES, Channel.USSD, "*139#", SOMEBODY, language="en")
    pressed = walk.step(PAGES, english.position, "9", SOMEBODY, language="zh")
    assert pressed.step == Run("un.list")
    assert pressed.position.language == "zh"
    chinese = walk.begin(PAGES, Channel.USSD, "*139#", SOMEBODY)
    assert "9 Nine" not in str(chinese.step)
    turned = walk.step(PAGES, chinese.position, "9", SOMEBODY, language="en")
    assert isinstance(turned.step, Show)
    assert turned.step.text.startswith("The hall\n1 One")


def test_giving_up_stands_on_every_page_of_a_question() -> None:
    """Nobody has to guess what 0 does before the price is read to its end."""
    ussd = Dialogue(PAGES)
    ussd.type("9", "3")
    ussd.answered(Ending.CONFIRM, "价格说明" * 30)
    assert ussd.text.endswith("\n9下一页\n0放弃")
    assert isinstance(ussd.type("1"), Show)
    assert ussd.type("0") == Answer("no")


def test_a_mistake_ends_what_was_dialled_ahead() -> None:
    """The rest would be typed at the wrong screen."""
    walked = walk.begin(BOOK, Channel.USSD, "*139#", ahead=[Hidden("8"), Hidden("1")])
    assert isinstance(walked.step, Show)
    assert walked.position.screen == "hall"


def test_going_in_circles_does_not_pile_up_ways_back(ussd: Dialogue) -> None:
    """A screen is come back to once."""
    ussd.type("4", "4", "4", "3")
    assert ussd.walked.position.trail == ("hall",)


def test_a_dialogue_has_an_end(ussd: Dialogue) -> None:
    """Sixty inputs; then it is over, whatever is typed."""
    for _ in range(60):
        ussd.type("4")
    assert ussd.type("4") == End("Too long.")


def test_whoever_dials_again_may_go_on(ussd: Dialogue) -> None:
    """Where they stood, with what they had typed."""
    ussd.type("2", "13800138002")
    ussd.walked = walk.redial(BOOK, ussd.walked.position, SOMEBODY)
    assert ussd.screen == "go_on"
    ussd.type("1")
    assert ussd.text == "为13800138002输入卡密\n0返回"


def test_an_interrupted_question_is_not_asked_again(ussd: Dialogue) -> None:
    """Dialling again leads to the menu before it; nobody is asked whether to go on to where
    dialling leads anyway."""
    ussd.type("6")
    ussd.answered(Ending.CONFIRM, "开通40小时,10元。")
    ussd.walked = walk.redial(BOOK, ussd.walked.position, SOMEBODY)
    assert ussd.screen == "hall"
    assert ussd.walked.position.deed == ""


def test_an_input_while_a_command_runs_goes_to_the_screen_before(ussd: Dialogue) -> None:
    """Its outcome was lost: nothing hangs."""
    ussd.type("1", "3")
    assert ussd.screen == "more"


def test_a_late_outcome_is_not_mistaken_for_another(ussd: Dialogue) -> None:
    """Nothing runs: where one stands is shown again."""
    ussd.type("3")
    step = ussd.answered(Ending.OK, "余额86.50元。")
    assert isinstance(step, Show)
    assert step.screen == "more"


def test_a_position_is_a_small_json_value(ussd: Dialogue) -> None:
    """And reads back as it was."""
    ussd.type("2", "13800138002", "9")
    position = ussd.walked.position
    written = json.loads(json.dumps(position.as_json()))
    assert from_json(written) == position
    assert len(json.dumps(position.as_json())) < 150


@pytest.mark.parametrize(
    "broken",
    [{}, {"v": "1", "c": "fax", "e": "", "s": ""}, {"v": 1, "c": "ussd", "e": "", "s": ""},
     {"v": "1", "c": "ussd", "e": "", "s": "", "t": "hall"}],
)  # fmt: skip
def test_what_is_no_position_is_none(broken: dict[str, object]) -> None:
    """Then the dialogue is over."""
    assert from_json(broken) is None


def test_a_screen_that_is_gone_ends_the_dialogue() -> None:
    """The book has changed under a position that nobody should have given it."""
    lost = Position("old", Channel.USSD, "*139#", "gone")
    assert walk.step(BOOK, lost, "1").step == End("系统正忙。")


def test_nine_says_a_screen_again_on_a_call() -> None:
    """The same words, and no fault of the caller's."""
    caller = Dialogue(own(), Channel.VOICE, "10086")
    caller.type("1")
    heard = caller.text
    caller.type("9")
    assert caller.text == heard
    assert caller.walked.position.wrong == 0


ROUND = """
entries:
  ussd: {"*1#": one}
screens:
  one:
    say: {zh: 一, en: One}
    options: [{key: 1, label: {zh: 二, en: two}, to: two}]
  two:
    say: {zh: 二, en: Two}
    options: [{key: 1, label: {zh: 一, en: one}, to: one}]
"""


def test_coming_round_again_forgets_what_lay_between() -> None:
    """Back leads out of the first screen, however often it was come to."""
    walker = Dialogue(book_of(ROUND), entry="*1#")
    walker.type("1", "1")
    assert walker.screen == "one"
    assert isinstance(walker.type("0"), End)
