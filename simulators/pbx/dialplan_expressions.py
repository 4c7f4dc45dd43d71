"""Dialplan expressions, as far as a voice menu needs them: variables, parts of them, equality."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulators.pbx.channel import PbxChannel

_INNERMOST: Final = re.compile(r"\$\{([^{}]*)\}")
_SET: Final = re.compile(r"SET\(([^=]*)=(.*)\)")
_PART: Final = re.compile(r"([^:]*)(?::(\d+))?(?::(\d+))?")
_FUNCTIONS: Final = {"SET": {"func_logic"}, "STRFTIME": {"func_strings"}}
_EXPRESSION: Final = re.compile(r"\$\[([^\[\]]*)\]")
_TERM: Final = re.compile(r'"([^"]*)"(!?=)"([^"]*)"')


def substitute_variables(channel: PbxChannel, text: str) -> str:
    """Works out `${NAME}`, `${NAME:OFFSET:LENGTH}` and `${SET(NAME=…)}`, from left to right; then
    `$["A"="B" & "C"!="D"]`."""
    while found := _INNERMOST.search(text):
        text = text[: found.start()] + _worked_out(channel, found[1]) + text[found.end() :]
    return _EXPRESSION.sub(lambda found: str(int(_true(found[1]))), text)


def _true(expression: str) -> bool:
    terms = [_TERM.fullmatch(term.strip()) for term in expression.split("&")]
    return all(term and (term[1] == term[3]) == (term[2] == "=") for term in terms)


def _worked_out(channel: PbxChannel, inner: str) -> str:
    if channel.exchange.lacks.intersection(_FUNCTIONS.get(inner.partition("(")[0], ())):
        return ""
    if setting := _SET.fullmatch(inner):
        channel.assign(setting[1], setting[2])
        return setting[2]
    part = _PART.fullmatch(inner)
    assert part is not None
    begin = int(part[2] or 0)
    return _value(channel, part[1])[begin : begin + int(part[3]) if part[3] else None]


def _value(channel: PbxChannel, name: str) -> str:
    known = {
        "CALLERID(num)": channel.caller,
        "EXTEN": channel.dialled,
        "CHANNEL": channel.name,
        "STRFTIME(,,%s%3q)": str(round(channel.exchange.clock.seconds() * 1000)),
    }
    return channel.variables.get(name, known.get(name, ""))


def parse_application(text: str) -> tuple[str, str]:
    """`Name(arguments)`."""
    name, _, arguments = text.partition("(")
    return name.strip(), arguments.rpartition(")")[0]


def split_alternatives(applications: str) -> tuple[str, str]:
    """`one:other`, by the colon that stands in no parentheses."""
    depth = 0
    for place, each in enumerate(applications):
        depth += (each == "(") - (each == ")")
        if each == ":" and not depth:
            return applications[:place], applications[place + 1 :]
    return applications, ""
