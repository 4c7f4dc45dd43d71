"""Keys in the order of their use: proposed, or applied where the screen says so."""

from __future__ import annotations

from menus.model.book import Book
from menus.tools.key_order import KeyMove, in_order_of_use, proposals
from tests.menus.books import book_of

MENU = (
    """
entries: {{ussd: {{"*139#": hall}}, voice: {{"10086": hall}}}}
screens:
  hall:
    say: {{zh: 营业厅, en: Hall}}
    order: by_use
    reorder: {reorder}
    options:
      - {{key: 1, label: {{zh: 一, en: One}}, to: one, pinned: true}}
      - {{key: 2, label: {{zh: 二, en: Two}}, to: two}}
      - {{key: 3, label: {{zh: 三, en: Three}}, to: three, channels: [ussd]}}
      - {{key: 3, label: {{zh: 叁, en: Three!}}, to: three_voice, channels: [voice]}}
      - {{key: 9, label: {{zh: 九, en: Nine}}, to: nine, channels: [ussd]}}
  one: {{say: {{zh: 一, en: 1}}}}
  two: {{say: {{zh: 二, en: 2}}}}
  three: {{say: {{zh: 三, en: 3}}}}
  three_voice: {{say: {{zh: 叁, en: 3}}}}
  nine: {{say: {{zh: 九, en: 9}}}}
""".replace("en: 1}", 'en: "1"}')
    .replace("en: 2}", 'en: "2"}')
    .replace("en: 3}", 'en: "3"}')
    .replace("en: 9}", 'en: "9"}')
)
USE = {"hall/one": 1, "hall/two": 5, "hall/three": 4, "hall/three_voice": 4, "hall/nine": 99}


def book(reorder: str) -> Book:
    return book_of(MENU.format(reorder=reorder))


def keys(book: Book) -> dict[str, str]:
    return {option.name: option.key for option in book.screens["hall"].options}


def test_what_is_used_most_gets_the_first_loose_key() -> None:
    """Options of one key move together; pinned ones and 9 stay."""
    applied = in_order_of_use(book("apply"), USE)
    assert keys(applied) == {"one": "1", "three": "2", "three_voice": "2", "two": "3", "nine": "9"}
    assert applied.screens["hall"].options[0].name == "one"


def test_the_book_in_another_order_is_another_version() -> None:
    """Dialogues that began before keep their keys."""
    before = book("apply")
    assert in_order_of_use(before, USE).version != before.version
    assert in_order_of_use(before, {}) is before


def test_a_proposal_changes_nothing() -> None:
    """It says what would move, and how often each was used."""
    proposed = book("propose")
    assert in_order_of_use(proposed, USE) is proposed
    ((screen, moves),) = proposals(proposed, USE)
    assert screen.name == "hall"
    assert KeyMove("two", "2", "3", 5) in moves
    assert KeyMove("three", "3", "2", 4) in moves
