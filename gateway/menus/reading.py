"""conf/menus/*.yaml: read, bound into a book, and looked over. All or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.files import BadFile, Document, Finding, fit, parse, text_of
from gateway.strays import strays, yaml_files
from menus.binding import bind
from menus.book import Book, Flaw
from menus.sheet import MenuFile
from menus.wording import Channel
from tariffs.problem import Problem


@dataclass(frozen=True, slots=True)
class Menus:
    """A book of menus, the documents it was read from, for telling where something stands, and
    their texts."""

    book: Book
    documents: dict[str, Document]
    texts: Mapping[str, str]

    def findings(self, flaws: Iterable[Flaw]) -> list[Finding]:
        return [self._finding(flaw) for flaw in flaws]

    def _finding(self, flaw: Flaw) -> Finding:
        document = self.documents.get(flaw.file) or next(iter(self.documents.values()))
        place = flaw.place
        if place not in document.lines and place[-2:-1] and place[-2] in set(Channel):
            place = (*place[:-2], place[-1])  # the text that holds for all channels
        return document.finding(Problem(place, flaw.what, flaw.fix))


_UNQUOTED = re.compile(r"unknown key '(\S*\.)?([^'.]*[\u3000-\uffef][^']*)'")


def plainer(finding: Finding) -> Finding:
    """A comma ends a text between { and }, and what stands behind it looks like a key."""
    found = _UNQUOTED.match(finding.what)
    if found is None:
        return finding
    what = f"'{found[2]}' looks like a key; if it is part of a text, put it into quotes"
    return Finding(finding.file, finding.line, what, 'Write zh: "…,…"')


def read_menus(folder: Path) -> Menus:
    """The menus of a folder. Raises BadFile with every mistake that is plain from the files."""
    texts: dict[str, str] = {}
    files = yaml_files(folder)
    findings = list(strays(folder, files))
    for path in files:
        try:
            texts[str(path)] = text_of(path)
        except BadFile as bad:
            findings += bad.findings
    if not texts and not findings:
        findings = [Finding(str(folder), 1, "has no menus", "Add a file such as main.yaml")]
    return menus_of(texts, findings)


def menus_of(texts: Mapping[str, str], unreadable: Iterable[Finding] = ()) -> Menus:
    """The menus of files, by name. Raises BadFile, with what is `unreadable` too."""
    documents: dict[str, Document] = {}
    files: dict[str, MenuFile] = {}
    findings = list(unreadable)
    for name, text in texts.items():
        try:
            documents[name] = document = parse(text, name)
            files[name] = fit(document, MenuFile)
        except BadFile as bad:
            findings += map(plainer, bad.findings)
    if findings:
        raise BadFile(findings)
    book, flaws = bind(files)
    menus = Menus(book, documents, texts)
    if flaws:
        raise BadFile(menus.findings(flaws))
    return menus
