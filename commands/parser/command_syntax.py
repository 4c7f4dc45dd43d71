"""A command at the head of a text, and its parameters after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from commands.model.command_register import CommandCode, CommandRegister
from commands.model.frozen_value import frozen_value
from commands.model.parameters import ParameterForm, ParameterKind
from commands.model.request import Argument
from commands.parser.normalising import NormalisedText

LONGEST_WORD: Final = 16  # characters of a command
PASSWORD: Final = "password"  # the parameter that proves; it is asked for wherever it is missing
_MOST_GROUPS: Final = 20  # that one number can be written in: no longer ones are known
_MOST_PIECES: Final = 4  # that one command can be written in: KT EDU 40


@frozen_value
class MatchedCommand:
    """A command whose parameters fit; `values` are those that were written, in their order."""

    code: CommandCode
    args: dict[str, Argument]
    values: tuple[Argument, ...] = ()


@frozen_value
class NearMatch:
    """Certainly this command, but its parameters do not fit."""

    code: CommandCode


def find(said: NormalisedText, register: CommandRegister) -> MatchedCommand | NearMatch | None:
    """An exact code, or the longest one at the head of the text whose parameters fit; or begin to,
    where the hall asks for the others."""
    code = register.codes.get(said.upper)
    for reading in () if code is None else code.readings:
        if () in reading.forms:
            return MatchedCommand(reading, dict(reading.fixed))
    near: MatchedCommand | NearMatch | None = None
    for head in _heads(said, register):
        found = fill_form(head.code, head.rest, said)
        if found is not None:
            return found
        if near is None and head.certain:
            near = begin_form(head.code, head.rest, said) or NearMatch(head.code)
    return near


def begin_form(
    code: CommandCode, rest: list[TextPiece], said: NormalisedText
) -> MatchedCommand | None:
    """The beginning of a form whose other places are asked for: CXDZ#50 without its day."""
    for reading in code.readings:
        for form in reading.forms:
            if _asked_for(reading, form[len(rest) :]):
                found = _filled(reading, form[: len(rest)], rest, said)
                if found is not None:
                    return found
    return None


def _asked_for(code: CommandCode, missing: ParameterForm) -> bool:
    names = [name for place in missing for name in place.names]
    return bool(names) and all(n == PASSWORD or n in code.spec.steps for n in names)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """What stands between two separators."""

    text: str
    start: int  # its place in the whole text


@dataclass(frozen=True, slots=True)
class _Head:
    """A code that may be meant, and what follows it."""

    code: CommandCode
    rest: list[TextPiece]
    certain: bool  # it can only be this one


def _heads(said: NormalisedText, register: CommandRegister) -> Iterator[_Head]:
    """Longest first: pieces together (KT EDU 40), one piece, the beginning of a piece (YE138…)."""
    pieces = [TextPiece(match[0], match.start()) for match in said.pieces()]
    if not pieces:
        return
    together = 1 if pieces[0].text.isdigit() else min(len(pieces), _MOST_PIECES)
    for count in range(together, 0, -1):
        code = register.codes.get("".join(piece.text for piece in pieces[:count]))
        if code is not None:
            rest = pieces[count:]
            yield _Head(code, rest, _separate(code.word, rest))
    yield from _glued(pieces, register)


def _separate(word: str, rest: list[TextPiece]) -> bool:
    """With a blank after it, a word of Chinese or a bare number may still be part of a sentence."""
    if word.isascii() and not word.isdigit():
        return True
    return all(piece.text.isdigit() for piece in rest)


def _glued(pieces: list[TextPiece], register: CommandRegister) -> Iterator[_Head]:
    first = pieces[0]
    for length in range(min(len(first.text) - 1, LONGEST_WORD), 0, -1):
        word, tail = first.text[:length], first.text[length:]
        code = register.codes.get(word)
        if code is None or (word[-1].isdigit() and tail[0].isdigit()):
            continue
        if _takes_text(code) and bool(_LATIN.match(word)) is bool(_LATIN.match(tail)):
            continue  # TSUNAMI is no complaint about UNAMI, 投诉电话 none about 电话
        certain = _LETTERS.fullmatch(word) is not None and _NUMBER.fullmatch(tail) is not None
        yield _Head(code, [TextPiece(tail, first.start + length), *pieces[1:]], certain)


