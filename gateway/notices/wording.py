"""The words of a notice for one subscriber, and how many parts they take.

Words may name a few facts of whoever reads them, {balance} for one; they are put in place and
nothing else is done with them: there is nothing to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.model.notices.notice import NoticeDraft
from gateway.store.notices.audience import Concerned
from smpp.messages.segmentation import Alphabet, text_length
from tariffs.bilingual_name import BilingualName, in_language
from tariffs.catalogue import Brand, Catalogue, Plan

_FACT: Final = re.compile(r"\{([^{}]*)\}")
FACTS: Final = ("brand", "plan", "balance", "points", "region", "number")
LONGEST: Final = {"balance": "-12345.67", "points": "1234567", "number": "13800138000"}
MOST_PARTS: Final = 10


@dataclass(frozen=True, slots=True)
class NoticeSize:
    """Of one language, with the longest facts."""

    language: str
    alphabet: str  # GSM-7, UCS-2
    units: int
    parts: int


class NoticeWords:
    def __init__(self, catalogue: Catalogue, signature: BilingualName) -> None:
        self._catalogue = catalogue
        self._signature = signature

    def whole(self, draft: NoticeDraft, whom: Concerned) -> tuple[str, str]:
        """The text with its signature, and its language."""
        language = "en" if whom.language == "en" and draft.en else "zh"
        facts = {
            "brand": self._name(self._catalogue.brands, whom.brand, language),
            "plan": self._name(self._catalogue.plans, whom.plan, language),
            "balance": f"{whom.balance_fen / 100:.2f}",
            "points": str(whom.points),
            "region": whom.region,
            "number": whom.phone,
        }
        return self._filled(draft.text(language), facts, language), language

    def sizes(self, draft: NoticeDraft) -> Iterator[NoticeSize]:
        for language in ("zh", "en") if draft.en else ("zh",):
            longest = {fact: self._longest(fact, language) for fact in FACTS}
            size = text_length(self._filled(draft.text(language), longest, language))
            alphabet = "GSM-7" if size.alphabet is Alphabet.GSM7 else "UCS-2"
            yield NoticeSize(language, alphabet, size.units, size.parts)

    def problems(self, draft: NoticeDraft) -> Iterator[str]:
        """What cannot be said so."""
        if not draft.zh.strip():
            yield "a notice has a Chinese text"
        for text in (draft.zh, draft.en):
            for fact in _FACT.findall(text):
                if fact not in FACTS:
                    yield f"no fact is named {{{fact}}}; there are: {', '.join(FACTS)}"
            if "{" in (rest := _FACT.sub("", text)) or "}" in rest:
                yield "a bracket { } stands alone"
        for size in self.sizes(draft):
            if size.parts > MOST_PARTS:
                yield f"the {size.language} text takes {size.parts} parts; {MOST_PARTS} at most"

    def _filled(self, text: str, facts: dict[str, str], language: str) -> str:
        words = _FACT.sub(lambda found: facts.get(found[1], found[0]), text)
        return words + in_language(self._signature, language)

    def _longest(self, fact: str, language: str) -> str:
        if fact in ("brand", "plan"):
            named = self._catalogue.brands if fact == "brand" else self._catalogue.plans
            names = [in_language(one.name, language) for one in named.values()]
            return max(names, key=len, default="")
        return LONGEST.get(fact, "内蒙古呼和浩特")

    @staticmethod
    def _name(named: Mapping[str, Brand] | Mapping[str, Plan], code: str, language: str) -> str:
        found = named.get(code)
        return in_language(found.name, language) if found is not None else code
