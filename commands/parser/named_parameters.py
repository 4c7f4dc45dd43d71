"""A command as a program asks for it: by its action, and its parameters by their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from commands.model.command_register import CommandCode, CommandRegister
from commands.model.parameters import ParameterForm, ParameterKind
from commands.model.request import Argument, Channel, Secret
from commands.parser.parsed_message import ParsedCommand

LONGEST: Final = 300  # characters of a text
_ELSEWHERE: Final = frozenset({"subject", "password"})  # a request says these beside its parameters
_WRITTEN_LARGE: Final = frozenset({ParameterKind.CODE, ParameterKind.CERTIFICATE})


class UnfitParameters(Exception):
    """`field`: action, or the name of a parameter. What was sent is not repeated."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field = field


def by_name(action: str, given: Mapping[str, str], register: CommandRegister) -> ParsedCommand:
    """Raises UnfitParameters. What a code fixes (a service) must be one that a code of this action
    fixes: no other can be had by its rights."""
    spec = register.specs.get(action)
    if spec is None or Channel.DOOR not in spec.channels:
        raise UnfitParameters("action", "there is no such command at other interfaces")
    codes = register.firsts[action]
    one = all(each.fixed == codes[0].fixed for each in codes)  # then it goes without saying
    for code in codes:
        said = {name: given[name] for name in code.fixed if name in given}
        if said == code.fixed or (one and not said):
            for form in code.forms:
                if given.keys() - said.keys() == _names(form):
                    return ParsedCommand(code.spec, {**_values(form, given), **code.fixed})
    raise UnfitParameters("parameters", _told(codes))


def _names(form: ParameterForm) -> frozenset[str]:
    return frozenset(n for place in form for n in place.names) - _ELSEWHERE


def _values(form: ParameterForm, given: Mapping[str, str]) -> dict[str, Argument]:
    values: dict[str, Argument] = {}
    for place in form:
        for name in place.names:
            if name not in _ELSEWHERE:
                values[name] = _value(name, place.kind, given[name])
    return values


def _value(name: str, kind: ParameterKind, given: str) -> Argument:
    written = given.strip()
    if kind in _WRITTEN_LARGE:
        written = written.upper()
    if any(unicodedata.category(each) in ("Cc", "Cs", "Cn") for each in written):
        raise UnfitParameters(name, "control characters have no place here")
    value = kind.clean(written) if len(written) <= LONGEST else None
    if value is None:
        raise UnfitParameters(name, f"it is no {kind.value.replace('_', ' ')}")
    return Secret(value) if kind.secret else value


def _told(codes: tuple[CommandCode, ...]) -> str:
    """What there is to choose from."""
    forms = dict.fromkeys(
        ", ".join([*sorted(_names(form)), *(f"{n}={v}" for n, v in sorted(code.fixed.items()))])
        or "none"
        for code in codes
        for form in code.forms
    )
    return f"they are one of: {'; '.join(forms)}"