def _takes_text(code: CommandCode) -> bool:
    forms = [form for reading in code.readings for form in reading.forms]
    return any(form and form[0].kind is ParameterKind.TEXT for form in forms)


_LATIN: Final = re.compile(r"[A-Z]")
_LETTERS: Final = re.compile(r"[A-Z]{3,}")
_NUMBER: Final = re.compile(r"[0-9]{5,}")


def parameters_of(code: CommandCode, said: NormalisedText) -> MatchedCommand | None:
    """The whole text as parameters of a command that is known without its code."""
    rest = [TextPiece(match[0], match.start()) for match in said.pieces()]
    return fill_form(code, rest, said) if rest else None


def fill_form(
    code: CommandCode, rest: list[TextPiece], said: NormalisedText
) -> MatchedCommand | None:
    for reading in code.readings:
        for form in reading.forms:
            found = _filled(reading, form, rest, said)
            if found is not None:
                return found
    numbers = sum(piece.text[0].isdigit() for piece in rest)
    return _in_groups(code, rest, said) if numbers > 1 else None


def _in_groups(
    code: CommandCode, rest: list[TextPiece], said: NormalisedText
) -> MatchedCommand | None:
    """8600 0000 0000 0000 01: long numbers in groups, as they are printed."""
    for reading in code.readings:
        for form in reading.forms:
            pieces = _together(form, rest)
            found = _filled(reading, form, pieces, said) if pieces else None
            if found is not None:
                return found
    return None


def _together(form: ParameterForm, rest: list[TextPiece]) -> list[TextPiece] | None:
    """A piece for each place, where a long number takes as many as fit it."""
    pieces: list[TextPiece] = []
    for place in form:
        most = min(len(rest), _MOST_GROUPS if place.kind.in_groups else 1)
        for count in range(most, 0, -1):
            whole = "".join(piece.text for piece in rest[:count])
            if place.kind.clean(whole) is not None:
                pieces.append(TextPiece(whole, rest[0].start))
                rest = rest[count:]
                break
        else:
            return None
    return None if rest else pieces


def _filled(
    code: CommandCode, form: ParameterForm, rest: list[TextPiece], said: NormalisedText
) -> MatchedCommand | None:
    values = _values(form, rest, said)
    if values is None or _month_mistaken(code, form, rest):
        return None
    args: dict[str, Argument] = dict(code.fixed)
    for parameter, written in zip(form, values, strict=True):
        args |= dict.fromkeys(parameter.names, written)
    return MatchedCommand(code, args, tuple(values))


def _month_mistaken(code: CommandCode, form: ParameterForm, rest: list[TextPiece]) -> bool:
    """CXZD#202613, CXZD#199901: where a month may stand, what begins with a year is no password,
    and costs no try, unless the month stands beside it."""
    kinds = [parameter.kind for parameter in form]
    if not _MONTHS.isdisjoint(kinds):
        return False
    if not any(place.kind in _MONTHS for other in code.forms for place in other):
        return False
    pairs = zip(kinds, rest, strict=False)
    return any(k is ParameterKind.PASSWORD and _ALMOST_MONTH.fullmatch(p.text) for k, p in pairs)


_MONTHS: Final = frozenset({ParameterKind.MONTH, ParameterKind.MONTH_OF_YEAR})
_ALMOST_MONTH: Final = re.compile(r"(?:19|20)[0-9]{2}-?[0-9]{2}")


def _values(
    form: ParameterForm, rest: list[TextPiece], said: NormalisedText
) -> list[Argument] | None:
    """One value for each place of the form, or None. Free text takes what is left, as written."""
    texts = [piece.text for piece in rest]
    if form and form[-1].kind is ParameterKind.TEXT and len(rest) >= len(form):
        last = len(form) - 1
        texts[last:] = [said.clean[rest[last].start :]]
    if len(texts) != len(form):
        return None
    values: list[Argument] = []
    for place, parameter in enumerate(form):
        text = texts[place]
        if parameter.kind is ParameterKind.NAME:  # a name is spelt as its holder spells it
            text = said.clean[rest[place].start :][: len(text)]
        value = parameter.read(text)
        if value is None:
            return None
        values.append(value)
    return values
