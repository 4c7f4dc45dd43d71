"""Walking a book: a position and an input in, a position and a step out. Nothing here waits,
stores or sends.

    begin ──▶ Show ──step──▶ Show …
               │                        ┌── resume ◀─┐
               └──step──▶ Run, Answer ──┴▶ Show, Run …
    everything ends in End or Transfer

The same for USSD, SMS and voice. Every input leads somewhere, and none leads out of the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from menus.book import HOME, Book
from menus.fields import Hidden
from menus.position import Position
from menus.steps import Outcome, Walked
from menus.trail import broken_off
from menus.walker import Walker
from menus.when import ANYONE, Caller
from menus.wording import Channel


def begin(
    book: Book,
    channel: Channel,
    entry: str,
    caller: Caller = ANYONE,
    *,
    screen: str = "",
    language: str = "zh",
    ahead: Sequence[Hidden] = (),
) -> Walked:
    """At an entry of the book; `screen` and `ahead` are what was dialled beyond it."""
    start = screen or book.entries.get(channel, {}).get(entry, "")
    walk = Walker(book, Position(book.version, channel, entry, start, language), caller, ahead)
    return walk.done(walk.arrive(start) if start else walk.unknown())


def step(
    book: Book, position: Position, typed: str, caller: Caller = ANYONE,
    ahead: Sequence[Hidden] = (), *, language: str = "",
) -> Walked:  # fmt: skip
    """Something was typed; on a call, "" is silence. `language`: what has been chosen since the
    screen was shown; it is gone on in."""
    # whatever ran when this was typed is over or lost: nothing of it is carried on
    walk = Walker(book, replace(position, running=False), caller, ahead)
    return walk.done(walk.take(typed, language=language or position.language))


def resume(
    book: Book, position: Position, outcome: Outcome, caller: Caller = ANYONE,
    ahead: Sequence[Hidden] = (),
) -> Walked:  # fmt: skip
    """The command that the last step asked for has ended."""
    walk = Walker(book, position, caller, ahead)
    return walk.done(walk.ended(outcome))


def redial(book: Book, position: Position, caller: Caller = ANYONE) -> Walked:
    """Somebody whose dialogue broke off dials again: the book's own question whether to go on,
    unless they had got no further than where dialling leads anyway.

    What a command had asked is not asked again: an order that was interrupted orders nothing."""
    fresh = broken_off(book, position)
    walk = Walker(book, fresh, caller, ())
    start = book.entries.get(position.channel, {}).get(position.entry, "")
    further = fresh.trail and fresh.trail != (start,)
    return walk.done(walk.arrive(book.redial) if book.redial and further else walk.go(HOME))


def again(book: Book, position: Position, caller: Caller = ANYONE) -> Walked:
    """Where one stands, once more."""
    walk = Walker(book, position, caller, ())
    return walk.done(walk.stay())
