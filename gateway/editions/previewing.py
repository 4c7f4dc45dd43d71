"""Every screen and every answer of an edition, exactly as it will go out, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from commands.model.accounts import SubscriberAccount
from commands.model.request import Channel
from commands.reply_facts.all_replies import EXAMPLES
from gateway.dialogue.caller_facts import caller_of, moment_of_turn
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.differences.answers import answered
from gateway.editions.screens import preview
from menus.model.conditions import MenuUser
from menus.model.text_size import on_ussd
from menus.model.wording import LANGUAGES, MenuChannel
from smpp.messages.segmentation import text_length

_HEAD: Final = "── "
_TEXT: Final = "   │ "


class ShownText(NamedTuple):
    """A screen or a text as it goes out by one channel. `size`: its pages or messages."""

    name: str
    channel: str
    language: str
    size: str
    text: str


@dataclass(frozen=True, slots=True)
class EditionPreview:
    """`names`: only screens and texts that are called so, or begin so. `who`: as this subscriber
    sees it now; else with every option and the longest values. Texts are said with example
    facts."""

    snapshot: HallSnapshot
    now: int
    channels: Sequence[MenuChannel] = tuple(MenuChannel)
    languages: Sequence[str] = LANGUAGES
    names: Sequence[str] = ()
    who: SubscriberAccount | None = None

    def lines(self) -> Iterator[str]:
        yield from self.screens()
        yield from self.answers()

    def screens(self) -> Iterator[str]:
        snapshot, names = self.snapshot, tuple(self.names)
        book = snapshot.menus.book
        wanted = [name for name in book.screens if name.startswith(names)] if names else []
        if names and not wanted:
            return
        caller = self._caller(self.who) if self.who else None
        yield from preview(book, snapshot.world, self.channels, self.languages, wanted, caller)

    def _caller(self, who: SubscriberAccount) -> MenuUser:
        snapshot = self.snapshot
        when = moment_of_turn(self.now, snapshot.catalogue.zone, snapshot.holidays)
        return caller_of(
            who, snapshot.catalogue, self.now, when=when, offers=True,
            classes=snapshot.register.settings.classes, regions=snapshot.regions,
            references=snapshot.menus.book.references,
        )  # fmt: skip

    def answers(self) -> Iterator[str]:
        for name in EXAMPLES:
            if self.names and not name.startswith(tuple(self.names)):
                continue
            for channel in self.channels:
                for language in self.languages:
                    text = answered(self.snapshot.conversation, name, channel.value, language)
                    if text:
                        yield f"{_HEAD}{name} · {channel.value} · {language}"
                        yield from _sized(text, Channel(channel.value))
                        yield ""

    def by_screen(self) -> dict[str, str]:
        """What is seen and heard, screen by screen."""
        return {
            f"{one.name} · {one.channel} · {one.language}": one.text.replace("\n", " / ")
            for one in _shown(self.screens())
            if one.text
        }

    def shown(self, name: str) -> list[ShownText]:
        """One screen or text, by all channels."""
        return [one for one in _shown(self.lines()) if one.name == name]


def _shown(lines: Iterator[str]) -> Iterator[ShownText]:
    found: ShownText | None = None
    for line in lines:
        if line.startswith(_HEAD):
            name, channel, language = line.removeprefix(_HEAD).split(" · ")
            found = ShownText(name, channel, language, "", "")
        elif found is not None and line.startswith(_TEXT):
            text = line.removeprefix(_TEXT)
            found = found._replace(text=f"{found.text}\n{text}" if found.text else text)
        elif found is not None and line:
            size = line.strip()
            found = found._replace(size=f"{found.size}; {size}" if found.size else size)
        elif found is not None:
            yield found
            found = None


def _sized(text: str, channel: Channel) -> Iterator[str]:
    if channel is Channel.SMS:
        yield f"   {text_length(text).parts} short message(s)"
    elif channel is Channel.USSD:
        yield f"   {on_ussd(text)}"
    yield from (f"   │ {line}" for line in text.split("\n"))
