"""Commands as a position knows them: where one is written, what it gets, what was typed for it."""

from __future__ import annotations

from collections.abc import Mapping

from menus.model.book import Book, CommandCall
from menus.model.fields import Field, FieldInput, StoredSecret, TypedSecret
from menus.model.position import Position
from menus.model.wording import filled


def command_call_at(book: Book, written_at: str) -> CommandCall | None:
    """The command of "screen" or "screen/option"."""
    name, _, option_name = written_at.partition("/")
    screen = book.screens.get(name)
    if screen is None:
        return None
    if option_name:
        does = [option.does for option in screen.options if option.name == option_name]
    else:
        does = [does for does, _ in screen.doings()]
    return next((each for each in does if isinstance(each, CommandCall)), None)


def call_arguments(
    call: CommandCall, at: Position, typed_now: Mapping[str, TypedSecret]
) -> dict[str, FieldInput]:
    """What a command gets. `typed_now` are secrets that nobody has kept yet."""
    found = {name: _argument(value, at, typed_now) for name, value in call.args}
    return {name: value for name, value in found.items() if value is not None}


def _argument(value: str, at: Position, typed_now: Mapping[str, TypedSecret]) -> FieldInput | None:
    """A fixed value, or a field's; None for a field that was left empty."""
    name = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
    if name in typed_now:
        return typed_now[name]
    if name in at.kept:
        return StoredSecret(name)
    return at.fields.get(name) if name else filled(value, at.fields)


def with_field(at: Position, field: Field, value: str) -> Position:
    """Once something was typed for a field. Of a secret only that it was."""
    fields = {k: v for k, v in at.fields.items() if k != field.name}
    kept = tuple(k for k in at.kept if k != field.name)
    if field.secret:
        kept = (*kept, field.name)
    elif value:
        fields[field.name] = value
    return at._replace(fields=fields, kept=kept)
