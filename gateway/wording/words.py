"""Words: a reply's text id and facts -> what a subscriber reads or hears.

Texts are compiled once. A name in two languages is said in the right one; a secret is said here
and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from types import CodeType
from typing import Final, cast

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context

from commands.model.request import Channel, Reply, Secret
from gateway.wording import formatting
from gateway.wording.formatting import ChineseFormat, EnglishFormat, NumberFormat
from gateway.wording.spoken import HEADING, aloud
from gateway.wording.tariff_references import all_references, values_of
from gateway.wording.templates import TARIFF, environment, parsed, with_tariff
from ivr.speech.read_aloud import SEAM
from tariffs.bilingual_name import BilingualName, in_language
from tariffs.catalogue import SHANGHAI, Catalogue

FALLBACK: Final = "zh"  # for who wants a language that we do not speak
_LANGUAGES: Final[Mapping[str, Callable[[tzinfo], NumberFormat]]] = {
    "zh": ChineseFormat,
    "en": EnglishFormat,
}


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """One text in one language: its form for each channel. SMS is everybody's default."""

    sms: str
    ussd: str | None = None
    voice: str | None = None
    parts: int = 2  # short messages it may take

    def form(self, channel: Channel) -> str:
        match channel:
            case Channel.SMS:
                return self.sms
            case Channel.DOOR:  # on a screen, as on USSD, but with room for all
                return self.sms if self.ussd is None else self.ussd
            case Channel.USSD:
                # who pressed the key knows what it is about, and a screen has little room
                return HEADING.sub("", self.sms) if self.ussd is None else self.ussd
            case Channel.VOICE:  # if it has none of its own, `aloud` makes the best of it
                return self.sms if self.voice is None else self.voice


class Wording:
    """All texts, in every language and for every channel."""

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, ReplyTemplate]],
        *,
        signature: str = "",
        zone: tzinfo = SHANGHAI,
    ) -> None:
        """`texts`: by language, then by id; such as `template_of` can read. `signature`: a Label,
        if it is another in each language. Raises TemplateSyntaxError."""
        self._fallback = FALLBACK if FALLBACK in texts else next(iter(texts))
        self._signatures = {language: in_language(signature, language) for language in texts}
        self._compiled = {
            (channel, language): _compile(
                _Tongue(language, zone, seams=channel is Channel.VOICE), channel, texts[language]
            )
            for language in texts
            for channel in Channel
        }
        self._tariff: Mapping[str, TariffValues] = dict.fromkeys(texts, NO_TARIFF)

    def priced(self, catalogue: Catalogue) -> Wording:
        """The same texts, with prices and names from this catalogue."""
        made = copy(self)
        references = all_references(catalogue)
        made._tariff = {
            language: values_of(references, catalogue, language) for language in self._signatures
        }
        return made

    def signed(self, signature: str) -> Wording:
        """The same texts with another signature at the end of short messages."""
        made = copy(self)
        made._signatures = {one: in_language(signature, one) for one in self._signatures}
        return made

    def say(self, replies: Sequence[Reply], channel: Channel, language: str) -> str:
        """The main reply and its tips as one text; on SMS with the signature at the end."""
        if language not in self._signatures:
            language = self._fallback
        said, tariff = self._compiled[channel, language], self._tariff[language]
        words = _JOINT[channel, language == "en"].join(
            [said[reply.text](reply.facts, tariff) for reply in replies]
        )
        if language == "en" and channel is not Channel.VOICE:  # nobody hears them
            words = with_capitals(words)
        return words + self._signatures[language] if channel is Channel.SMS and words else words


def with_capitals(english: str) -> str:
    """Texts are put together of names and notes that stand within sentences elsewhere: where one
    begins a sentence, it begins with a capital letter."""
    return _BEGINNING.sub(lambda found: found[0].upper(), english)


_BEGINNING: Final = re.compile(rf"(?:^|[.!?][\"')]?\s+){SEAM}*[a-z]")

# Chinese sentences need nothing between them.
_JOINT: Final = {
    (channel, english): "\n" if channel is Channel.USSD else " " if english else ""
    for channel in Channel
    for english in (False, True)
}

