"""docs/reference/settings.md: every key of the configuration, from the model that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.config.settings import Settings
from tests.catalogues.page import Page, page, table

INTRODUCTION = """\
What each is for stands beside it in `conf/gateway.yaml`. A key is also set by `--set KEY=VALUE`
and, in capitals with two underscores for each dot, by a variable: `HALLGATE_STORE__URL`. `[]` is
the place in a list: `--set smpp.links.0.port=2776`. Relative paths are relative to the folder of
the configuration."""

HEADS = ("key", "what it may be", "default")
_BOUNDS = {
    "minimum": "from {}", "maximum": "to {}", "exclusiveMinimum": "above {}",
    "minLength": "{} characters or more", "maxLength": "at most {} characters",
    "pattern": "like {}", "maxItems": "at most {}",
}  # fmt: skip


def settings_page() -> Page:
    schema = Settings.model_json_schema()
    rows = [list(row) for row in _rows(schema, schema, "")]
    return page("docs/reference/settings.md", "Settings", INTRODUCTION, table(HEADS, rows))


def _rows(schema: dict[str, Any], whole: dict[str, Any], before: str) -> Iterator[tuple[str, ...]]:
    for name, told in schema.get("properties", {}).items():
        key = f"{before}{name}"
        inside, item = _model(told, whole), _model(told.get("items", {}), whole)
        if inside is not None:
            yield from _rows(inside, whole, f"{key}.")
        elif item is not None:
            yield from _rows(item, whole, f"{key}[].")
        else:
            required = name in schema.get("required", ())
            default = "(must be given)" if required else _default(key, told)
            yield f"`{key}`", "; ".join(_kinds(told, whole)), default


def _model(told: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any] | None:
    """The model that a value is, or may be."""
    for one in (told, *told.get("anyOf", ()), *told.get("allOf", ())):
        if "$ref" in one:
            found: dict[str, Any] = whole["$defs"][one["$ref"].rpartition("/")[2]]
            return found if "properties" in found else None
    return None


def _kinds(told: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    for one in told.get("anyOf", [told]):
        if "$ref" in one:
            one = whole["$defs"][one["$ref"].rpartition("/")[2]]
        kind = " | ".join(map(str, one["enum"])) if "enum" in one else str(one.get("type", ""))
        if kind == "null":
            yield "or nothing"
            continue
        bounds = [form.format(one[name]) for name, form in _BOUNDS.items() if name in one]
        yield ", ".join(filter(None, [kind, *bounds]))


def _default(key: str, told: dict[str, Any]) -> str:
    """Not of folders of this machine, nor of what is secret."""
    value = told.get("default")
    if key == "conf":
        return "the program's own"
    if value is None:
        return ""
    if "password" in key or "secret" in key or told.get("format") == "password":
        return "(secret)"
    return f"`{value}`" if value not in ([], {}, "") else "(empty)"
