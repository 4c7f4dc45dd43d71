"""What somebody at a position reads or hears: the screen, the offer, the last words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from menus.model.book import UNKNOWN, AnswerQuestion, Book, Option, Screen, ScreenOffer
from menus.model.conditions import MenuUser
from menus.model.position import Position
from menus.model.steps import EndDialogue, ShowScreen
from menus.model.text_size import fits_ussd
from menus.model.wording import RESULT, MenuChannel
from menus.walk.screens import (
    Page,
    View,
    above,
    abridged,
    corrected,
    live,
    longest_head,
    paged,
    spoken,
    view,
)
from menus.walk.way_back import has_person

_MOST_CODES: Final = 3  # that are told to somebody who dialled another
_ROW: Final = re.compile(r"^([0-9]{1,3})(?![0-9]|\.[0-9])", re.MULTILINE)
"""The number of a list's row; also the keys for next and back, which are numbers of no row."""


def announced_to(
    book: Book,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    caller: MenuUser,
    *,
    first: bool | None = None,
) -> str:
    """What a caller is told before a screen. `first`: a dialogue begins with it; without it, as if
    one did wherever one can."""
    begins = screen.name in book.entries.get(channel, {}).values() if first is None else first
    said = (
        one.say.say(channel, language, caller.known(language))
        for one in book.announcements
        if one.stands_on(screen.name, channel, first=begins) and one.when.holds(caller, language)
    )
    return above(said, channel, language)


