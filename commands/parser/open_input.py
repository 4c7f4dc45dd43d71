"""What an open question waits for, and whether a text fits it."""

from __future__ import annotations

from typing import Final

from commands.model.command_register import CommandRegister
from commands.model.dialogue import AwaitedInput
from commands.model.parameters import ParameterKind
from commands.model.request import Secret
from commands.parser.normalising import NormalisedText
from commands.parser.parsed_message import InputTooLate, TypedInput

SIX_DIGITS: Final = ("password", "code")  # what a step may want besides a command's parameters
FREE_WORDS: Final = frozenset({ParameterKind.TEXT, ParameterKind.NAME})  # nearly anything fits them


def typed_input(
    said: NormalisedText, step: AwaitedInput | None, register: CommandRegister
) -> TypedInput | None:
    """What fits a step goes to it before it is held against codes: 401001 may be a password."""
    if step is None:
        return None
    kind = kind_of_input(step, register)
    if kind in FREE_WORDS:  # anything fits, so commands go first
        return None
    if kind is ParameterKind.CODE and not _names_something(said, register):
        return None
    together = "".join(piece[0] for piece in said.pieces())
    cleaned = kind.clean(together)
    return TypedInput(step, Secret(cleaned)) if cleaned else None


def kind_of_input(step: AwaitedInput, register: CommandRegister) -> ParameterKind:
    if step.wants in SIX_DIGITS:
        return ParameterKind.PASSWORD
    return register.parameters.get(step.wants, ParameterKind.TEXT)


def _names_something(said: NormalisedText, register: CommandRegister) -> bool:
    """KTLL30 where a service's code is asked for is its code; YE is a wish of its own."""
    code = register.codes.get(said.upper)
    return code is None or register.meant_by(said.upper) != said.upper


def input_too_late(
    said: NormalisedText, lapsed: AwaitedInput | None, register: CommandRegister
) -> InputTooLate | None:
    """What a step was waiting for until a while ago."""
    fits = typed_input(said, lapsed, register)
    return InputTooLate(fits.step) if fits and has_digits(said) else None


def has_digits(said: NormalisedText) -> bool:
    return any(sign.isdigit() for sign in said.upper)


def is_digits(said: NormalisedText) -> bool:
    return said.upper.isascii() and said.upper.isdigit()
