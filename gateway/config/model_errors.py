"""What a model says of data that does not fit it, in words that help to mend the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

from tariffs.file_problem import FilePlace, FileProblem

_TEXT: Final = re.compile(r"[\u3000-\uffef]")
_SECRET: Final = frozenset({"password", "secret", "key", "token"})  # their values are not told


def problem_of(
    detail: ErrorDetails, place: FilePlace, written: Mapping[FilePlace, str]
) -> FileProblem:
    """`written`: as numbers and the like stand in the file."""
    key = ".".join(_short(part) for part in place) or "the file"
    match detail["type"]:
        case "extra_forbidden" if _TEXT.search(str(place[-1]) if place else ""):
            # a comma ends a text between { and }, and what stands behind it looks like a key
            what = f"'{place[-1]}' looks like a key; if it is part of a text, put it into quotes"
            return FileProblem(place, what, 'Write zh: "…,…"')
        case "extra_forbidden":
            return FileProblem(place, f"unknown key '{key}'", "Remove it, or correct its spelling")
        case "invalid_key":
            quoted = f'Put it into quotes: "{detail["loc"][-1]}"'
            return FileProblem(place, f"the key '{key}' must be text", quoted)
        case "missing":
            return FileProblem(place, f"'{key}' is missing", "Add it")
        case "string_type":
            return FileProblem(
                place, f"'{key}' must be text", _quoted(place, detail["input"], written)
            )
        case "literal_error" | "enum":
            expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return FileProblem(place, f"'{key}' cannot be that", f"Write one of: {expected}")
        case "path_type":
            return FileProblem(
                place, f"'{key}' must be the name of a file or folder", "Write its name"
            )
        case "finite_number":
            return FileProblem(place, f"'{key}' is no number to count with", "Write its digits")
        case "too_long":
            most = f"{detail['ctx']['max_length']:,}"
            return FileProblem(place, f"'{key}' has more than {most} entries", "Take some out")
        case "string_too_long":
            most = f"{detail['ctx']['max_length']:,}"
            return FileProblem(place, f"'{key}' must have at most {most} characters", "Shorten it")
        case "too_short" | "string_too_short":
            return FileProblem(place, f"'{key}' is empty", "Write something there, or take it out")
        case kind if kind in _NOT_A:
            what, fix = _NOT_A[kind]
            return FileProblem(place, f"'{key}' must be {what}", fix)
        case kind if kind in _BEYOND:
            what, fix = _BEYOND[kind]
            limit = f"{next(iter(detail['ctx'].values())):g}"
            return FileProblem(place, f"'{key}' {what}", fix.format(limit))
        case "value_error":
            what, _, fix = _plain(detail["msg"]).partition("; ")
            return FileProblem(place, f"'{key}': {what}", fix[:1].upper() + fix[1:] or "Correct it")
        case "string_pattern_mismatch":
            what = f"'{key}' cannot be '{_short(detail['input'])}'"
            return FileProblem(place, what, _like(str(detail["ctx"]["pattern"])))
        case _:
            return FileProblem(place, f"'{key}': {_plain(detail['msg'])}", "Correct it")


_LIKE: Final = {
    "^[A-Z]": "Write capitals and digits, a capital first: LL10",
    r"^[^\sa-z": "Write it as it is sent: no small letters, blanks or signs",
    r"^\*": "Write it as it is dialled: *139#",
    "^20": "Write a day like 2026-05-01",
    "^[0-9]": "Write its digits",
    r"^\d": "Write its digits",
    "^1": "Write its first digits, 1380013",
    "^https": "Write an address that begins with http:// or https:// and ends with /",
}
"""How a pattern begins, and what fits it."""


def _like(pattern: str) -> str:
    fits = (fix for begins, fix in _LIKE.items() if pattern.startswith(begins))
    return next(fits, "Correct its spelling: no capitals, blanks or signs")


_BEYOND: Final = {
    "greater_than_equal": ("is too small", "Write {} or more"),
    "greater_than": ("is too small", "Write more than {}"),
    "less_than_equal": ("is too large", "Write {} or less"),
    "less_than": ("is too large", "Write less than {}"),
}
_MAPPING: Final = ("a mapping", "Write name: value, one a line, indented below it")
_WHOLE: Final = ("a whole number", "Write its digits, without quotes")
_NUMBER: Final = ("a number", "Write it as in 1.5, without quotes")
_LIST: Final = ("a list", "Write [one, another], or each on a line of its own after a -")
_YES_OR_NO: Final = ("true or false", "Write one of them")
_NOT_A: Final = {
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
}


def _quoted(place: FilePlace, given: object, written: Mapping[FilePlace, str]) -> str:
    """As it stands in the file: who writes 0012 unquoted means these digits, not twelve."""
    if given is None:
        return "Write it behind the colon"
    if isinstance(given, dict | list):
        return "Write one text, in quotes if it holds : { or ["
    secret = place and place[-1] in _SECRET
    return "Put it into quotes" if secret else f'Put it into quotes: "{written.get(place, given)}"'


def _short(given: object) -> str:
    text = str(given)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
