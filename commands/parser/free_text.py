"""A text that is no command: what a subscriber wants who writes in his own words.

What only reads is answered. Whatever changes something is proposed by number, and goes through its
confirm when its number is sent: no sentence carries anything out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from commands.model.command_register import CommandRegister
from commands.model.request import Argument, CommandSpec
from commands.parser.command_syntax import MatchedCommand, NearMatch, find
from commands.parser.masking import without_digits
from commands.parser.misspellings import SpellingGuess, guess, suggestions
from commands.parser.normalising import NormalisedText, normalise
from commands.parser.parsed_message import MalformedCommand, ParsedCommand, UnknownText
from tariffs.bilingual_name import BilingualName

_SHOWN: Final = 20  # characters of an unknown text that are read back
_PROPOSED: Final = 2
_LONGEST_CODE: Final = 16
_CODE: Final = re.compile(r"(?<![A-Z0-9])(?=[A-Z])[A-Z0-9]{4,16}(?![A-Z0-9])")
_WORDS_TOO: Final = ("lang.set", "menu.main")  # ENGLISH, MENU and HELP are words as well
_ENDS: Final = re.compile(r"sv\.cancel|sv\.\w+\.off|un\.pick|charges\.off")
_ENDED: Final = ("退订", "Cancel ")

# A text to send, what it asks for, and its parameters; None where one is missing.
GuessedMeaning = tuple[str, CommandSpec, dict[str, Argument] | None]


# While a confirm waits, none of these is a question about something else.
_REFUSES: Final = re.compile(
    "不要|不想|不用|不办|不订|不需|不开|别|取消|退|算了|反悔|唔要|(?<![A-Z])(?:CANCEL|STOP|DONT|DON'T|NO)(?![A-Z])"
)


def ends_something(action: str) -> bool:
    """Who confirms it gives something up."""
    return _ENDS.match(action) is not None


def is_refusal(said: NormalisedText) -> bool:
    """Whoever has just been asked for a yes declines with it, whatever else it may mean."""
    return _REFUSES.search(said.upper) is not None


def read_back(said: NormalisedText) -> str:
    """An unknown text as it may be shown: short and without its numbers."""
    return without_digits(said.clean)[:_SHOWN]


def understand_free_text(
    said: NormalisedText, register: CommandRegister, today: date | None
) -> ParsedCommand | MalformedCommand | UnknownText:
    shown = read_back(said)
    if not any(sign.isalnum() for sign in said.clean):
        return UnknownText(shown)
    if (typed := _mistyped(said.upper, register)) is not None:
        return _slip(typed, shown, register)
    if register.plain is None:
        return UnknownText(shown)
    meaning = register.plain.read(_codes_named(said.upper, register), today)
    if meaning is None:
        return UnknownText(shown)
    if meaning.others:
        code = meaning.says[0] if meaning.says else "YE"
        return MalformedCommand(register.codes[code.partition("#")[0]].spec, "help.others")
    return _said(meaning.says, shown, register, sure=meaning.sure)


def _codes_named(text: str, register: CommandRegister) -> str:
    """Codes in a sentence by the names of what they stand for: 取消KTLL30 is 取消30元流量包."""

    def name(found: re.Match[str]) -> str:
        code = register.codes.get(found[0])
        if code is None or code.spec.action in _WORDS_TOO:
            return found[0]
        return ("取消" if ends_something(code.spec.action) else "") + code.spec.name.upper()

    return _CODE.sub(name, text)


# -- a slip of the finger --------------------------------------------------------------------------


def _mistyped(text: str, register: CommandRegister) -> SpellingGuess | None:
    """Codes that a single word in letters may be, misspelt or in pinyin. Digits are no slip of
    others."""
    if not text.isascii() or not text.isalnum() or text.isdigit() or len(text) > _LONGEST_CODE:
        return None
    guessed = guess(text, register.lexicon)
    if guessed.codes:
        return guessed
    likely = suggestions(text, register.lexicon)
    return SpellingGuess(likely) if likely else None


def _slip(
    guessed: SpellingGuess, shown: str, register: CommandRegister
) -> ParsedCommand | MalformedCommand | UnknownText:
    told = [register.code_of(code.spec) for code in guessed.codes[:_PROPOSED]]
    if guessed.certain:
        return _said(told[:1], shown, register)
    return UnknownText(
        shown, tuple((text, _named(spec)) for text, spec, _ in _all_meant(told, register))
    )


# -- codes that are meant --------------------------------------------------------------------------


def _said(
    codes: Sequence[str], shown: str, register: CommandRegister, *, sure: bool = True
) -> ParsedCommand | MalformedCommand | UnknownText:
    found = _all_meant(codes, register)
    if not found:
        return UnknownText(shown)
    (text, first, args), rest = found[0], found[1:]
    proposals = tuple((also, _named(spec)) for also, spec, _ in rest)[:_PROPOSED]
    if sure and (first.reads_only or first.unavailable):  # what cannot be had is only told so
        if args is None:
            return MalformedCommand(first)
        return ParsedCommand(first, args, guessed=True, also=proposals)
    return UnknownText(shown, ((text, _named(first)), *proposals)[:_PROPOSED])


def _all_meant(codes: Sequence[str], register: CommandRegister) -> list[GuessedMeaning]:
    return [each for code in codes for each in _meant(code, register)]


def _meant(code: str, register: CommandRegister) -> Iterator[GuessedMeaning]:
    match find(normalise(code), register):
        case MatchedCommand(found, args):
            yield code, found.spec, args
        case NearMatch(found):
            yield code, found.spec, None
        case None:
            known = register.codes.get(code.partition("#")[0])
            if known is not None:
                yield code, known.spec, None


def _named(spec: CommandSpec) -> CommandSpec:
    """As the list names it: to order and to end have one name otherwise."""
    if not ends_something(spec.action) or not isinstance(spec.name, BilingualName):
        return spec
    zh, en = _ENDED
    return replace(spec, name=BilingualName(f"{zh}{spec.name}", f"{en}{spec.name.en}"))
