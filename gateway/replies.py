"""conf/replies/<language>/*.yaml: reading the texts, and saying each once to see that it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from jinja2 import TemplateError
from pydantic import ConfigDict, Field, RootModel

from commands.texts import EXAMPLES
from commands.vocabulary import Channel, Reply
from gateway.files import BadFile, Finding, Loaded, read
from gateway.wording import Text, Words, fault_of
from smpp.text import measure
from tariffs.problem import Problem
from tariffs.sheets import Sheet


class Forms(Sheet):
    """One text with a form for each channel."""

    sms: str
    ussd: str | None = None
    voice: str | None = None
    parts: Annotated[int, Field(ge=1, le=10)] | None = None


class Replies(RootModel[dict[str, str | Forms]]):
    """One file of texts, by id."""

    model_config = ConfigDict(strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Language:
    """All texts of one language, and the files they stand in."""

    code: str
    folder: Path
    files: tuple[Loaded[Replies], ...]

    def texts(self) -> dict[str, Text]:
        parts = _PARTS.get(self.code, 2)
        return {
            name: _text(form, parts)
            for file in self.files
            for name, form in file.value.root.items()
        }

    def finding(
        self, name: str, what: str, fix: str = "", channel: Channel | None = None
    ) -> Finding:
        """At the line of the text, or of a channel's form of it, or at the folder if it stands
        nowhere."""
        for file in self.files:
            if name in file.value.root:
                part = _part(file.value.root[name], channel) if channel else ()
                place = (name, *part)
                return file.document.finding(Problem(place, what, fix))
        return Finding(str(self.folder), 1, what, fix)


# A name or a signature in Chinese makes a text UCS-2, and English takes twice the characters.
_PARTS = {"zh": 2, "en": 4}


def _part(form: str | Forms, channel: Channel) -> tuple[str, ...]:
    """What the channel says, where a text has a form for each."""
    if isinstance(form, str):
        return ()
    own = channel is Channel.SMS or getattr(form, channel.value) is not None
    return (channel.value if own else Channel.SMS.value,)


def _text(form: str | Forms, parts: int) -> Text:
    if isinstance(form, str):
        return Text(form, parts=parts)
    return Text(form.sms, form.ussd, form.voice, form.parts or parts)


def languages(folder: Path) -> list[Language]:
    """Every language below conf/replies. Raises BadFile."""
    if not folder.is_dir():
        what = "there is no such folder of texts"
        raise BadFile([Finding(str(folder), 1, what, "conf: names the folder that holds replies/")])
    if not folder.is_dir():
        raise BadFile([Finding(str(folder), 1, "there is no such folder", "Put zh/ and en/ there")])
    found = [
        Language(at.name, at, tuple(_files(at))) for at in sorted(folder.iterdir()) if at.is_dir()
    ]
    twice = [finding for language in found for finding in _twice(language)]
    if twice:
        raise BadFile(twice)
    return found


def _files(folder: Path) -> Iterator[Loaded[Replies]]:
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            yield read(path, Replies)
        except BadFile as bad:
            findings += bad.findings
    if findings:
        raise BadFile(findings)


def _twice(language: Language) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in language.files:
        for name in file.value.root:
            if name in seen:
                problem = Problem((name,), f"'{name}' stands in {seen[name]} too", "Keep one")
                yield file.document.finding(problem)
            seen[name] = file.document.file


def problems(languages: list[Language], signature: str) -> Iterator[Finding]:
    """Texts that are missing, unknown, cannot be said with their facts, or take too many parts."""
    for language in languages:
        texts = language.texts()
        for name in sorted(EXAMPLES.keys() - texts.keys()):
            what = f"the text '{name}' is missing in '{language.code}'"
            yield language.finding(name, what, "Add it")
        for name in sorted(texts.keys() - EXAMPLES.keys()):
            what = f"nothing ever says the text '{name}'"
            yield language.finding(name, what, "Remove it, or correct its id")
        yield from _unreadable(language, texts) or _unsayable(language, texts, signature)


def _unreadable(language: Language, texts: Mapping[str, Text]) -> list[Finding]:
    findings = []
    for name, text in texts.items():
        for channel in Channel:
            if fault := fault_of(text.form(channel)):
                what = f"'{name}' cannot be read: {fault}"
                fix = "Facts stand like {{ fact|filter }}"
                findings.append(language.finding(name, what, fix, channel))
                break
    return findings


def _unsayable(language: Language, texts: Mapping[str, Text], signature: str) -> list[Finding]:
    words = Words({language.code: texts}, signature=signature)
    known = {name: text for name, text in texts.items() if name in EXAMPLES}
    return [f for name, text in known.items() for f in _tried(language, name, text, words)]


def _tried(language: Language, name: str, text: Text, words: Words) -> Iterator[Finding]:
    reply = Reply(name, EXAMPLES[name])
    for channel in Channel:
        try:
            said = words.say((reply,), channel, language.code)
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
            facts = ", ".join(EXAMPLES[name]) or "no facts"
            what = f"'{name}' cannot be said: {error}"
            yield language.finding(name, what, f"It has {facts}", channel)
            return
        parts = measure(said).parts
        if channel is Channel.SMS and parts > text.parts:
            what = f"'{name}' takes {parts} short messages, more than {text.parts}"
            yield language.finding(name, what, "Shorten it, or set parts:")
