"""What is said in texts of conf/replies in another way than nearly everywhere else: an amount
without its filter, so that a fee of 10 yuan reads 1000; a code that nobody can send; Chinese in
English."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from commands.model.request import SELF_SERVICE, Channel
from commands.parser.yes_no_cancel import NO, YES
from commands.reply_facts.all_replies import EXAMPLES
from gateway.config.checked_yaml import Finding
from gateway.config.replies import ReplyLanguage
from gateway.wording.templates import said_facts
from gateway.wording.words import template_of
from smpp.messages.alphabets import GSM7_CHARACTERS
from tariffs.bilingual_name import in_language
from tariffs.file_problem import one_of

_BARE: Final = ""
_KINDS: Final = {
    "price": "money", "yuan": "money", "day": "time", "date": "time", "hour": "time",
    "moment": "time", "month": "month", "amount": "quantity", "hours": "quantity",
}  # fmt: skip
_ODD: Final = 6  # times as often it is said in another way
_TOLD: Final = re.compile(r"(?:发送|回复|[Ss]end|[Rr]eply)\s*“?([A-Z]{2,}[A-Z0-9]*)")
_QUOTED: Final = re.compile(r"[“\"「].*?[”\"」]")
_FILLED_IN: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{(?:price|name):[A-Z0-9]+\}", re.DOTALL)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


class _Said(NamedTuple):
    """A whole number that a text says."""

    text: str
    channel: Channel
    fact: str
    filter: str  # empty: none

    @property
    def kind(self) -> str:
        return _KINDS.get(self.filter, _BARE)


def unlike_others(languages: list[ReplyLanguage]) -> Iterator[Finding]:
    """Numbers that are said with another kind of filter than nearly everywhere else. For texts that
    can be said."""
    for language in languages:
        said = list(dict.fromkeys(_numbers(language)))
        kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in said:
            kinds[one.fact][one.kind] += 1
        for one in said:
            usual, often = kinds[one.fact].most_common(1)[0]
            if one.kind != usual and kinds[one.fact][one.kind] * _ODD <= often:
                like = next(each for each in said if each.fact == one.fact and each.kind == usual)
                how = "without a filter" if one.filter == _BARE else f"by |{one.filter}"
                else_ = usual or "a count"
                what = f"'{one.text}' says {one.fact} {how}, which elsewhere is {else_}"
                whole = one.fact if like.filter == _BARE else f"{one.fact}|{like.filter}"
                yield language.finding(
                    one.text, what, f"Write {{{{ {whole} }}}}, as '{like.text}' does", one.channel
                )


def _numbers(language: ReplyLanguage) -> Iterator[_Said]:
    for name, text in language.texts().items():
        facts = EXAMPLES.get(name, {})
        for channel in SELF_SERVICE:
            if channel is not Channel.SMS and text.form(channel) == text.form(Channel.SMS):
                continue
            template = template_of(text.form(channel), language.code)
            for fact, filter in said_facts(template):
                if type(facts.get(fact)) is int:
                    yield _Said(name, channel, fact, filter)


def misled(
    languages: list[ReplyLanguage], codes: Collection[str], signature: str
) -> Iterator[Finding]:
    """Codes that subscribers are told to send, and that no command has; Chinese that stands in
    English; the signature, which stands at the end anyway. For texts that can be read."""
    for language in languages:
        mark = in_language(signature, language.code).strip()
        for name, text in language.texts().items():
            for channel in SELF_SERVICE:
                words = text.form(channel)
                for what, fix in unknown_codes(words, codes):
                    yield language.finding(name, f"'{name}' {what}", fix, channel)
                if mark and mark in words:
                    what = f"'{name}' says {mark}, which ends every short message anyway"
                    yield language.finding(name, what, "Take it out", channel)
                if language.code == "en" and (han := _HAN.search(_QUOTED.sub("", words))):
                    what = f"'{name}' has '{han[0]}' in English"
                    yield language.finding(
                        name, what, "Write it in English, or put it into “quotes”", channel
                    )
                if language.code == "en" and channel is Channel.SMS and (sign := _dear(words)):
                    what = (
                        f"'{name}' has '{sign}', with which a part has room for 70 letters, not 160"
                    )
                    yield language.finding(name, what, "Write ' \" or - instead", channel)


def _dear(text: str) -> str:
    """The sign that GSM-7 does not have, if it is not Chinese, which is told, or meant."""
    said = _FILLED_IN.sub("", text)
    if _HAN.search(said):
        return ""
    return next((sign for sign in said if sign not in GSM7_CHARACTERS), "")


def unknown_codes(text: str, codes: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong, and what to write."""
    for word in dict.fromkeys(_TOLD.findall(text)):
        if word not in codes and word not in YES and word not in NO:
            yield f"tells to send {word}, which no command has", one_of(codes, word)
