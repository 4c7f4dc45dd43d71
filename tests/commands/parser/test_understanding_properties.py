"""Whatever is written, the parser answers; however a command is written, it is understood."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from commands.model.dialogue import AwaitedInput, Dialogue, NumberedList, PendingConfirm
from commands.model.parameters import ParameterKind
from commands.model.request import AuthLevel, ConfirmRule, Secret
from commands.parser.masked_text import masked
from commands.parser.masking import HIDDEN
from commands.parser.parsed_message import ConfirmAnswer, ParsedCommand, UnknownText
from commands.parser.understanding import understand
from commands.parser.yes_no_cancel import NO
from tests.commands.fakes import own_conf

REGISTER = own_conf().register
WORDS = sorted(REGISTER.codes)
ALONE = [word for word in WORDS if () in REGISTER.codes[word].forms]  # need no parameters

BLANKS = st.sampled_from(["", " ", "\u3000", "\t", "\u00a0", " \n "])
UNSEEN = st.sampled_from(["", "", "", "\u200b", "\ufeff", "\u2060"])
ENDINGS = st.sampled_from(["", "。", ".", "!", "！！", "”", "?", "~", " 。"])
SEPARATORS = st.sampled_from(
    ["#", "*", " ", "+", ",", "，", "＃", "＊", "＋", " # ", "\u3000", "##"]
)
DIGITS = st.text("0123456789", min_size=6, max_size=6)

dialogues = st.builds(
    Dialogue,
    choice=st.none()
    | st.builds(NumberedList, st.just(("CD#1", "是#7", "KTEDU40", "")), st.just(9)),
    pending=st.lists(
        st.builds(
            PendingConfirm,
            st.integers(1, 9),
            st.sampled_from(["sv.order", "pw.random"]),
            st.sampled_from([ConfirmRule.ONCE, ConfirmRule.TWICE]),
            st.just(9),
        ),
        max_size=3,
    ).map(tuple),
    step=st.none()
    | st.builds(
        AwaitedInput,
        st.just("pw.change"),
        st.just("13800138001"),
        st.sampled_from(["password", "code", "new", "area", "unheard-of"]),
        st.just(AuthLevel.A1),
        st.just(9),
    ),
)
texts = st.text() | st.lists(
    st.sampled_from([*WORDS, "#", "*", " ", "是", "Y", "1", "0", "余", "额", "１", "86", "138"])
).map("".join)


@st.composite
def spellings(draw: st.DrawFn, word: str) -> str:
    """One of the ways to write a word: case, width, unseen characters."""
    return "".join(
        draw(st.sampled_from([char, char.lower(), _wide(char), _wide(char.lower())])) + draw(UNSEEN)
        for char in word
    )


def _wide(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


@given(texts, dialogues, st.booleans())
def test_no_text_raises(text: str, dialogue: Dialogue, port: bool) -> None:
    """Any characters, wherever the subscriber stands; and the same text means the same again."""
    said = understand(text, dialogue, REGISTER, confirm_port=port)
    assert understand(text, dialogue, REGISTER, confirm_port=port) == said
    masked(text, REGISTER, dialogue)


@given(st.data())
def test_every_code_is_understood_in_every_spelling(data: st.DataObject) -> None:
    """Case, full width, blanks and quotes around, an ending behind."""
    word = data.draw(st.sampled_from(ALONE))
    text = data.draw(BLANKS) + data.draw(spellings(word)) + data.draw(BLANKS)
    text += data.draw(ENDINGS) if word != "?" else ""
    said = understand(text, Dialogue(), REGISTER)
    code = REGISTER.codes[word]
    assert said == ParsedCommand(code.spec, dict(code.fixed))


@given(st.data())
def test_every_parameter_is_understood_after_every_separator(data: st.DataObject) -> None:
    """Another number and its password, after each code that takes them; but where a month may
    stand too, what could be one or was meant to be is one (conf/commands.yaml at `q.bill`)."""
    word = data.draw(st.sampled_from([w for w in WORDS if _takes_number(w)]))
    number = data.draw(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
    password = data.draw(DIGITS)
    assume(not (_takes_month(word) and password.startswith(("19", "20"))))
    prefix = data.draw(st.sampled_from(["", "86", "+86", "0086"]))
    pieces = [word, prefix + number, password]
    text = data.draw(spellings(pieces[0]))
    for piece in pieces[1:]:
        text += data.draw(SEPARATORS) + data.draw(spellings(piece))
    said = understand(text + data.draw(ENDINGS), Dialogue(), REGISTER)
    expected: dict[str, str | Secret] = {"subject": number, "password": Secret(password)}
    assert said == ParsedCommand(REGISTER.codes[word].spec, expected)


def _takes_month(word: str) -> bool:
    places = [place for form in REGISTER.codes[word].forms for place in form]
    return any(place.kind is ParameterKind.MONTH for place in places)


def _takes_number(word: str) -> bool:
    names = [tuple(p.names[0] for p in form) for form in REGISTER.codes[word].forms]
    return ("subject", "password") in names


@given(st.data())
def test_a_code_may_be_written_in_two_pieces(data: st.DataObject) -> None:
    """KT EDU40; but two numbers stay two numbers."""
    word = data.draw(st.sampled_from([w for w in ALONE if len(w) > 3 and not w[0].isdigit()]))
    cut = data.draw(st.integers(1, len(word) - 1))
    said = understand(f"{word[:cut]} {word[cut:]}", Dialogue(), REGISTER)
    assert isinstance(said, ParsedCommand)


# -- secrets ---------------------------------------------------------------------------------------

STORIES = st.sampled_from(
    ["", "我的密码是", "MMXG#", "CXYE 13800138002 ", "ye", "余额", "CXYE#", "2010 ", "KTEDU40*",
     "501 ", "CD#", "tell me ", "MMXG 1234 ", "Y", "是#", "#", "102 ", "身份证"]
)  # fmt: skip
TAILS = st.sampled_from(["", "。", " 吗", "#", "#739", "abc", " 13800138002", "X", " 你好 12"])
GAPS = st.sampled_from(["", "", "", " ", "-", "\u200b", "\u3000", ".", "_"])
SECRETS = (
    DIGITS
    | st.text("0123456789", min_size=18, max_size=18)
    | st.from_regex(r"\A[1-9][0-9]{16}[0-9X]\Z")
)


@given(st.data(), STORIES, SECRETS, TAILS)
def test_no_secret_survives_in_the_journal(
    data: st.DataObject, story: str, secret: str, tail: str
) -> None:
    """Six digits, a card or a certificate: in a command, a broken one, or a sentence."""
    written = "".join(_one_of(data, char) + data.draw(GAPS) for char in secret)
    kept = masked(story + written + tail, REGISTER)
    assert not _held(kept, secret)


def _one_of(data: st.DataObject, char: str) -> str:
    return data.draw(st.sampled_from([char, _wide(char)]))


def _held(text: str, secret: str) -> bool:
    """Does any five of its digits stand together in the text, however they are set apart?"""
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    return any(secret[n : n + 5] in digits for n in range(len(secret) - 4) if secret[n:].isdigit())


@given(DIGITS | st.text("0123456789", max_size=9), st.sampled_from(["password", "code", "new"]))
def test_what_is_typed_into_a_step_is_never_kept(typed: str, wants: str) -> None:
    """Not even digits that are a command elsewhere."""
    step = AwaitedInput("pw.change", "13800138001", wants, AuthLevel.A1, 9)
    kept = masked(typed, REGISTER, Dialogue(step=step))
    assert kept == (HIDDEN if typed else "")


@given(texts)
def test_no_number_of_a_text_is_read_back(text: str) -> None:
    """What is unknown, or answers a confirm, is told and journalled without its digits."""
    said = understand(
        text, Dialogue(pending=(PendingConfirm(7, "sv.order", ConfirmRule.TWICE, 9),)), REGISTER
    )
    word = said.word if isinstance(said, ConfirmAnswer) and said.word not in NO else ""
    said = understand(text, Dialogue(), REGISTER)
    word += " " + said.text if isinstance(said, UnknownText) else ""
    assert not re.search(r"\d{4}", word)
