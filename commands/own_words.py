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

from commands.dialogue import Asked, Misformed, Unknown
from commands.guessing import guess, suggestions
from commands.masking import without_digits
from commands.parsing import Found, Near, find
from commands.register import Code, Register
from commands.spelling import Spelt, spell
from commands.vocabulary import Argument, Spec
from tariffs.label import Label

_SHOWN: Final = 20  # characters of an unknown text that are read back
_PROPOSED: Final = 2
_LONGEST_CODE: Final = 16
_CODE: Final = re.compile(r"(?<![A-Z0-9])(?=[A-Z])[A-Z0-9]{4,16}(?![A-Z0-9])")
_ENDS: Final = re.compile(r"sv\.cancel|sv\.\w+\.off|un\.pick|charges\.off")
_ENDED: Final = ("退订", "Cancel ")

Proposal = tuple[str, Spec]


def unclear(said: Spelt, register: Register, today: date | None) -> Asked | Misformed | Unknown:
    shown = without_digits(said.clean)[:_SHOWN]
    if not any(sign.isalnum() for sign in said.clean):
        return Unknown(shown)
    if code_like := _mistyped(said.upper, register):
        return _said(code_like, shown, register)
    if register.plain is None:
        return Unknown(shown)
    meaning = register.plain.read(_codes_named(said.upper, register), today)
    if meaning is None:
        return Unknown(shown)
    if meaning.others:
        code = meaning.says[0] if meaning.says else "YE"
        return Misformed(register.codes[code.partition("#")[0]].spec, "help.others")
    return _said(meaning.says, shown, register)


def _codes_named(text: str, register: Register) -> str:
    """Codes in a sentence by the names of what they stand for: 取消KTLL30 is 取消30元流量包."""

    def name(found: re.Match[str]) -> str:
        code = register.codes.get(found[0])
        if code is None:
            return found[0]
        return ("取消" if _ENDS.match(code.spec.action) else "") + code.spec.name.upper()

    return _CODE.sub(name, text)


# -- a slip of the finger --------------------------------------------------------------------------


def _mistyped(text: str, register: Register) -> tuple[str, ...]:
    """Codes that a single word in letters may be, misspelt or in pinyin."""
    if not text.isascii() or not text.isalnum() or len(text) > _LONGEST_CODE:
        return ()
    guessed = guess(text, register.lexicon)
    likely: Sequence[Code] = guessed.codes[:1] if guessed.certain else guessed.codes
    if not likely:
        likely = suggestions(text, register.lexicon)
    return tuple(code.word for code in likely[:_PROPOSED])


# -- codes that are meant --------------------------------------------------------------------------


def _said(codes: Sequence[str], shown: str, register: Register) -> Asked | Misformed | Unknown:
    found = [each for code in codes for each in _meant(code, register)]
    if not found:
        return Unknown(shown)
    (text, first, args), rest = found[0], found[1:]
    proposals = tuple((also, _named(spec)) for also, spec, _ in rest)[:_PROPOSED]
    if first.reads_only:
        if args is None:
            return Misformed(first)
        return Asked(first, args, guessed=True, also=proposals)
    return Unknown(shown, ((text, _named(first)), *proposals)[:_PROPOSED])


def _meant(code: str, register: Register) -> Iterator[tuple[str, Spec, dict[str, Argument] | None]]:
    """The text that is sent for it, what it asks, and its parameters unless one is missing."""
    match find(spell(code), register):
        case Found(found, args):
            yield code, found.spec, args
        case Near(found):
            yield code, found.spec, None
        case None:
            known = register.codes.get(code.partition("#")[0])
            if known is not None:
                yield code, known.spec, None


def _named(spec: Spec) -> Spec:
    """As the list names it: to order and to end have one name otherwise."""
    if not _ENDS.match(spec.action) or not isinstance(spec.name, Label):
        return spec
    zh, en = _ENDED
    return replace(spec, name=Label(f"{zh}{spec.name}", f"{en}{spec.name.en}"))
