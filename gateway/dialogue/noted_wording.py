"""Which replies were put into words, for whoever explains an answer: their names and facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from commands.model.request import Channel, Reply
from gateway.dialogue.menu_runner import MenuRunner
from gateway.dialogue.responder import SaysReplies
from gateway.dialogue.snapshot import HallSnapshot, NumberedHall

Note = Callable[[Sequence[Reply], Channel, str], None]
"""Told with the replies, the channel and the language."""


class NotedWording:
    """gateway.dialogue.responder.SaysReplies: the same words; what they were made of is told."""

    def __init__(self, words: SaysReplies, note: Note) -> None:
        self._words, self._note = words, note

    def say(self, replies: Sequence[Reply], channel: Channel, language: str) -> str:
        self._note(replies, channel, language)
        return self._words.say(replies, channel, language)


def noted(snapshot: HallSnapshot, note: Note) -> HallSnapshot:
    """The same edition, with prices as they are in it now; what it says is noted."""

    def runner(of: MenuRunner) -> MenuRunner:
        responder = of.responder.saying_by(lambda words: NotedWording(words, note))
        return MenuRunner(responder, of.register, snapshot.holidays)

    def numbered(other: NumberedHall) -> NumberedHall:
        run = runner(other.menu_runner)
        return other._replace(conversation=run.responder, menu_runner=run)

    own = runner(snapshot.menu_runner)
    return replace(
        snapshot,
        conversation=own.responder,
        menu_runner=own,
        priced=(),
        others=tuple(map(numbered, snapshot.others)),
    )
