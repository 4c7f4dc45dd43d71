"""Where settings come from: one YAML file, the environment over it, `--set` over both."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from os.path import normpath
from pathlib import Path
from typing import Any

from gateway.config.checked_yaml import (
    BadFile,
    CheckedFile,
    Document,
    Finding,
    bytes_of,
    fit,
    load,
    parse,
)
from gateway.config.settings import PROJECT, Settings
from gateway.config.yaml_lines import unseen
from tariffs.file_problem import FilePlace, FileProblem

PREFIX = "HALLGATE_"
CONFIG_IS = "HALLGATE_CONFIG"
"""The variable that names the configuration where no --config does; no setting."""
PATHS = (
    ("conf",),
    ("ivr", "sounds"),
    ("ivr", "recordings"),
    ("ivr", "asterisk", "*", "tls", "ca"),
    ("ivr", "asterisk", "*", "tls", "certificate"),
    ("ivr", "asterisk", "*", "tls", "key"),
    ("smpp", "links", "*", "tls", "ca"),
    ("smpp", "links", "*", "tls", "certificate"),
    ("smpp", "links", "*", "tls", "key"),
    ("smpp", "links", "*", "outbind", "tls", "ca"),
    ("smpp", "links", "*", "outbind", "tls", "certificate"),
    ("smpp", "links", "*", "outbind", "tls", "key"),
    ("boss", "ca"),
    ("console", "oidc", "ca"),
    ("console", "oidc", "client_secret_file"),
)
DEFAULT_PATHS = {
    ("store", "url"): "sqlite:///var/hall.db",
    ("ivr", "sounds"): "var/sounds",
    ("ivr", "recordings"): "var/recordings",
}
_DEEPEST = 8  # a key has no more dots
_MOST_SECRET = 64 * 1024  # octets of a file that is named for a value
_LIKE = {"env": "SMSC_A_PASSWORD", "file": "/run/secrets/smsc_a"}


def read_settings(
    file: Path | None, sets: Sequence[str] = (), environment: Mapping[str, str] = os.environ
) -> Settings:
    """What `checked_settings` holds. Raises BadFile."""
    return checked_settings(file, sets, environment).value


def checked_settings(
    file: Path | None, sets: Sequence[str] = (), environment: Mapping[str, str] = os.environ
) -> CheckedFile[Settings]:
    """The settings, every path in them absolute, and where each stands. Raises BadFile.

    A relative path is relative to the folder of the file, wherever it is written: in the file, in
    the environment or with `--set`. Where there is no file it is relative to `home`. So nobody
    opens another store because of the folder that they stand in."""
    document = load(file) if file is not None else Document("the defaults", {}, {})
    if not isinstance(document.data, dict):
        raise BadFile([Finding(document.file, 1, "must be a mapping of keys", "Begin with smpp:")])
    data: dict[Any, Any] = document.data
    base = file.absolute().parent if file is not None else home(environment)
    _absolute(data, base)
    for (section, key), default in DEFAULT_PATHS.items():
        if isinstance(inside := data.setdefault(section, {}), dict):
            inside.setdefault(key, default)
    _absolute(data, base)
    own = {name: value for name, value in environment.items() if name not in set(_named(data))}
    over = _environment(own) + [_assignment(text) for text in sets]
    for source, place, value in over:
        _put(data, place, value, source)
    _absolute(data, base)
    given = {place: source for source, place, _ in over}
    document = replace(document, data=data, given=given)
    _Revealing(document, base, os.environ).all(data, ())
    return CheckedFile(fit(document, Settings), document)


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of what has no configuration: the checkout, or of an installation the user's own
    folder for data."""
    if (PROJECT / "pyproject.toml").exists():
        return PROJECT
    data = environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "hallgate"


def is_configuration(path: Path) -> bool:
    """Whether a file looks like one of settings."""
    try:
        data = load(path).data
    except BadFile:
        return False
    return isinstance(data, dict) and data.keys() <= Settings.model_fields.keys()


def _environment(environment: Mapping[str, str]) -> list[tuple[str, FilePlace, object]]:
    """HALLGATE_STORE__URL=… is store.url; a number picks from a list:
    HALLGATE_SMPP__LINKS__0__PORT."""
    return [
        (name, _place(name.removeprefix(PREFIX).lower().split("__")), _value(value, name))
        for name, value in sorted(environment.items())
        if name.startswith(PREFIX) and name != CONFIG_IS
    ]


