"""Texts as they stand in code, for tests that hold a catalogue of texts against it."""

from __future__ import annotations

import ast


def text_of(node: ast.AST) -> str:
    """A text, or one that is filled in, gaps as <>; empty: it is neither."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "<>" for part in node.values
        )
    return ""
