"""Walking a book: a position and an input in, a position and a step out. Nothing here waits,
stores or sends.

    begin ──▶ ShowScreen ──step──▶ ShowScreen …
                  │                                    ┌── resume ◀─┐
                  └──step──▶ RunCommand, AnswerCommand ┴▶ ShowScreen, RunCommand …
    everything ends in EndDialogue or TransferCall

The same for USSD, SMS and voice. Every input leads somewhere, and none leads out of the book.
"""

from __future__ import annotations

from collections.abc import Sequence

from menus.model.book import Book
from menus.model.conditions import ANYONE, MenuUser
from menus.model.fields import TypedSecret
from menus.model.position import Position
from menus.model.steps import CommandResult, WalkResult
from menus.model.wording import MenuChannel
from menus.walk.walker import Walker
from menus.walk.way_back import after_break


def begin(
    book: Book,
    channel: MenuChannel,
    entry: str,
    caller: MenuUser = ANYONE,
    *,
    screen: str = "",
    language: str = "zh",
    ahead: Sequence[TypedSecret] = (),
) -> WalkResult:
    """At an entry of the book; `screen` and `ahead` are what was dialled beyond it."""
    start = screen or book.entries.get(channel, {}).get(entry, "")
    walk = Walker(book, Position(book.version, channel, entry, start, language), caller, ahead)
    return walk.done(walk.arrive(start) if start else walk.unknown())


def step(
    book: Book, position: Position, typed: str, caller: MenuUser = ANYONE,
    ahead: Sequence[TypedSecret] = (), *, language: str = "", seen: MenuUser | None = None,
    seconds: int = 0,
) -> WalkResult:  # fmt: skip
    """Something was typed; on a call, "" is silence, `seconds` after the screen was begun.
    `language`: what has been chosen since the screen was shown; it is gone on in. `seen`: the
    caller as of when it was shown, for a key means what stood beside it then."""
    # whatever ran when this was typed is over or lost: nothing of it is carried on
    walk = Walker(book, position._replace(running=False), caller, ahead, seen)
    walk.seconds = seconds
    return walk.done(walk.take(typed, language=language or position.language))


def resume(
    book: Book, position: Position, outcome: CommandResult, caller: MenuUser = ANYONE,
    ahead: Sequence[TypedSecret] = (),
) -> WalkResult:  # fmt: skip
    """The command that the last step asked for has ended."""
    walk = Walker(book, position, caller, ahead)
    return walk.done(walk.ended(outcome))


def may_go_on(book: Book, position: Position) -> bool:
    """Whether somebody whose dialogue broke off there is asked that, who dials again: unless they
    had got no further than where dialling leads anyway."""
    trail = after_break(book, position).trail
    start = book.entries.get(position.channel, {}).get(position.entry, "")
    return bool(book.redial and trail and trail != (start,))


def redial(book: Book, position: Position, caller: MenuUser = ANYONE) -> WalkResult:
    """Somebody who `may_go_on` dials again: the book's own question whether to.

    What a command had asked is not asked again: an order that was interrupted orders nothing."""
    walk = Walker(book, after_break(book, position), caller, ())
    return walk.done(walk.arrive(book.redial))


def again(book: Book, position: Position, caller: MenuUser = ANYONE) -> WalkResult:
    """Where one stands, once more."""
    walk = Walker(book, position, caller, ())
    return walk.done(walk.stay())
