"""The way back: the screens that somebody came through."""

from __future__ import annotations

from menus.model.book import Book, Screen
from menus.model.position import Position


def after_leaving(at: Position, screen: Screen | None, most: int) -> Position:
    """Once a screen is left. Only menus are come back to: not questions, not answers, not what was
    typed, and not what cannot be left by the way it was come to."""
    if screen is None or not screen.options or screen.asks or screen.tells or not screen.back:
        return at
    if screen.name in at.trail:
        return at
    return at._replace(trail=(*at.trail, screen.name)[-most:])


def at_last_list(book: Book, at: Position) -> Position | None:
    """At the numbered list that was sent last; None if there was none. What was asked or typed
    since is over."""
    names = (*at.trail, at.screen)
    for place in range(len(names) - 1, -1, -1):
        screen = book.screens.get(names[place])
        if screen is not None and screen.options and screen.waits(at.channel) and not screen.asks:
            return Position(
                at.version, at.channel, at.entry, screen.name, at.language, names[:place],
                offer=at.offer,
            )  # fmt: skip
    return None


def has_person(book: Book, at: Position, screen: Screen) -> bool:
    """Whether 0 on a call is a person here. What the commands of a menu say and ask belongs to it:
    where it offers nobody, neither do they."""
    if not (screen.human and book.human):
        return False
    if not (screen.tells or screen.asks):
        return True
    menu = book.screens.get(at.trail[-1]) if at.trail else None
    return menu is None or menu.human


def arrive_at(at: Position, screen: Screen) -> Position:
    """At a screen. Coming round again, what lay between is forgotten."""
    trail = at.trail
    if screen.name in trail:
        trail = trail[: trail.index(screen.name)]
    return at._replace(screen=screen.name, trail=trail, page=0, wrong=0, silent=0)


def after_break(book: Book, at: Position) -> Position:
    """After a dialogue broke off: the way to where it stood, and nothing that a command asked. Who
    was reading an answer had finished."""
    stood, trail = book.screens.get(at.screen), at.trail
    if stood is not None and stood.tells and not stood.asks:
        trail = ()
    if stood is not None and not stood.asks and not stood.tells and stood.waits(at.channel):
        trail = (*(name for name in trail if name != stood.name), stood.name)
    return at._replace(trail=trail, page=0, wrong=0, command_at="", running=False, words="")
