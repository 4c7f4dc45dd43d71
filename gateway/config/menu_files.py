"""conf/menus/*.yaml: read, bound into a book, and looked over. All or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import BadFile, Document, Finding, fit, parse, text_of
from gateway.config.text_problems import texts_of
from gateway.config.unread_files import strays, yaml_files
from menus.load.binding import bind
from menus.load.menu_file import MenuFile
from menus.model.book import Book, BookProblem
from menus.model.wording import MenuChannel
from tariffs.file_problem import FilePlace, FileProblem


@dataclass(frozen=True, slots=True)
class MenuFiles:
    """A book of menus, the documents it was read from, for telling where something stands, and
    their texts."""

    book: Book
    documents: dict[str, Document]
    texts: Mapping[str, str]

    def findings(self, flaws: Iterable[BookProblem]) -> list[Finding]:
        return [self._finding(flaw) for flaw in flaws]

    def screens_at(self) -> dict[str, tuple[str, int]]:
        """Where each screen stands: in the file of that name, on that line."""
        return {
            place[1]: (Path(name).name, line)
            for name, document in self.documents.items()
            for place, line in document.lines.items()
            if len(place) == 2 and place[0] == "screens" and isinstance(place[1], str)
        }

    def _finding(self, flaw: BookProblem) -> Finding:
        document = self.documents.get(flaw.file) or next(iter(self.documents.values()))
        place = flaw.place
        if place not in document.lines and place[-2:-1] and place[-2] in set(MenuChannel):
            place = (*place[:-2], place[-1])  # the text that holds for all channels
        return document.finding(FileProblem(place, flaw.what, flaw.fix))


def read_menus(folder: Path) -> MenuFiles:
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


_MOST: Final = {"screens": 1_000, "options": 2_000, "offers": 100, "fields": 200, "paths": 500}
_MOST_OPTIONS: Final = 120  # of a screen: there are no more keys
_LONGEST: Final = 1_000  # characters of a text: no phone shows more, nobody listens so long


def _too_much(
    documents: Mapping[str, Document], files: Mapping[str, MenuFile]
) -> Iterator[Finding]:
    """More than any menus have, all files together: looking them over would take for ever."""
    counts = dict.fromkeys(_MOST, 0)
    for name, file in files.items():
        document, full = documents[name], {key for key in counts if counts[key] > _MOST[key]}
        for key in counts:
            counts[key] += len(getattr(file, key, ()))
        counts["options"] += sum(len(screen.options) for screen in file.screens.values())
        for key in counts:
            if counts[key] > _MOST[key] and key not in full:
                section = "screens" if key == "options" else key
                what = f"with this file there are {counts[key]:,} {key}, more than {_MOST[key]:,}"
                yield document.finding(FileProblem((section,), what, "Take out what is not needed"))
        for screen, row in file.screens.items():
            if len(row.options) > _MOST_OPTIONS:
                what = f"{screen}: has more than {_MOST_OPTIONS} options"
                place: FilePlace = ("screens", screen, "options")
                yield document.finding(FileProblem(place, what, "Make a screen of some of them"))
        for at, _, text in texts_of(document):
            if len(text) > _LONGEST:
                what = f"{at[1]}: a text of more than {_LONGEST:,} characters"
                yield document.finding(FileProblem(at, what, "Shorten it"))


def menus_of(texts: Mapping[str, str], unreadable: Iterable[Finding] = ()) -> MenuFiles:
    """The menus of files, by name. Raises BadFile, with what is `unreadable` too."""
    documents: dict[str, Document] = {}
    files: dict[str, MenuFile] = {}
    findings = list(unreadable)
    for name, text in texts.items():
        try:
            documents[name] = document = parse(text, name)
            files[name] = fit(document, MenuFile)
        except BadFile as bad:
            findings += bad.findings
    findings += _too_much(documents, files)
    if findings:
        raise BadFile(findings)
    book, flaws = bind(files)
    menus = MenuFiles(book, documents, texts)
    if flaws:
        raise BadFile(menus.findings(flaws))
    return menus
