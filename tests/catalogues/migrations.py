"""docs/reference/migrations.md: every version of the store's schema, and what it brought."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from gateway.store.migrations.schema_version import MIGRATIONS
from tests.catalogues.page import Page, page, table

INTRODUCTION = """\
`hallgate --version` tells which schema a program wants, `hallgate doctor` which one the store has,
and `hallgate db upgrade` brings it there, in one transaction. A program goes on with a store of a
later schema if nothing in between asks more of it: "works with" is the oldest program that does.
[Upgrading](../upgrading.md) says how."""

HEADS = ("schema", "what it brought", "works with programs for")


def migrations_page() -> Page:
    rows = [list(_row(file)) for file in sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))]
    return page("docs/reference/migrations.md", "Schemas of the store", INTRODUCTION,
                table(HEADS, rows))  # fmt: skip


def _row(file: Path) -> Iterator[str]:
    module = ast.parse(file.read_text(encoding="utf-8"))
    given = {
        target.id: str(node.value.value)
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    yield given["revision"]
    yield (ast.get_docstring(module) or "").partition("\n")[0]
    oldest = given.get("works_with", given["revision"])
    yield f"{oldest} and newer" if oldest != given["revision"] else "its own and newer"
