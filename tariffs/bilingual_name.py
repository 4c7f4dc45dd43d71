"""Names in two languages."""

from __future__ import annotations


class BilingualName(str):
    """A Chinese name that knows its English one, so a fact can be put into either language."""

    __slots__ = ("en",)

    en: str

    def __new__(cls, zh: str, en: str = "") -> BilingualName:
        label = super().__new__(cls, zh)
        label.en = en or zh
        return label


def in_language(name: str, language: str) -> str:
    """A name that may know its English one, in either language."""
    return str(getattr(name, "en", name)) if language == "en" else str(name)
