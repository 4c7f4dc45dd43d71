"""Menus looked over against all that they lean on, before anybody walks them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gateway.config.checked_yaml import MOST_FINDINGS, BadFile, Finding
from gateway.config.menu_files import MenuFiles, read_menus
from gateway.config.price_check import PriceCheck
from gateway.config.reply_habits import unknown_codes
from gateway.config.text_problems import document_oddities, texts_of, unequal_names
from menus.lint.all_checks import book_problems
from menus.model.book import CommandCall
from menus.model.surroundings import BookSurroundings
from tariffs.file_problem import FilePlace, FileProblem


def check_menus(folder: Path, world: BookSurroundings) -> MenuFiles:
    """The menus of a folder, if nothing is wrong with them. Raises BadFile with all that is."""
    return checked(read_menus(folder), world)


def checked(menus: MenuFiles, world: BookSurroundings) -> MenuFiles:
    """The same menus, if they fit what they lean on. Raises BadFile."""
    if found := [*menus.findings(book_problems(menus.book, world)), *_texts(menus, world)]:
        raise BadFile(found)
    return menus


def _texts(menus: MenuFiles, world: BookSurroundings) -> Iterator[Finding]:
    """What is odd about texts as they are written, and prices that are not the tariff's."""
    known = PriceCheck(world.fees, world.coming)
    ordered = dict(_ordered(menus, known))
    for document in menus.documents.values():
        yield from islice(document_oddities(document, filled=True), MOST_FINDINGS)
        yield from islice(unequal_names(document), MOST_FINDINGS)
        for place, _, text in texts_of(document):
            odd = known.odd(text, ordered.get(place[:4], ""))
            for what, fix in (*odd, *unknown_codes(text, world.codes)):
                who = place[1] if len(place) > 1 else place[0]
                yield document.finding(FileProblem(place, f"{who}: {what}", fix))


def _ordered(menus: MenuFiles, known: PriceCheck) -> Iterator[tuple[FilePlace, str]]:
    """The options that order one thing, or tell of it, and which."""
    for screen in menus.book.screens.values():
        for option in screen.options:
            if isinstance(option.does, CommandCall):
                words = [option.does.run, *(value for _, value in option.does.args)]
                for word in words:
                    if known.of(word) is not None:
                        yield option.place, word
