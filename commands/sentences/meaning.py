"""What the words of a sentence mean together: rules in their order, and the codes that they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from commands.sentences.classifier import NOT_OURS, LinearClassifier, RankedLabels
from commands.sentences.features import features
from commands.sentences.rewriting import SentenceRewriter
from commands.sentences.service_names import ASKED, OTHERS, ServiceNames, asked
from commands.sentences.tagging import TaggedSentence, TagSet

LONGEST: Final = 100  # characters that are read; longer ones are stories
_MOST: Final = 2  # questions in one text
_PARTS: Final = re.compile(
    "[,。;!?、:~ …]+|顺便|然后|另外|再帮|再给|再把|再查|再看|以及|并且|同时"
    "|和|跟|与|及|还要|也要|接着|外加|[+&]"
)
_DOUBT: Final = 0.08  # a lead of less says little
_SLIGHT: Final = 0.08  # and one of less than this next to nothing
_LITTLE: Final = 0.2  # a score of less is chance
_SHORT: Final = 3  # words and characters
_WORDS: Final = re.compile(r"[^\W\d]{2}")  # one letter or a number alone is no sentence
_SLOT: Final = re.compile(r"#?\{([a-z]+)\}")
# Not this but that: only that is wished.
_RATHER: Final = re.compile("^.{0,4}(?<!是)不是.{1,10}?[, ]*而?(?:是|要)(.{2,})$")
_NOT_THAT: Final = re.compile("^(.*?是.{1,10}?)[, ]*(?<!是)不是.{1,8}$")
_ALONE: Final = ((), ("CD",))  # the menu and no answer are for somebody who asks nothing else
_ALIKE: Final = (frozenset({"YE", "CXHF"}), frozenset({"CXZD", "CXHF"}), frozenset({"YE", "CXYL"}))


@dataclass(frozen=True, slots=True)
class SentenceRule:
    fits: re.Pattern[str]
    says: tuple[str, ...]
    unless: re.Pattern[str] | None = None
    joins: bool = False

    def match(self, signs: str) -> re.Match[str] | None:
        found = self.fits.search(signs)
        if found is None or (self.unless is not None and self.unless.search(signs)):
            return None
        return found


@dataclass(frozen=True, slots=True)
class SentenceMeaning:
    """Codes that a sentence says, the likeliest first; none of them: it is not for us. `joins`: it
    may be one wish of two. `others`: it is about a number for which a password must be sent."""

    says: tuple[str, ...]
    joins: bool = False
    others: bool = False
    asks: bool = False  # it is a question, by `queries`
    sure: bool = True  # else it is proposed, also where it only reads


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Understands plain language by what stands in conf/plain."""

    writing: SentenceRewriter
    tags: TagSet
    rules: Sequence[SentenceRule]
    queries: Sequence[SentenceRule]
    services: ServiceNames
    service: re.Pattern[str]  # a service's name in signs
    verb: re.Pattern[str]  # something to be ordered or ended
    wish: re.Pattern[str]  # a service, or what is done with one
    never: Sequence[
        tuple[SentenceRule, frozenset[str]]
    ]  # codes that are not proposed to such a text
    alike: Sequence[frozenset[str]]  # codes that all order something, and that all end something
    doubt: re.Pattern[str]  # whose data it is about, or which, is not clear: nothing is answered
    labels: Mapping[str, Sequence[str]]  # what the classifier's labels say
    learnt: LinearClassifier | None  # without it only rules are
    harmless: frozenset[str]  # codes that annoy nobody who meant something else

    def read(self, text: str, today: date | None = None) -> SentenceMeaning | None:
        """What a text in upper case and simplified characters says. None: nothing in it is
        known."""
        usual = self._corrected(self.writing.usual(text[:LONGEST])[:LONGEST])
        tagged = self.tags.tagged(usual, today)
        by_rule = self._by_rule(usual, tagged, today)
        if by_rule is not None and by_rule.others:
            return by_rule
        barred = self._barred(tagged)
        meaning = by_rule
        if self.learnt is not None and _WORDS.search(usual):
            said = None if by_rule is None else by_rule.says
            seen = features(text[:LONGEST], usual, tagged, self.tags.names, said)
            meaning = self._weighed(by_rule, self.learnt.ranked(seen), tagged, barred)
        if meaning is None:
            return None
        left = tuple(code for code in meaning.says if _head(code) not in barred)
        sure = meaning.sure and left == meaning.says and not self.doubt.search(tagged.signs)
        return replace(meaning, says=left, sure=sure)

    def _barred(self, tagged: TaggedSentence) -> frozenset[str]:
        """What is never proposed to such a text."""
        none: frozenset[str] = frozenset()
        return none.union(*(codes for rule, codes in self.never if rule.match(tagged.signs)))

    def features(self, text: str) -> list[str]:
        """What the classifier learns from."""
        usual = self._corrected(self.writing.usual(text[:LONGEST])[:LONGEST])
        tagged = self.tags.tagged(usual, None)
        by_rule = self._by_rule(usual, tagged, None)
        said = None if by_rule is None else (OTHERS,) if by_rule.others else by_rule.says
        return features(text[:LONGEST], usual, tagged, self.tags.names, said)

    def _by_rule(
        self, usual: str, tagged: TaggedSentence, today: date | None
    ) -> SentenceMeaning | None:
        whole = self._meaning(tagged)
        if whole is not None and whole.joins and (both := self._both(usual, tagged, today)):
            return SentenceMeaning(both)
        if whole is not None and (OTHERS in whole.says or self._of_others(whole, tagged)):
            asked = self._asked(tagged)
            return SentenceMeaning(asked.says[:1] if asked else (), others=True)
        return whole

    # -- rules and experience ----------------------------------------------------------------------

    def _weighed(
        self,
        by_rule: SentenceMeaning | None,
        ranked: RankedLabels,
        tagged: TaggedSentence,
        barred: Collection[str],
    ) -> SentenceMeaning:
        """Where experience agrees with the rules they are followed; else what it takes for
        likeliest is proposed, and beside it what changes nothing."""
        ranked = self._possible(ranked, tagged, barred)
        first, second = ranked.labels[:2]
        ruled = by_rule.says if by_rule is not None else ()
        says = self._says(first, tagged)
        if len(tagged.signs) < _SHORT:  # of a word or two only rules make sense
            return by_rule if by_rule is not None else SentenceMeaning(())
        if first == NOT_OURS:
            also = self._says(second, tagged) if ranked.lead < _SLIGHT else ()
            found = ruled if ruled and ranked.lead < _DOUBT else also
            told = self._harmless(found) and found not in _ALONE
            return SentenceMeaning(found if told else (), sure=False)
        if OTHERS in says:
            return SentenceMeaning(ruled[:1], others=True)
        if by_rule is not None and ruled and says:
            heads = [_head(code) for code in ruled]
            if _same(_head(says[0]), heads[:1]) or (by_rule.joins and _same(_head(says[0]), heads)):
                return by_rule
            if any(_head(says[0]) in codes and heads[0] in codes for codes in self.alike):
                return by_rule  # what is wished is clear, and rules know what it is called
            if _head(says[0]) in heads:
                others = (code for code in ruled if _head(code) != _head(says[0]))
                return SentenceMeaning((says[0], *others), sure=False)
        elif says in _ALONE or ranked.scores[0] < _LITTLE:
            return SentenceMeaning(())
        if not self._harmless(says) and ranked.lead < _DOUBT and not ruled:
            says = self._says(second, tagged) if second != NOT_OURS else ()
            return SentenceMeaning(says if self._harmless(says) else (), sure=False)
        beside = ruled[:1] or self._says(second, tagged)[:1]
        return SentenceMeaning((*says, *(c for c in beside if self._harmless((c,)))), sure=False)

    def _possible(
        self, ranked: RankedLabels, tagged: TaggedSentence, barred: Collection[str]
    ) -> RankedLabels:
        """Without the labels all of whose codes are barred."""
        left = [
            (label, score)
            for label, score in zip(ranked.labels, ranked.scores, strict=True)
            if label == NOT_OURS or any(_head(c) not in barred for c in self._says(label, tagged))
        ]
        left += [(NOT_OURS, ranked.scores[-1])] * 2
        return RankedLabels(tuple(label for label, _ in left), tuple(score for _, score in left))

    def _says(self, label: str, tagged: TaggedSentence) -> tuple[str, ...]:
        said = [code for item in self.labels.get(label, ()) for code in self._code_of(item, tagged)]
        return tuple(dict.fromkeys(said))

    def _code_of(self, item: str, tagged: TaggedSentence) -> tuple[str, ...]:
        return (OTHERS,) if item == OTHERS else self._code(item, tagged)

    def _harmless(self, says: Sequence[str]) -> bool:
        return all(_head(code) in self.harmless for code in says)

    def _of_others(self, meaning: SentenceMeaning, tagged: TaggedSentence) -> bool:
        """A number stands in the text, and the code has no place for it: who asks for its data is
        never answered with his own."""
        number = tagged.value("msisdn")
        return bool(number and meaning.asks) and not any(number in code for code in meaning.says)

    def _corrected(self, text: str) -> str:
        for pattern in (_RATHER, _NOT_THAT):
            found = pattern.match(text)
            if found and self.wish.search(self.tags.tagged(found[1], None).signs):
                return found[1]
        return text

    def _both(self, text: str, tagged: TaggedSentence, today: date | None) -> tuple[str, ...]:
        """The two wishes of a text that has two."""
        parts = [self.tags.tagged(part, today) for part in _PARTS.split(text) if part]
        meant = map(self._meaning, parts if len(parts) > 1 else self._halves(tagged))
        wishes = [each.says for each in meant if each and each.joins and each.says not in _ALONE]
        firsts = dict.fromkeys(says[0] for says in wishes)
        return tuple(firsts)[:_MOST] if len(firsts) > 1 else ()

    def _halves(self, tagged: TaggedSentence) -> Iterable[TaggedSentence]:
        """Two services in one breath, each with its verb behind it or before."""
        named = [found.start() for found in self.service.finditer(tagged.signs)]
        if len(named) < 2:
            return ()
        first, second = named[0], named[1]
        verbs = [found.start() for found in self.verb.finditer(tagged.signs, 0, second)]
        led = [place for place in verbs if place < first]
        between = [place for place in verbs if place > first]
        return tagged.cut(between[-1] if led and between else second)

    def _meaning(self, tagged: TaggedSentence) -> SentenceMeaning | None:
        for rule in self.rules:
            if rule.match(tagged.signs):
                return SentenceMeaning(self._said(rule, tagged), rule.joins)
        return self._asked(tagged)

    def _asked(self, tagged: TaggedSentence) -> SentenceMeaning | None:
        """The questions of a text, in their order."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        for rule in self.queries:
            if found and rule.says in _ALONE:
                continue
            match = rule.match(tagged.signs)
            if match is None or any(match.start() < e and s < match.end() for s, e, _ in found):
                continue
            says = self._said(rule, tagged)
            if not found or (says and not any(_same(says[0], other[2]) for other in found)):
                found.append((*match.span(), says))
            if len(found) == _MOST or not says:
                break
        if not found:
            return None
        found.sort()
        if len(found) == 1:
            return SentenceMeaning(found[0][2], joins=len(found[0][2]) == 1, asks=True)
        return SentenceMeaning(
            tuple(says[0] for _, _, says in found if says), joins=True, asks=True
        )

    def _said(self, rule: SentenceRule, tagged: TaggedSentence) -> tuple[str, ...]:
        said: list[str] = []
        for item in rule.says:
            said += self._code(item, tagged)
        return tuple(dict.fromkeys(said))

    def _code(self, item: str, tagged: TaggedSentence) -> tuple[str, ...]:
        if item.partition(":")[0] in ASKED:
            return asked(item, self.services, tagged)
        return (filled(item, tagged),)


def _head(code: str) -> str:
    return code.partition("#")[0]


def _same(code: str, others: Iterable[str]) -> bool:
    return any(code == other or {code, other} in _ALIKE for other in others)


def filled(code: str, tagged: TaggedSentence) -> str:
    """CXZD#{month} with the month of the text; without one, CXZD."""
    if not all(tagged.value(kind) for kind in _SLOT.findall(code)):
        return code.partition("#")[0]
    return _SLOT.sub(lambda slot: "#" + tagged.value(slot[1]), code)