TariffValues = Mapping[str, str]
"""What stands for {price:LL10} and its like, in one language."""
NO_TARIFF: Final[TariffValues] = {}
Say = Callable[[Mapping[str, object], TariffValues], str]


def _compile(
    tongue: _Tongue, channel: Channel, texts: Mapping[str, ReplyTemplate]
) -> dict[str, Say]:
    said: dict[str, Say] = {}
    tongue.may_quote(said)
    for name, text in texts.items():
        said[name] = tongue.template(text.form(channel))
        if channel is Channel.VOICE and text.voice is None:
            said[name] = tongue.aloud(said[name])
    return said


UNSAYABLE: Final = (
    TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, OSError,
)  # fmt: skip
"""What a filter raises for a fact that is none of its kind."""


def template_of(source: str, language: str = FALLBACK) -> nodes.Template:
    """A text as it is read. Raises TemplateSyntaxError."""
    return _read(language, source)


def fault_of(source: str, language: str = FALLBACK) -> str | None:
    """What is wrong with a text, or None."""
    try:
        template_of(source, language)
    except TemplateSyntaxError as error:
        return error.message or "not a template"
    return None


# Reading and compiling are nine tenths of what texts take. Most have one form for all channels, and
# each is needed to look whether it can be said and to say it; so both are done once in a process.
# One tongue of each language reads for all others: none is kept by what was read for it.
MOST_REMEMBERED: Final = 4_096
"""Texts that need not be read again; our own are 1,100, in both languages. A console reads what its
operators write while they write it."""


@lru_cache(MOST_REMEMBERED)
def _read(language: str, source: str) -> nodes.Template:
    return parsed(_reader(language).environment, with_tariff(source))


@lru_cache(MOST_REMEMBERED)
def _code(language: str, source: str) -> CodeType:
    return _reader(language).environment.compile(_read(language, source))


@lru_cache
def _reader(language: str) -> _Tongue:
    return _Tongue(language, SHANGHAI)


class _Tongue:
    """How one language turns templates into words."""

    def __init__(self, language: str, zone: tzinfo, *, seams: bool = False) -> None:
        """With `seams`, it can be told what was put into a text."""
        self._language = language
        self._seams = seams
        self._english = language == "en"
        self._globals: dict[str, object] = {}  # what every text may use besides its facts
        spoken = _LANGUAGES.get(language, ChineseFormat)(zone)
        filters: dict[str, Callable[..., object]] = {
            "yuan": formatting.yuan,
            "price": formatting.price,
            "number": formatting.number,
            "hour": spoken.hour,
            "moment": spoken.moment,
            "day": spoken.day,
            "date": spoken.date,
            "month": spoken.month,
            "hours": spoken.hours,
            "amount": spoken.amount,
            "per": spoken.per,
            "listed": spoken.listed,
            "included": spoken.included,
        }
        self.environment = environment(filters, self._finalize)

    def _finalize(self, value: object) -> object:
        if isinstance(value, BilingualName):
            value = value.en if self._english else value
        elif isinstance(value, Secret):
            value = value.reveal()
        return f"{SEAM}{value}{SEAM}" if self._seams else value

    def aloud(self, say: Say) -> Say:
        return lambda facts, tariff: aloud(say(facts, tariff), self._language)

    def may_quote(self, said: Mapping[str, Say]) -> None:
        """`text("state.arrears")` in a text says another text, with the facts it is given."""

        @pass_context
        def text(context: Context, name: str, **facts: object) -> str:
            return said[name](facts, cast(TariffValues, context[TARIFF]))

        self._globals["text"] = text

    def template(self, source: str) -> Say:
        if "{" not in source:
            return lambda facts, tariff: source
        code = _code(self._language, source)
        return self._saying(Template.from_code(self.environment, code, {}))

    def _saying(self, template: Template) -> Say:
        """Rendering without `Template.render`, whose merging of globals costs thrice the rest."""
        environment, globals_, body = self.environment, self._globals, template.root_render_func

        def say(facts: Mapping[str, object], tariff: TariffValues) -> str:
            known = {**globals_, TARIFF: tariff, **facts}
            return "".join(body(Context(environment, known, None, {})))

        return say
