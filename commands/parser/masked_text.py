"""A subscriber's text as the journal keeps it: without passwords and numbers."""

from __future__ import annotations

from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.parameters import ParameterKind
from commands.model.request import Argument, Secret
from commands.parser.command_syntax import MatchedCommand, find
from commands.parser.masking import HIDDEN, masked_number, without_digits
from commands.parser.normalising import normalise
from commands.parser.open_input import is_digits, typed_input


def masked(
    text: str, register: CommandRegister, dialogue: Dialogue = NO_DIALOGUE, *, port: str = ""
) -> str:
    """The text for the journal: passwords, card secrets and certificate numbers are `***`."""
    said = normalise(text)
    if port in register.ports:
        return without_digits(said.clean)
    step = dialogue.step or dialogue.lapsed
    if typed_input(said, step, register) or (step and is_digits(said)):
        return HIDDEN
    found = find(said, register)
    if not isinstance(found, MatchedCommand):
        return without_digits(said.clean)
    return "#".join([found.code.word, *(_shown(value) for value in found.values)])


def _shown(value: Argument) -> str:
    if isinstance(value, Secret):
        return HIDDEN
    return masked_number(value) if ParameterKind.MSISDN.clean(value) else without_digits(value)
