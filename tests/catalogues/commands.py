"""docs/reference/commands.md: every command of conf/commands.yaml, under the operation that says
which proof each channel demands for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from commands.config.command_file import CommandRow, CommandsFile
from tests.catalogues.page import ROOT, Page, coded, page, table

INTRODUCTION = """\
Each section is an operation of `rights` in `conf/commands.yaml`, with the proof that a
channel demands for one's own, real-named number: A0 none, A1 one's own phone, A2 the service
password, A3 the service password and a random code. Other numbers, and numbers that are not
real-named, need A2 wherever A1 is listed. `hall`, `agent` and so on are kinds of other interfaces
(docs/interfaces.md). Confirm: `once` is answered by Y within 10 minutes,
`twice` by 是 within 24 hours. `(nothing)` among the forms means that the code may stand alone;
between parameters stands `#`. The first code is the one that subscribers are told."""

HEADS = ("command", "name", "codes", "forms", "confirm", "channels", "example")
NAMES = {"sms": "SMS", "voice": "voice", "ussd": "USSD", "door": "other interfaces"}


def commands_page(file: Path = ROOT / "conf" / "commands.yaml") -> Page:
    sheet = CommandsFile.model_validate(YAML(typ="safe").load(file))
    sections = [section for operation in sheet.rights for section in _operation(sheet, operation)]
    return page("docs/reference/commands.md", "Commands", INTRODUCTION, *sections)


def _operation(sheet: CommandsFile, operation: str) -> Iterator[str]:
    """Its heading, its proof and its commands."""
    rows = {action: row for action, row in sheet.commands.items() if row.operation == operation}
    yield f"## {operation}"
    levels = sheet.rights[operation]
    proof = ", ".join(
        f"{NAMES.get(column, column)} {level.name}" for column, level in levels.items()
    )
    hours = f" Hours: {sheet.windows[operation]}." if operation in sheet.windows else ""
    yield f"Proof: {proof}.{hours}"
    yield table(HEADS, [_row(action, row) for action, row in rows.items()])


def _row(action: str, row: CommandRow) -> list[str]:
    return [
        f"`{action}`",
        f"{row.name.zh} · {row.name.en}",
        "<br>".join(_codes(row)),
        "<br>".join(f"`{form}`" if form else "(nothing)" for form in row.forms),
        row.confirm.value,
        ", ".join(NAMES[channel] for channel in row.channels),
        f"`{row.example}`" if row.example else "",
    ]


def _codes(row: CommandRow) -> Iterator[str]:
    """The plain ones in a line, then a line for each that fixes a parameter."""
    if row.codes:
        yield coded(row.codes)
    for word, fixed in row.variants.items():
        yield _fixed(word, fixed)
    for word, fixed in row.price_variants.items():
        yield f"{_fixed(word, fixed)} with `edu_code_reading: price`"


def _fixed(word: str, fixed: Mapping[str, str]) -> str:
    return f"`{word}` = {', '.join(f'{name} {value}' for name, value in fixed.items())}"
