"""One input's worth of walking: what was typed, or how a command ended, to the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from menus.book import (
    AGAIN,
    ASKING,
    BACK,
    END,
    HOME,
    HUMAN,
    Book,
    Collect,
    Deed,
    Doing,
    Ending,
    Go,
    Limits,
    Option,
    Say,
    Screen,
)
from menus.deeds import arguments, deed_at, with_field
from menus.fields import UNRECORDED, Hidden, Kind
from menus.inputs import Entered, Key, Meaning, Picked, Pressed, meaning
from menus.position import MOST_ASKED, MOST_WORDS, Position
from menus.saying import Speaker
from menus.steps import Answer, End, Outcome, Run, Show, Step, Transfer, Walked
from menus.trail import come_to, has_person, trodden
from menus.when import Caller
from menus.wording import Channel

HOPS: Final = 8  # screens that are passed through without anybody typing


class Walker:
    """Walks for one input. `position` is replaced as it goes on."""

    def __init__(
        self, book: Book, position: Position, caller: Caller, ahead: Sequence[Hidden]
    ) -> None:
        self.book = book
        self.position = position
        self.caller = caller
        self.ahead = list(ahead)
        self.keep: dict[str, Hidden] = {}
        self.chosen: list[str] = []
        self.dropped = False
        self.language = ""
        self.words = position.words
        self.fresh = False  # the words are new: what does not fit goes out by SMS once

    @property
    def channel(self) -> Channel:
        return self.position.channel

    @property
    def limits(self) -> Limits:
        return self.book.limits

    @property
    def here(self) -> Screen | None:
        return self.book.screens.get(self.position.screen)

    def done(self, step: Step) -> Walked:
        """After what was dialled ahead has been typed too, as far as that may be: never on a screen
        that must be seen, nor on any behind it."""
        while self.ahead and isinstance(step, Show):
            if self.position.deed or self.here is None or self.book.must_be_seen(self.here):
                self.ahead.clear()
                break
            step = self.take(self.ahead.pop(0).reveal(), unseen=True)
        ahead = tuple(self.ahead) if isinstance(step, Run) else ()
        return Walked(
            self.position, step, self.keep, self.dropped, ahead, tuple(self.chosen), self.language
        )  # fmt: skip

    # inputs

    def take(self, typed: str, *, unseen: bool = False, language: str = "") -> Step:
        """`unseen`: it was dialled ahead, to whatever page. What was typed means what it does on
        the screen that was shown; what follows is in the `language` chosen since."""
        screen = self.here
        if screen is None:
            return self.over("sorry")
        steps = self.position.steps + 1
        self.position = replace(self.position, steps=steps)
        if steps > self.limits.steps:
            return self.over("too_long")
        if not screen.waits(self.channel):  # a command's outcome got lost
            return self.go(BACK)
        if not typed and self.channel is Channel.VOICE:
            return self.silence(screen)
        self.position = replace(self.position, silent=0, quiet=0)
        if typed == UNRECORDED and screen.collect and screen.collect.field.kind is Kind.RECORDING:
            return self._give_up()
        meant = meaning(
            screen,
            typed,
            self._options(screen, unseen),
            voice=self.channel is Channel.VOICE,
            turns=self._turns,
            human=has_person(self.book, self.position, screen),
        )
        if isinstance(meant, Picked) and self._stands_elsewhere(screen, meant):
            meant = None
        if language and language != self.position.language:
            self.position = replace(self.position, language=language, page=0)
            if meant is Key.NEXT:  # pages end elsewhere in another language
                return self.stay()
        return self._meant(screen, meant) or self.wrong(screen)

    def _stands_elsewhere(self, screen: Screen, picked: Picked) -> bool:
        return self.speaker.stands_elsewhere(screen, self.position, picked.numbers)

    def _meant(self, screen: Screen, meant: Meaning | None) -> Step | None:
        match meant:
            case Pressed(option):
                return self._choose(screen, option)
            case Entered(value) if screen.collect is not None:
                return self._collected(screen, screen.collect, value)
            case Picked(numbers):
                return self.answer(numbers)
            case Key.AGAIN:
                return self.stay()
            case Key.NEXT:
                self.position = replace(self.position, page=self.position.page + 1, wrong=0)
                return self.stay()
            case Key.HUMAN:
                return self.go(HUMAN)
            case Key.BACK:
                return self._backwards(screen)
            case Key.BYE:
                return self.over("goodbye")
            case _:
                return None

    def _choose(self, screen: Screen, option: Option) -> Step:
        self.chosen.append(f"{screen.name}/{option.name}")
        if option.language:
            self.language = option.language
            self.position = replace(self.position, language=option.language)
        return self.do(option.does, f"{screen.name}/{option.name}")

    def _collected(self, screen: Screen, collect: Collect, value: str) -> Step:
        name = collect.field.name
        if collect.does is None:
            return self.answer(Hidden(value))
        if collect.field.secret:
            self.keep[name] = Hidden(value)
        self.position = with_field(self.position, collect.field, value)
        return self.do(collect.does, screen.name)

    def _backwards(self, screen: Screen) -> Step | None:
        if self.position.page:
            self.position = replace(self.position, page=self.position.page - 1, wrong=0)
            return self.stay()
        return self.go(BACK) if screen.back or not self.position.trail else None

    def wrong(self, screen: Screen) -> Step:
        self.ahead.clear()
        tries = screen.collect.tries if screen.collect else 0
        wrong = self.position.wrong + 1
        self.position = replace(self.position, wrong=wrong)
        return self.stay() if wrong < (tries or self.limits.wrong) else self._give_up()

    def silence(self, screen: Screen) -> Step:
        """Who says nothing has made no mistake: it is only said again, a few times. At last nobody
        seems to be there."""
        self.ahead.clear()
        if screen.silence:
            return self.go(screen.silence)
        silent, quiet = self.position.silent + 1, self.position.quiet + 1
        self.position = replace(self.position, silent=silent, quiet=quiet, wrong=0)
        if quiet * self.limits.silence >= self.limits.idle:
            return self.over("goodbye")
        return self.stay() if silent < self.limits.wrong else self._give_up()

    def _give_up(self) -> Step:
        self._leave()
        target = self.book.after_wrong.get(self.channel, END)
        return self.over("too_many") if target == END else self.go(target)

    # where doings lead

    def do(self, does: Doing, written_at: str) -> Step:
        match does:
            case Go(to):
                return self.go(to)
            case Say(word):
                return self.answer(word)
            case Deed():
                self._leave()
                self._push()
                return self.run(does, written_at)

    def run(self, deed: Deed, written_at: str) -> Step:
        self.position = replace(self.position, deed=written_at, running=True, words="")
        return Run(deed.run, arguments(deed, self.position, self.keep))

    def answer(self, word: str | Hidden) -> Step:
        if not self.position.deed:  # nobody asked
            return self.go(BACK)
        self.position = replace(self.position, running=True, words="")
        return Answer(word)

    def ended(self, outcome: Outcome) -> Step:
        deed = deed_at(self.book, self.position.deed)
        if deed is None or not self.position.running:
            return self.stay()
        asks = outcome.ending in ASKING
        if outcome.ending is not Ending.OK:  # whoever dialled ahead did not know of this
            self.ahead.clear()
        words = "" if outcome.secret else outcome.words[: MOST_ASKED if asks else MOST_WORDS]
        self.position = replace(
            self.position, running=False, words=words, deed=self.position.deed if asks else ""
        )
        self.words, self.fresh = outcome.words, True
        target = self.book.after(deed, outcome.ending, self.here)
        if outcome.ending is Ending.LATE and target == END:
            return self.over("late")
        if target == END:
            return self._last_words(outcome.words)
        return self.go(target, forward=False)

    # moving

    def go(self, target: str, *, forward: bool = True) -> Step:
        if target == BACK:
            return self._back()
        if target == HOME:
            return self._home()
        if target == END:
            return self.over("goodbye")
        if target == AGAIN:
            return self.stay()
        if forward:
            self._leave()
            self._push()
        return self.arrive(self.book.human if target == HUMAN else target)

    def _home(self) -> Step:
        self._leave()
        self.position = replace(self.position, trail=(), fields={}, kept=())
        starts = self.book.entries.get(self.channel, {})
        return self.arrive(starts.get(self.position.entry, ""))

    def _back(self) -> Step:
        self._leave()
        if not self.position.trail and self.channel is Channel.VOICE:
            return self._home()
        if not self.position.trail:
            return self.over("goodbye")
        *trail, name = self.position.trail
        self.position = replace(self.position, trail=tuple(trail))
        return self.arrive(name)

    def _leave(self) -> None:
        """Walking away from a command's question answers it with nothing."""
        if self.position.deed:
            self.dropped = True
            self.position = replace(self.position, deed="", running=False)

    def _push(self) -> None:
        self.position = trodden(self.position, self.here, self.limits.trail)

    def arrive(self, name: str) -> Step:
        """At a screen, or at the one that stands in for it."""
        for _ in range(HOPS):
            screen = self.book.screens.get(name)
            if screen is None:
                break
            if screen.when.holds(self.caller, self.position.language):
                return self._arrived(screen)
            name = screen.otherwise
        return self.over("sorry")

    def _arrived(self, screen: Screen) -> Step:
        self.position = come_to(self.position, screen)
        if screen.run is not None and screen.collect is None:
            return self.run(screen.run, screen.name)
        if screen.transfer:
            return Transfer(self.speaker.whole(screen, self.position), screen.name)
        if self.channel in screen.end:
            sms = self.fresh and self.channel in screen.by_sms
            text = self.speaker.whole(screen, self.position)
            return self.speaker.last_words(text, self.position, sms=sms)
        return self.stay()

    # saying

    @property
    def speaker(self) -> Speaker:
        return Speaker(self.book, self.caller, self.words)

    def stay(self) -> Step:
        screen = self.here
        if screen is None or not screen.waits(self.channel):
            return self.over("sorry")
        shown = self.speaker.show(screen, self.position, fresh=self.fresh)
        if shown.offer:
            self.position = replace(self.position, offer=shown.offer)
        return shown

    def unknown(self) -> End:
        return self._last_words(self.speaker.unknown(self.position))

    def over(self, phrase: str) -> End:
        self._leave()
        return self._last_words(self.speaker.phrase(phrase, self.position))

    def _last_words(self, text: str) -> End:
        return self.speaker.last_words(text, self.position)

    def _options(self, screen: Screen, unseen: bool) -> list[Option]:
        """What can be pressed now. A question whose end is on a later page can only be refused."""
        options = self.speaker.chosen_here(screen, self.position, anywhere=unseen)
        if not (screen.asks and self._turns()):
            return options
        return [o for o in options if not isinstance(o.does, Say) or o.does.word == "no"]

    def _turns(self) -> bool:
        screen = self.here
        return screen is not None and self.speaker.turns(screen, self.position)
