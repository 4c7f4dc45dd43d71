"""AMI messages and their bytes. No I/O.

What we write goes through asterisk-ami's `Action`, behind a guard: Asterisk takes a line break in
any value for the beginning of another action, and cannot tell that it was not meant. What Asterisk
writes is read here: asterisk-ami's readers keep only the last of several equal names and break
lines where Unicode allows it, so that a caller's name could pass for a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from asterisk.ami import Action

LONGEST_LINE: Final = 1000
"""Octets of a line that we send. Asterisk refuses lines of 1,024 with their end."""
MOST_HEADERS: Final = 120
"""Headers of an action; Asterisk forgets those after the 128th."""
MOST_MESSAGE: Final = 65_536
"""Octets of a message that we read."""
LONGEST_BANNER: Final = 256

_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_FORBIDDEN = re.compile(r"[\r\n\0]")
_END = b"\r\n\r\n"


class Unsendable(ValueError):
    """AMI cannot carry this."""


class AmiFramingLost(Exception):
    """What comes is no AMI, or has no end."""


class AmiMessage:
    """What Asterisk said: lines of a name and a value. Names are equal whatever their case, and may
    come more than once. Lines are looked for and not taken apart: of twenty we want three."""

    __slots__ = ("_lower", "_octets", "event", "response")

    def __init__(self, block: bytes) -> None:
        self._octets = b"\r\n" + block.strip(b"\r\n")
        self._lower = self._octets.lower()
        # OriginateResponse is an event that has a Response as well: the first line decides
        self.event = self._value(len(_EVENT)) if self._lower.startswith(_EVENT) else ""
        """Its name, if it is an event."""
        self.response = self._value(len(_RESPONSE)) if self._lower.startswith(_RESPONSE) else ""
        """Success, Error, Goodbye …, if it is a response."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """All, in order. A line without a colon has no name."""
        lines = self._octets.decode("utf-8", "replace").split("\r\n")
        return tuple(_header(line) for line in lines if line)

    def get(self, name: str, default: str = "") -> str:
        """The first value of this name."""
        wanted = _line(name)
        at = self._lower.find(wanted)
        return default if at < 0 else self._value(at + len(wanted))

    def all(self, name: str) -> list[str]:
        """Every value of this name, in order."""
        found = re.finditer(re.escape(_line(name)), self._lower)
        return [self._value(each.end()) for each in found]

    def _value(self, begin: int) -> str:
        end = self._octets.find(b"\r\n", begin)
        value = self._octets[begin:] if end < 0 else self._octets[begin:end]
        return value.decode("utf-8", "replace").strip(" ")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AmiMessage) and self._octets == other._octets

    def __hash__(self) -> int:
        return hash(self._octets)

    def __repr__(self) -> str:
        # values may be what a caller typed
        kind = self.event or self.response
        return f"<Message {kind} {','.join(name for name, _ in self.headers)}>"


@lru_cache
def _line(name: str) -> bytes:
    """How a line of this name begins, the end of the line before it included."""
    return f"\r\n{name.lower()}:".encode()


_EVENT: Final = _line("Event")
_RESPONSE: Final = _line("Response")


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    return (name, value.strip(" ")) if colon else ("", line)


class AmiReader:
    """Cuts what Asterisk sends into its banner and messages."""

    def __init__(self, most: int = MOST_MESSAGE) -> None:
        self.banner: str | None = None
        self._most = most
        self._buffer = bytearray()

    @property
    def held(self) -> int:
        """Octets that are no whole message yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[AmiMessage]:
        """The messages that are whole now. Raises AmiFramingLost; nothing can follow it."""
        searched = max(0, len(self._buffer) - len(_END) + 1)
        self._buffer += data
        start = 0
        if self.banner is None:
            start = searched = self._greeted()
        while self.banner is not None:
            end = self._buffer.find(_END, searched)
            if end < 0:
                break
            if end - start > self._most:
                raise AmiFramingLost(f"a message of {end - start} octets")
            yield AmiMessage(bytes(self._buffer[start:end]))
            start = searched = end + len(_END)
        del self._buffer[:start]
        if len(self._buffer) > self._most:
            raise AmiFramingLost(f"a message of more than {self._most} octets")

    def _greeted(self) -> int:
        """Reads the banner; where the first message begins."""
        end = self._buffer.find(b"\r\n")
        if max(end, 0) > LONGEST_BANNER or (end < 0 and len(self._buffer) > LONGEST_BANNER):
            raise AmiFramingLost("no banner")
        if end < 0:
            return 0
        self.banner = self._buffer[:end].decode("utf-8", "replace")
        return end + 2


def encode_action(
    name: str, headers: Mapping[str, str], variables: Mapping[str, str] | None = None
) -> bytes:
    """An action's octets; `variables` become one Variable header each. Raises Unsendable."""
    if not variables and (octets := _plainly_sendable(name, headers)):
        return octets
    variables = variables or {}
    if 1 + len(headers) + len(variables) > MOST_HEADERS:
        raise Unsendable(f"{name} with more than {MOST_HEADERS} headers")
    check_sendable(name, "Action", name)
    for key, value in headers.items():
        check_sendable(name, key, value)
    for key, value in variables.items():
        # the first = ends the variable's name
        if "=" in key or not key:
            raise Unsendable(f"{name} with a variable that cannot be named so")
        check_sendable(name, "Variable", f"{key}={value}")
    return _octets(name, headers, variables)


def _octets(name: str, headers: Mapping[str, str], variables: Mapping[str, str]) -> bytes:
    written: str = str(Action(name, dict(headers), dict(variables)))
    return f"{written}\r\n".encode()


def _plainly_sendable(name: str, headers: Mapping[str, str]) -> bytes:
    """The octets of what is short and has as many lines as headers, as nearly all of ours; empty if
    it must be looked at line by line."""
    values = "".join(headers.values())
    if not values.isascii() or not (values + name).isprintable() or len(headers) >= MOST_HEADERS:
        return b""
    octets = _octets(name, headers, {})
    return octets if len(octets) <= LONGEST_LINE and _are_names((name, *headers)) else b""


@lru_cache
def _are_names(names: tuple[str, ...]) -> bool:
    return all(map(_NAME.fullmatch, names))


def check_sendable(name: str, key: str, value: str) -> None:
    """A value is never quoted in what is raised: it may be secret."""
    if not _NAME.fullmatch(key):
        raise Unsendable(f"{name} with a header that cannot be named so")
    if _FORBIDDEN.search(value):
        raise Unsendable(f"{name} with a line break in {key}")
    try:
        octets = len(key) + 2 + len(value.encode())
    except UnicodeEncodeError:
        raise Unsendable(f"{name} with what is no text in {key}") from None
    if octets > LONGEST_LINE:
        raise Unsendable(f"{name} with {octets} octets in the line {key}")