@dataclass(frozen=True, slots=True)
class ScreenRenderer:
    """Says things to one caller. `words` are what the last command answered."""

    book: Book
    caller: MenuUser
    words: str

    def show(self, screen: Screen, at: Position, *, fresh: bool = False) -> ShowScreen:
        """The screen as it stands; `fresh` words that do not fit it go out by SMS besides."""
        offer = self.offer(screen, at)
        sms = fresh and at.channel in screen.by_sms and self.caller.mobile
        seen = self._view(screen, at, offer, sms)
        notes = [self.phrase("wrong", at), self.phrase("wrong_short", at)] if at.wrong else []
        new = offer.name if offer and not at.offer else ""
        field = screen.collect.field if screen.collect else None
        keys = max((len(option.key) for option in screen.options), default=1)
        if at.channel is not MenuChannel.USSD:
            text = "".join(notes[:1]) + spoken(seen, at.channel, at.language)
            return ShowScreen(screen.name, text, sms, field, keys, offer=new)
        found = self._pages(screen, at, seen)
        page = min(at.page, len(found) - 1)
        text = corrected(found[page].text, *notes)
        sms = fresh if len(found) < len(paged(seen)) else sms
        return ShowScreen(screen.name, text, sms, field, keys, page, len(found), new)

    def _pages(self, screen: Screen, at: Position, seen: View) -> tuple[Page, ...]:
        """What is asked must be seen whole before it is answered; an answer may be abridged."""
        found = paged(seen)
        long = screen.tells and not screen.asks
        if long and len(found) > (screen.pages or self.book.limits.answer_pages):
            every = frozenset(range(len(seen.options)))
            return (Page(abridged(seen, self.phrase("by_sms", at)), every),)
        return found

    def chosen_here(self, screen: Screen, at: Position, *, anywhere: bool = False) -> list[Option]:
        """What can be chosen on the page that is shown, with the keys that stand there; `anywhere`:
        on any page of the screen. What no page has a line for can be chosen on each."""
        if at.channel is not MenuChannel.USSD:  # there are no pages
            return live(screen, at.channel, at.language, self.caller)
        seen = self._view(screen, at, self.offer(screen, at), sent=False)
        if anywhere:
            return list(seen.live)
        found = self._pages(screen, at, seen)
        here = found[min(at.page, len(found) - 1)].options
        listed = frozenset(n for n, line in enumerate(seen.options) if line)
        return [option for n, option in enumerate(seen.live) if n in here or n not in listed]

    def pressable(self, screen: Screen, at: Position, *, anywhere: bool) -> list[Option]:
        """What can be pressed now. A question whose end is on a later page can only be refused."""
        options = self.chosen_here(screen, at, anywhere=anywhere)
        if not (screen.asks and self.turns(screen, at)):
            return options
        return [o for o in options if not isinstance(o.does, AnswerQuestion) or o.does.word == "no"]

    def stands_elsewhere(self, screen: Screen, at: Position, numbers: str) -> bool:
        """True if one of these numbers of a list is on another page than the one that is shown."""
        if at.channel is not MenuChannel.USSD:
            return False
        found = paged(self._view(screen, at, self.offer(screen, at), sent=False))
        rows = [set(_ROW.findall(page.text)) for page in found]
        here = rows.pop(min(at.page, len(found) - 1))
        return any(
            number not in here and any(number in other for other in rows)
            for number in (str(int(digits)) for digits in re.findall(r"[0-9]+", numbers))
        )

    def _view(self, screen: Screen, at: Position, offer: ScreenOffer | None, sent: bool) -> View:
        said = (
            offer.say.say(at.channel, at.language, self.caller.known(at.language)) if offer else ""
        )
        return view(
            self.book, screen, at.channel, at.language, self.caller,
            {**at.fields, RESULT: self.words}, deep=bool(at.trail),
            before=self.announced(screen, at), offer=said, sent=sent,
            human=has_person(self.book, at, screen),
        )  # fmt: skip

    def announced(self, screen: Screen, at: Position) -> str:
        """What is said before the screen."""
        if not self.book.announcements:
            return ""
        begins = self.book.entries.get(at.channel, {}).get(at.entry) == screen.name
        # pages of USSD stay the same while they are turned; nobody is told twice on a call
        first = begins and (at.channel is MenuChannel.USSD or not at.steps)
        return announced_to(self.book, screen, at.channel, at.language, self.caller, first=first)

    def turns(self, screen: Screen, at: Position) -> bool:
        """True if there is a next page."""
        if at.channel is not MenuChannel.USSD:
            return False
        shown = self.show(screen, at)
        return shown.page + 1 < shown.pages

    def offer(self, screen: Screen, at: Position) -> ScreenOffer | None:
        """The one offer of a dialogue, on a screen that has room for one."""
        if not (screen.offers and self.caller.offers):
            return None
        for offer in self.book.offers:
            if at.offer in ("", offer.name) and offer.when.holds(self.caller, at.language):
                return offer
        return None

    def whole(self, screen: Screen, at: Position) -> str:
        """A screen that does not wait, in one piece."""
        facts = {**self.caller.known(at.language), **at.fields, RESULT: self.words}
        texts = (screen.say, screen.close)
        said = "".join(each.say(at.channel, at.language, facts) for each in texts)
        return self.announced(screen, at) + said

    def last_words(self, text: str, at: Position, *, sms: bool = False) -> EndDialogue:
        """On USSD one page, whatever is to be said; the whole of it by SMS."""
        if at.channel is not MenuChannel.USSD or fits_ussd(text):
            return EndDialogue(text, sms)
        note = self.phrase("by_sms", at)
        return EndDialogue(f"{longest_head(text, (), [note])}\n{note}", True)

    def phrase(self, name: str, at: Position, facts: Mapping[str, str] | None = None) -> str:
        wording = self.book.phrases.get(name)
        return wording.say(at.channel, at.language, facts or {}) if wording else ""

    def unknown(self, at: Position) -> str:
        """What is said to somebody who has dialled a code that is not ours."""
        codes = [*self.book.entries.get(at.channel, {})][:_MOST_CODES]
        facts = {"codes": (", " if at.language == "en" else "、").join(codes)}
        return (codes and self.phrase(UNKNOWN, at, facts)) or self.phrase("sorry", at)
