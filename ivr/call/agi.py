"""AGI as AMI carries it: commands as lines, and what comes back, URL-encoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote

from ivr.ami.messages import Unsendable

MOST_SOUNDS: Final = 600
"""Octets of sound names in one command, so that its line can be sent."""
NOT_IN_NAMES: Final = frozenset("&,|'\"\\$\r\n\0")
"""Characters by which a name would be several, or something else."""


class AgiResult(NamedTuple):
    """`200 result=1 (text)`: a code, a value, and what stands in parentheses."""

    code: int
    value: str
    text: str

    def __repr__(self) -> str:
        # the text may be what a caller typed
        return f"AgiResult({self.code}, {self.value!r})"

    @property
    def number(self) -> int:
        """The value as a number; -1, which is failure everywhere, if it is none."""
        try:
            return int(self.value)
        except ValueError:
            return -1


def parse_agi_result(encoded: str) -> AgiResult:
    """The Result of an AsyncAGIExec."""
    if (known := _PLAIN.get(encoded)) is not None:
        return known
    line = _unquoted(encoded).strip("\n")
    code, _, rest = line.partition(" ")
    if not (code.isascii() and code.isdigit()) or not rest.startswith("result="):
        return AgiResult(int(code) if code.isascii() and code.isdigit() else 0, "", rest)
    value, _, text = rest.removeprefix("result=").partition(" ")
    # the text itself may hold parentheses
    inner = text[1 : text.rindex(")")] if text.startswith("(") and ")" in text else ""
    return AgiResult(int(code), value, inner)


_QUOTED: Final = tuple((f"%{ord(char):02X}", char) for char in " =\n():#*")
"""What results of ours hold besides letters and digits."""


def _unquoted(encoded: str) -> str:
    """As `unquote`, which takes as long as all the rest."""
    text = encoded
    for quoted, char in _QUOTED:
        text = text.replace(quoted, char)
    return unquote(encoded) if "%" in text else text


_PLAIN: Final = {
    f"200%20result%3D{value}%0A": AgiResult(200, value, "") for value in ("0", "1", "-1")
}
"""What most commands come to."""


def quote_argument(argument: str) -> str:
    """An argument that may hold blanks and quotation marks."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def execute_application(application: str, *arguments: str) -> str:
    """Runs a dialplan application."""
    return f"EXEC {application} {quote_argument(','.join(arguments))}"


def get_variable(name: str) -> str:
    return f"GET VARIABLE {name}"


def set_variable(name: str, value: str) -> str:
    return f"SET VARIABLE {name} {quote_argument(value)}"


def evaluate_expression(expression: str) -> str:
    """What a dialplan expression comes to."""
    return f"GET FULL VARIABLE {quote_argument(expression)}"


def sound_lists(names: Sequence[str]) -> list[str]:
    """Lists for Read and Playback, each as long as a command can carry. Raises Unsendable."""
    all_of_them = "&".join(names)
    if (
        len(all_of_them) <= MOST_SOUNDS
        and all_of_them.isascii()
        and all(names)
        and (
            all_of_them.count("&") == len(names) - 1
            and NOT_IN_NAMES.isdisjoint(all_of_them.replace("&", ""))
        )
    ):  # as nearly always
        return [all_of_them]
    lists: list[str] = []
    for name in names:
        if not name or NOT_IN_NAMES.intersection(name):
            raise Unsendable("a sound that cannot be named so")
        if lists and len(lists[-1].encode()) + 1 + len(name.encode()) <= MOST_SOUNDS:
            lists[-1] += f"&{name}"
        else:
            lists.append(name)
    return lists
