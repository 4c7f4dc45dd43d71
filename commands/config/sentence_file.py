"""What conf/plain may say, and what understands plain language by it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Final

from pydantic import Field

from commands.model.command_register import CommandCode, CommandRegister
from commands.sentences.classifier import LinearClassifier
from commands.sentences.meaning import SentenceReader, SentenceRule
from commands.sentences.numbers import KINDS, MONTHS
from commands.sentences.rewriting import SentenceRewriter
from commands.sentences.service_names import (
    ASKED,
    CLOSES,
    OPENS,
    OTHERS,
    ServiceFamily,
    ServiceNames,
    ServiceVariant,
)
from commands.sentences.tagging import TagSet
from tariffs.catalogue import Catalogue
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import StrictRow

TagName = Annotated[str, Field(pattern="^[a-z][a-z_0-9]*$")]
TaggedWord = Annotated[str, Field(min_length=1)]
# Tags that this code knows by name, beside those of the services.
NEEDED: Final = ("order", "cancel", "stop", "dont", "dontwant", "free", "plan", "svc", "suspend",
                 "english", "chinese", "brand_qqt", "brand_mz", "brand_szx")  # fmt: skip
_WITHIN: Final = "[^ ,。;!?、]"  # does not end a clause
_FILLERS: Final = (
    "了吧掉的我你们那个这都啊呀嘛咯就先也弄去得说些东西没用不一下给请呢哦哈啥把帮什怎么"
)
_UNKNOWN: Final = f"(?![{_FILLERS}])[一-鿿]"  # of no word, and more than a filler
# What may stand beside something else that is proposed.
_HARMLESS: Final = re.compile(r"q\.|info\.tariff|hu\.|pt\.choices")
_VERBS: Final = ("order", "cancel", "stop", "plan")
_NAME: Final = re.compile(r"\{([^}]*)\}")


class SentenceWordsFile(StrictRow):
    """conf/plain/words.yaml."""

    spoken: dict[str, list[TaggedWord]]
    english: dict[str, list[TaggedWord]]
    words: dict[TagName, list[TaggedWord]]
    by_sound: list[str] = Field(default_factory=list)
    nothing: list[TaggedWord] = Field(default_factory=list)


class ServiceWordsRow(StrictRow):
    open: str = ""
    close: str = ""
    change: str = ""
    choices: str = ""
    service: str = ""  # the only one of its action that is meant
    value: str = Field(default="", alias="with")


class SentenceRuleRow(StrictRow):
    fits: str = Field(alias="if")
    unless: str = ""
    says: list[str]
    joins: bool = False


class SentenceRulesFile(StrictRow):
    """conf/plain/rules.yaml."""

    kinds: dict[TagName, list[str]] = Field(default_factory=dict)
    services: dict[TagName, ServiceWordsRow]
    rules: list[SentenceRuleRow]
    queries: list[SentenceRuleRow]
    never: list[SentenceRuleRow] = Field(default_factory=list)
    doubt: str
    labels: dict[str, list[str]] = Field(default_factory=dict)


# -- mistakes --------------------------------------------------------------------------------------


def word_problems(file: SentenceWordsFile) -> Iterator[FileProblem]:
    """A word that stands twice, or a tag that is missing."""
    seen: dict[str, str] = {}
    for tag, words in file.words.items():
        for place, word in enumerate(words):
            other = seen.setdefault(word.upper(), tag)
            if other != tag:
                what = f"'{word}' stands under {other} as well"
                yield FileProblem(("words", tag, place), what, "Keep one of the two")
    for section, said in (("spoken", file.spoken), ("english", file.english)):
        yield from _written_otherwise(section, said, seen)
    for place, tag in enumerate(file.by_sound):
        if tag not in file.words:
            yield FileProblem(("by_sound", place), f"no words '{tag}'", one_of(file.words, tag))
    for tag in NEEDED:
        if tag not in file.words:
            yield FileProblem(("words",), f"there is no '{tag}'", "Add it")


def _written_otherwise(
    section: str, said: Mapping[str, list[str]], tags: Mapping[str, str]
) -> Iterator[FileProblem]:
    """What is read as another word is read as one only, and means nothing else itself."""
    seen: dict[str, str] = {}
    for word, forms in said.items():
        for place, form in enumerate(forms):
            own, meant = tags.get(form.upper(), ""), tags.get(word.upper(), "")
            other = own if own and own != meant else seen.setdefault(form.upper(), word)
            if form.upper() == word.upper():
                what = f"'{form}' is the word itself"
                yield FileProblem((section, word, place), what, "Take it out")
            elif other != word:
                what = f"'{form}' stands under {other} as well"
                yield FileProblem((section, word, place), what, "Keep one of the two")


def rule_problems(
    file: SentenceRulesFile, words: SentenceWordsFile, register: CommandRegister
) -> Iterator[FileProblem]:
    """Rules that name what there is not, and patterns that are none."""
    known = {*words.words, *KINDS, *file.kinds}
    for kind, tags in file.kinds.items():
        for place, tag in enumerate(tags):
            if tag not in known:
                yield FileProblem(("kinds", kind, place), f"no words '{tag}'", one_of(known, tag))
    for tag, service in file.services.items():
        yield from _service_problems(("services", tag), tag, service, words, register)
    sections = ("rules", file.rules), ("queries", file.queries), ("never", file.never)
    for section, rows in sections:
        for place, row in enumerate(rows):
            yield from _rule_problems((section, place), row, known, register)
    yield from _pattern_problems(("doubt",), file.doubt, known)
    for label, says in file.labels.items():
        yield from _code_problems(("labels", label), says, file.services, register)


def _service_problems(
    here: FilePlace,
    tag: str,
    row: ServiceWordsRow,
    words: SentenceWordsFile,
    register: CommandRegister,
) -> Iterator[FileProblem]:
    if tag not in words.words:
        yield FileProblem(here, f"no words '{tag}'", one_of(words.words, tag))
    for key, action in (("open", row.open), ("close", row.close), ("change", row.change)):
        if action and action not in register.specs:
            what = f"there is no command '{action}'"
            yield FileProblem((*here, key), what, one_of(register.specs, action))


def _rule_problems(
    here: FilePlace, row: SentenceRuleRow, known: Collection[str], register: CommandRegister
) -> Iterator[FileProblem]:
    for key, pattern in (("if", row.fits), ("unless", row.unless)):
        yield from _pattern_problems((*here, key), pattern, known)
    yield from _code_problems((*here, "says"), row.says, known, register)


def _pattern_problems(
    here: FilePlace, pattern: str, known: Collection[str]
) -> Iterator[FileProblem]:
    for name in _NAME.findall(pattern):
        if not _count(name) and name not in known:
            yield FileProblem(here, f"no words '{name}'", one_of(known, name))
    if stray := set(_NAME.sub("", pattern)) & set("{}"):
        what = f"has a '{min(stray)}' that belongs to no {{word}}"
        yield FileProblem(here, what, "Correct the brackets")
    try:
        re.compile(_NAME.sub("x", pattern))
    except re.error as error:
        yield FileProblem(here, f"is no pattern: {error}", "Correct its signs")


def _code_problems(
    here: FilePlace, says: Iterable[str], tags: Collection[str], register: CommandRegister
) -> Iterator[FileProblem]:
    for place, code in enumerate(says):
        asked, _, tag = code.partition(":")
        if asked in ASKED and (not tag or tag in tags):
            continue
        if code not in (OTHERS, OPENS, CLOSES) and _word(code) not in register.codes:
            what = f"'{code}' is no code"
            yield FileProblem((*here, place), what, one_of([*ASKED, *register.codes], code))


def _count(name: str) -> bool:
    return name.replace(",", "").isdigit()


def _word(code: str) -> str:
    return code.partition("#")[0]


# -- what understands ------------------------------------------------------------------------------


def sentence_reader(
    words: SentenceWordsFile,
    rules: SentenceRulesFile,
    register: CommandRegister,
    catalogue: Catalogue,
    learnt: LinearClassifier | None = None,
) -> SentenceReader:
    """For files in which no problem was found."""
    tags = TagSet(words.words, words.nothing)
    patterns = _Patterns(tags, rules.kinds)
    known = [word for said in words.words.values() for word in said]
    return SentenceReader(
        writing=SentenceRewriter(
            words.spoken,
            words.english,
            letters=[*known, *MONTHS],
            sounds=[word for tag in words.by_sound for word in words.words[tag]],
            known=[*known, *words.nothing],
        ),
        tags=tags,
        rules=[patterns.rule(row) for row in rules.rules],
        queries=[patterns.rule(row) for row in rules.queries],
        services=service_names(rules, tags, register, catalogue),
        alike=[_barred([each], rules, register) for each in (OPENS, CLOSES)],
        doubt=patterns.compiled(rules.doubt),
        never=[(patterns.rule(row), _barred(row.says, rules, register)) for row in rules.never],
        labels=rules.labels,
        learnt=learnt,
        harmless=frozenset(
            word for word, code in register.codes.items() if _HARMLESS.match(code.spec.action)
        ),
        service=patterns.compiled("|".join(f"{{{tag}}}" for tag in rules.services)),
        verb=patterns.compiled("{order}|{cancel}|{stop}"),
        wish=patterns.compiled(
            "|".join(
                f"{{{tag}}}" for tag in (*rules.services, *_VERBS, *rules.kinds.get("private", ()))
            )
        ),
    )


def _barred(
    says: Iterable[str], rules: SentenceRulesFile, register: CommandRegister
) -> frozenset[str]:
    """The codes that OPENS and CLOSES stand for, and those that are named."""
    services = rules.services.values()
    actions = {
        OPENS: {row.open for row in services} | {row.change for row in services},
        CLOSES: {row.close for row in services},
    }
    named = {code for code in says if code not in actions}
    if OPENS in says:
        named |= {row.choices for row in services if row.choices}
    meant = set[str]().union(*(actions.get(code, ()) for code in says))
    return frozenset(
        named | {word for word, code in register.codes.items() if code.spec.action in meant}
    )


class _Patterns:
    """Patterns of conf/plain/rules.yaml in the signs of the tags."""

    def __init__(self, tags: TagSet, kinds: Mapping[str, list[str]]) -> None:
        self._signs = dict(tags.signs)
        for kind, members in kinds.items():
            self._signs[kind] = "[" + "".join(tags.signs[tag] for tag in members) + "]"

    def compiled(self, pattern: str) -> re.Pattern[str]:
        signs = _NAME.sub(lambda name: self._signs.get(name[1], name[0]), pattern)
        return re.compile(signs.replace("~", _WITHIN).replace("%", _UNKNOWN), re.DOTALL)

    def rule(self, row: SentenceRuleRow) -> SentenceRule:
        unless = self.compiled(row.unless) if row.unless else None
        return SentenceRule(self.compiled(row.fits), tuple(row.says), unless, row.joins)


def service_names(
    rules: SentenceRulesFile, tags: TagSet, register: CommandRegister, catalogue: Catalogue
) -> ServiceNames:
    def sold(action: str, only: str = "") -> tuple[ServiceVariant, ...]:
        codes = register.firsts.get(action, ()) if action else ()
        found = (_variant(code, catalogue) for code in codes)
        return tuple(variant for variant in found if not only or variant.service == only)

    families = {
        tag: ServiceFamily(
            sold(row.open, row.service),
            sold(row.close, row.service),
            sold(row.change),
            row.choices,
            row.value,
        )
        for tag, row in rules.services.items()
    }
    plans = tuple(v for v in sold("sv.plan_change") if v.service)
    return ServiceNames(families, tags.signs, plans)


def _variant(code: CommandCode, catalogue: Catalogue) -> ServiceVariant:
    service = catalogue.services.get(code.fixed.get("service", ""))
    plan = catalogue.plans.get(code.fixed.get("plan", ""))
    if service:
        hours = re.search("([0-9]+)小时", service.name)
        return ServiceVariant(
            code.word, service.code, _yuan(service.fee_fen), hours[1] if hours else ""
        )
    if plan:
        brand = f"brand_{plan.brand.lower()}"
        card = re.search("([\u4e00-\u9fff]{2})卡$", str(plan.name))
        called = card[1] if card else ""
        return ServiceVariant(code.word, plan.code, _yuan(plan.fee_fen), brand=brand, called=called)
    return ServiceVariant(code.word)


def _yuan(fen: int) -> str:
    return str(fen // 100) if fen % 100 == 0 else ""
