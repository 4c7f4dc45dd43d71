"""conf/replies/<language>/*.yaml: reading the texts, and saying each once to see that it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from commands.model.request import SELF_SERVICE, Channel, Reply
from commands.reply_facts.all_replies import EXAMPLES
from gateway.config.checked_yaml import BadFile, CheckedFile, Finding, read
from gateway.config.price_check import PriceCheck, reference_problems
from gateway.config.text_problems import text_oddities
from gateway.config.unread_files import yaml_files
from gateway.wording.templates import HOW, facts, misquotes, plain_words, tariff_references
from gateway.wording.words import UNSAYABLE, ReplyTemplate, Wording, fault_of, template_of
from menus.model.wording import LANGUAGES
from smpp.messages.segmentation import text_length
from tariffs.catalogue import Catalogue
from tariffs.file_problem import FileProblem
from tariffs.rows import StrictRow


class ReplyForms(StrictRow):
    """One text with a form for each channel."""

    sms: str
    ussd: str | None = None
    voice: str | None = None
    parts: Annotated[int, Field(ge=1, le=10)] | None = None


class Replies(RootModel[Annotated[dict[str, str | ReplyForms], Field(max_length=2_000)]]):
    """One file of texts, by id."""

    model_config = ConfigDict(strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class ReplyLanguage:
    """All texts of one language, and the files they stand in."""

    code: str
    folder: Path
    files: tuple[CheckedFile[Replies], ...]

    def texts(self) -> dict[str, ReplyTemplate]:
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
                return file.document.finding(FileProblem(place, what, fix))
        return Finding(str(self.folder), 1, what, fix)


# A name or a signature in Chinese makes a text UCS-2, and English takes twice the characters.
_PARTS = {"zh": 2, "en": 4}


def _part(form: str | ReplyForms, channel: Channel) -> tuple[str, ...]:
    """What the channel says, where a text has a form for each."""
    if isinstance(form, str):
        return ()
    own = channel is Channel.SMS or getattr(form, channel.value) is not None
    return (channel.value if own else Channel.SMS.value,)


def _text(form: str | ReplyForms, parts: int) -> ReplyTemplate:
    if isinstance(form, str):
        return ReplyTemplate(form, parts=parts)
    return ReplyTemplate(form.sms, form.ussd, form.voice, form.parts or parts)


def languages(folder: Path) -> list[ReplyLanguage]:
    """Every language below conf/replies. Raises BadFile."""
    if not folder.is_dir():
        what = "there is no such folder of texts"
        raise BadFile([Finding(str(folder), 1, what, "conf: names the folder that holds replies/")])
    findings = [
        Finding(str(folder / code), 1, f"there are no texts in '{code}'", "Add the folder")
        for code in LANGUAGES
        if not (folder / code).is_dir()
    ]
    if findings:
        raise BadFile(findings)
    found = [ReplyLanguage(at.name, at, tuple(_files(at))) for at in _folders(folder)]
    twice = [finding for language in found for finding in _twice(language)]
    if twice:
        raise BadFile(twice)
    return found


def files(folder: Path) -> Iterator[Path]:
    """The files that `languages` reads."""
    for at in _folders(folder) if folder.is_dir() else ():
        yield from yaml_files(at)


def _folders(folder: Path) -> list[Path]:
    return [at for at in sorted(folder.iterdir()) if at.is_dir() and at.name[:1] != "."]


def _files(folder: Path) -> Iterator[CheckedFile[Replies]]:
    findings: list[Finding] = []
    for path in yaml_files(folder):
        try:
            yield read(path, Replies)
        except BadFile as bad:
            findings += bad.findings
    if findings:
        raise BadFile(findings)


def _twice(language: ReplyLanguage) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in language.files:
        for name in file.value.root:
            if name in seen:
                problem = FileProblem((name,), f"'{name}' stands in {seen[name]} too", "Keep one")
                yield file.document.finding(problem)
            seen[name] = file.document.file


def problems(
    languages: list[ReplyLanguage], signature: str, catalogue: Catalogue
) -> Iterator[Finding]:
    """Texts that are missing, unknown, cannot be said with their facts, or take too many parts."""
    for language in languages:
        texts = language.texts()
        for name in sorted(EXAMPLES.keys() - texts.keys()):
            what = f"the text '{name}' is missing in '{language.code}'"
            yield _missing(language, languages, name, what)
        for name in sorted(texts.keys() - EXAMPLES.keys()):
            what = f"nothing ever says the text '{name}'"
            yield language.finding(name, what, "Remove it, or correct its id")
        wrong = _unreadable(language, texts) or [
            *_unfit(language, texts),
            *_unpriced(language, texts, catalogue),
        ]
        yield from wrong or _unsayable(language, texts, signature, catalogue)


def _missing(
    language: ReplyLanguage, languages: list[ReplyLanguage], name: str, what: str
) -> Finding:
    """In the file that has the text in another language; below what stands above it there."""
    for other in languages:
        for file in other.files:
            names = list(file.value.root)
            if name not in names:
                continue
            own = language.folder / Path(file.document.file).name
            mine = next((f for f in language.files if f.document.file == str(own)), None)
            above = [n for n in names[: names.index(name)] if mine and n in mine.value.root]
            line = mine.document.line((above[-1],)) if mine and above else 1
            fix = f"Add it, as in {file.document.file}:{file.document.line((name,))}"
            return Finding(str(own), line, what, fix)
    return language.finding(name, what, "Add it")


def _unreadable(language: ReplyLanguage, texts: Mapping[str, ReplyTemplate]) -> list[Finding]:
    findings = []
    for name, text in texts.items():
        for channel in SELF_SERVICE:
            if fault := fault_of(text.form(channel), language.code):
                what = f"'{name}' cannot be read: {fault}"
                findings.append(language.finding(name, what, HOW, channel))
                break
    return findings


def _unfit(language: ReplyLanguage, texts: Mapping[str, ReplyTemplate]) -> list[Finding]:
    """Texts that put in each other, name facts that they do not get, or are no words of the
    language. For texts that can be read."""
    findings = []
    for channel in SELF_SERVICE:
        forms = {
            name: template_of(text.form(channel), language.code) for name, text in texts.items()
        }
        for name, what in misquotes(forms):
            fix = "Write it out, or correct the id"
            findings.append(language.finding(name, f"'{name}': {what}", fix, channel))
        for name, template in forms.items():
            for fact in sorted(facts(template) - EXAMPLES.get(name, {}).keys()):
                what = f"'{name}' cannot be said: '{fact}' is undefined"
                findings.append(language.finding(name, what, _has(name), channel))
            source = texts[name].form(channel)
            # Jinja2 drops a last line break, but not where no facts are
            words = plain_words(template) + ("\n" if source.endswith("\n") else "")
            for what, fix in text_oddities(words, language.code, must=not source):
                findings.append(language.finding(name, f"'{name}' {what}", fix, channel))
    return list(dict.fromkeys(findings))


def _unpriced(
    language: ReplyLanguage, texts: Mapping[str, ReplyTemplate], catalogue: Catalogue
) -> Iterator[Finding]:
    """Prices and names that the tariff does not have."""
    for name, text in texts.items():
        for channel in SELF_SERVICE:
            wanted = tariff_references(template_of(text.form(channel), language.code))
            for what, fix in reference_problems(sorted(wanted), catalogue):
                yield language.finding(name, f"'{name}' {what}", fix, channel)
                break


def _plainly(error: Exception) -> str:
    """A filter got what it is not for, and Python says so in its own words."""
    return "a filter does not fit its fact" if isinstance(error, TypeError) else str(error)


def _has(name: str) -> str:
    return f"It has {', '.join(EXAMPLES.get(name, {})) or 'no facts'}"


def odd_prices(languages: list[ReplyLanguage], known: PriceCheck) -> Iterator[Finding]:
    """Amounts in texts that are not the tariff's. For texts that can be read."""
    for language in languages:
        for name, text in language.texts().items():
            for channel in SELF_SERVICE:
                words = plain_words(template_of(text.form(channel), language.code))
                for what, fix in known.odd(words):
                    yield language.finding(name, f"'{name}' {what}", fix, channel)


def _unsayable(
    language: ReplyLanguage,
    texts: Mapping[str, ReplyTemplate],
    signature: str,
    catalogue: Catalogue,
) -> list[Finding]:
    words = Wording({language.code: texts}, signature=signature).priced(catalogue)
    known = {name: text for name, text in texts.items() if name in EXAMPLES}
    return [f for name, text in known.items() for f in _tried(language, name, text, words)]


def _tried(
    language: ReplyLanguage, name: str, text: ReplyTemplate, words: Wording
) -> Iterator[Finding]:
    reply = Reply(name, EXAMPLES[name])
    for channel in SELF_SERVICE:
        try:
            said = words.say((reply,), channel, language.code)
        except UNSAYABLE as error:
            what = f"'{name}' cannot be said: {_plainly(error)}"
            yield language.finding(name, what, _has(name), channel)
            return
        parts = text_length(said).parts
        if channel is Channel.SMS and parts > text.parts:
            what = f"'{name}' takes {parts} short messages, more than {text.parts}"
            yield language.finding(name, what, "Shorten it, or set parts:")
