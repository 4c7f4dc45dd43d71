"""What the store says is in force, read as books. Gateways follow it wherever it was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.menu_edition import FROM_CONF, EditionDecision, edition_of
from gateway.config.menu_files import MenuFiles
from gateway.dialogue.menus_in_force import Canary, MenusInForce
from gateway.store.menus.editions import SqlEditions
from menus.lint.all_checks import book_problems
from menus.model.book import Book
from menus.model.surroundings import BookSurroundings

LASTING: Final = 2 * 24 * 3600  # seconds: longer than any dialogue is open
MOST: Final = 64  # books in memory; each takes about a megabyte


@dataclass(frozen=True, slots=True)
class LoadedEditions:
    """`findings`: why a version that is in force could not be put there."""

    in_force: MenusInForce
    findings: tuple[Finding, ...] = ()


def keep_own(editions: SqlEditions, menus: MenuFiles, now: int) -> None:
    """What lies in conf/menus is in force until something is published: then dialogues that began
    on it, here or at another copy, find it in the store."""
    if not editions.decisions():
        editions.keep(edition_of(menus, FROM_CONF, "", now))


def load_editions(
    editions: SqlEditions,
    own: Book,
    world: BookSurroundings,
    now: int,
    before: MenusInForce | None = None,
) -> LoadedEditions:
    """What the store says is in force. `own` is in force if nothing is published; a version that
    does not fit what else this gateway has in conf/ leaves in force what was `before`."""
    decisions = editions.decisions()
    books = dict(before.books) if before else {}
    for version in _recent(editions, decisions, now):  # the newest stand last
        if version == own.version:  # read already
            books.setdefault(version, own)
        books |= {version: books.pop(version)} if version in books else _read(editions, version)
    older = list(books.values())[-MOST:]
    if not decisions:
        return LoadedEditions(MenusInForce(own, None, older))
    last = decisions[-1]
    findings = (*_misfits(editions, last.version, world), *_misfits(editions, last.canary, world))
    if findings:
        return LoadedEditions(MenusInForce(before.book if before else own, None, older), findings)
    return LoadedEditions(MenusInForce(books[last.version], _canary(last, books), older))


def _recent(editions: SqlEditions, decisions: Sequence[EditionDecision], now: int) -> Iterator[str]:
    """Versions that dialogues may be open on; those that hold last."""
    yield from editions.made_since(now - LASTING)
    for decision in decisions:
        if decision.at >= now - LASTING or decision is decisions[-1]:
            yield from filter(None, (decision.version, decision.canary))


def _read(editions: SqlEditions, version: str) -> Mapping[str, Book]:
    edition = editions.find(version)
    try:
        return {version: edition.menus().book} if edition else {}
    except BadFile:  # of an older program; told by _misfits, if it is to hold
        return {}


def _misfits(editions: SqlEditions, version: str, world: BookSurroundings) -> list[Finding]:
    if not version:
        return []
    edition = editions.find(version)
    if edition is None:
        return [Finding(version, 1, "is not in the store", "Publish it again")]
    try:
        menus = edition.menus()
    except BadFile as bad:
        return bad.findings
    return menus.findings(book_problems(menus.book, world))


def _canary(last: EditionDecision, books: Mapping[str, Book]) -> Canary | None:
    return Canary(books[last.canary], last.share, last.numbers) if last.canary else None
