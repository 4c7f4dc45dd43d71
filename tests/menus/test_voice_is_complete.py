"""Whatever the hotline answers itself can be asked for by keys of a call, in the shipped menus."""

from __future__ import annotations

from commands.model.request import Channel
from gateway.config import business
from menus.lint.reachability import reachability
from menus.model.book import CommandCall
from menus.model.wording import MenuChannel
from tests.commands.fakes import OWN_CONF, SIGNATURE
from tests.menus.books import own, own_world

QUERIES = ("q.", "info.")
BESIDES = {"tk.sim", "sv.order.abroad", "hu.callback", "st.suspend", "rc.self"}
"""What the hotline's own list of queries has, and is none here; and what callers need at once."""


def runs_on_calls() -> set[str]:
    """The commands that somebody who calls 10086 can come to."""
    book, reach = own(), reachability(own(), own_world().commands)
    register = business.load(OWN_CONF, signature=SIGNATURE).register
    found: set[str] = set()
    for screen in book.screens.values():
        if MenuChannel.VOICE not in reach.channels(screen):
            continue
        calls: list[object] = [
            option.does for option in screen.options if MenuChannel.VOICE in option.channels
        ]
        calls += [screen.collect.does if screen.collect else None, screen.run]
        for call in calls:
            if isinstance(call, CommandCall):
                code = register.codes.get(call.run)
                found.add(code.spec.action if code else call.run)
    return found


def test_every_query_that_calls_may_ask_is_behind_a_key() -> None:
    """None that commands.yaml allows has been forgotten in the menus."""
    register = business.load(OWN_CONF, signature=SIGNATURE).register
    allowed = {
        spec.action
        for spec in register.specs.values()
        if Channel.VOICE in spec.channels
        and spec.action.startswith(QUERIES)
        and not spec.unavailable  # it says so at once
    }
    assert len(allowed) > 20
    assert (allowed | BESIDES) - runs_on_calls() == set()


def test_people_answer_day_and_night() -> None:
    """Hours are a setting, and ships open."""
    book = own()
    person = book.screens[book.human]
    assert person.transfer
    assert person.when.hours in (None, (0, 24 * 60))
    other = book.screens[person.otherwise]
    assert other.transfer
    assert other.when.hours in (None, (0, 24 * 60))
    assert other.when.holiday is None


def test_who_asks_for_help_proves_nothing() -> None:
    """Nobody is sent to a hall to register before a person calls him back."""
    register = business.load(OWN_CONF, signature=SIGNATURE).register
    spec = register.spec("hu.callback", {})
    levels = {int(register.level(spec.operation, way.value)) for way in spec.channels}
    assert levels == {0}