def _assignment(text: str) -> tuple[str, FilePlace, object]:
    key, equals, value = text.partition("=")
    if not equals or not all(key.split(".")) or key.count(".") > _DEEPEST:
        fix = "Write --set KEY=VALUE, for example --set limits.queries_per_hour=0"
        raise BadFile([Finding(f"--set {text}", 0, "is no assignment", fix)])
    return f"--set {key}", _place(key.split(".")), _value(value, f"--set {key}")


def _place(words: list[str]) -> FilePlace:
    return tuple(int(word) if re.fullmatch("[0-9]{1,4}", word) else word for word in words)


def _value(text: str, source: str) -> object:
    """Lists and mappings as YAML writes them; everything else is the text itself, which is taken
    for a number where one is wanted: a password of digits keeps its noughts."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return parse(text, source).data
    except BadFile as bad:
        raise BadFile([replace(finding, line=0) for finding in bad.findings]) from None


def _put(data: Any, place: FilePlace, value: object, source: str) -> None:
    here: Any = data
    for word, following in pairwise(place):
        here = _inside(here, word, source, [] if isinstance(following, int) else {})
    last = place[-1]
    if isinstance(here, list) and isinstance(last, int) and last <= len(here):
        here[last : last + 1] = [value]
    elif isinstance(here, dict):
        here[last] = value
    else:
        raise BadFile([Finding(source, 0, f"there is no place for '{last}' there")])


def _inside(here: Any, word: str | int, source: str, empty: object) -> Any:
    if isinstance(here, dict):
        if here.get(word) is None:
            here[word] = empty
        return here[word]
    if isinstance(here, list) and isinstance(word, int) and word <= len(here):
        if word == len(here):
            here.append(empty)
        return here[word]
    raise BadFile([Finding(source, 0, f"there is no '{word}' there")])


def _absolute(data: Any, base: Path) -> None:
    for place in PATHS:
        _at(data, place, lambda text: normpath(base / text))
    _at(data, ("store", "url"), lambda url: _absolute_url(url, base))


def _absolute_url(url: str, base: Path) -> str:
    scheme = "sqlite:///"
    return scheme + normpath(base / url.removeprefix(scheme)) if url.startswith(scheme) else url


def _at(data: Any, place: Sequence[str], change: Any) -> None:
    """Change the text at a place, if there is one; `*` is every item of a list."""
    head, *rest = place
    items: Any = range(len(data)) if head == "*" and isinstance(data, list) else [head]
    for item in items:
        if (isinstance(data, dict) and item not in data) or not isinstance(data, dict | list):
            continue
        if rest:
            _at(data[item], rest, change)
        elif isinstance(data[item], str):
            data[item] = change(data[item])


def _named(data: object) -> Iterator[str]:
    """The variables that {env: NAME} names: they hold what is wanted there, and are no settings."""
    if isinstance(data, dict):
        if data.keys() == {"env"}:
            yield str(data["env"])
        for value in data.values():
            yield from _named(value)
    elif isinstance(data, list):
        for value in data:
            yield from _named(value)


@dataclass(frozen=True, slots=True)
class _Revealing:
    """{env: NAME} and {file: PATH} stand for what is found there; so no secret need be in the
    file."""

    document: Document
    base: Path
    environment: Mapping[str, str]

    def all(self, data: Any, place: FilePlace) -> None:
        for key in data if isinstance(data, dict) else range(len(data)):
            value, here = data[key], (*place, key)
            if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("env", "file"):
                data[key] = self._one(value, here)
            elif isinstance(value, dict | list):
                self.all(value, here)

    def _one(self, value: dict[str, object], place: FilePlace) -> str:
        ((kind, name),) = value.items()
        if not isinstance(name, str) or not name:
            what, fix = f"{kind}: names nothing", f"Write {{{kind}: {_LIKE[kind]}}}"
        elif kind == "env":
            if found := self.environment.get(name):
                return found
            fix = f"Set {name}, or write the value here"
            empty = name in self.environment
            what = f"{name} is empty" if empty else f"the environment has no {name}"
        else:
            try:
                return self._content(name)
            except (BadFile, OSError, ValueError) as error:
                what, fix = f"{name} {_unread(error)}", "Name a file that this user may read"
        raise BadFile([self.document.finding(FileProblem(place, what, fix))])

    def _content(self, name: str) -> str:
        content = bytes_of(self.base / name, _MOST_SECRET).decode("utf-8").strip()
        if not content:
            raise BadFile([Finding(name, 0, "is empty")])
        if hidden := unseen(content):
            raise BadFile([Finding(name, 0, f"is no text: {hidden} stands in it")])
        return content


def _unread(error: Exception) -> str:
    match error:
        case BadFile():
            return error.findings[0].what
        case OSError():
            return f"cannot be read: {error.strerror}"
        case _:
            return "is not UTF-8"
