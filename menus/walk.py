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
from typing import Final
from unicodedata import normalize

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
from menus.fields import Hidden, Kept, Kind, Typed
from menus.position import MOST_WORDS, Position
from menus.saying import Speaker
from menus.screens import live
from menus.steps import Answer, End, Outcome, Run, Show, Step, Transfer, Walked
from menus.when import ANYONE, Caller
from menus.wording import Channel, filled

HOPS: Final = 8  # screens that are passed through without anybody typing
_TYPED: Final = 400  # characters of an input that are looked at
_PICK: Final = frozenset("0123456789,")


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
    walk = _Walk(book, Position(book.version, channel, entry, start, language), caller, ahead)
    return walk.done(walk.arrive(start))


def step(
    book: Book, position: Position, typed: str, caller: Caller = ANYONE,
    ahead: Sequence[Hidden] = (),
) -> Walked:  # fmt: skip
    """Something was typed; on a call, "" is silence."""
    # whatever ran when this was typed is over or lost: nothing of it is carried on
    walk = _Walk(book, replace(position, running=False), caller, ahead)
    return walk.done(walk.take(typed))


def resume(
    book: Book, position: Position, outcome: Outcome, caller: Caller = ANYONE,
    ahead: Sequence[Hidden] = (),
) -> Walked:  # fmt: skip
    """The command that the last step asked for has ended."""
    walk = _Walk(book, position, caller, ahead)
    return walk.done(walk.ended(outcome))


def redial(book: Book, position: Position, caller: Caller = ANYONE) -> Walked:
    """Somebody whose dialogue broke off dials again: the book's own question whether to go on,
    unless they had got no further than where dialling leads anyway.

    What a command had asked is not asked again: an order that was interrupted orders nothing."""
    stood = book.screens.get(position.screen)
    trail = position.trail
    if stood is not None and not stood.asks and not stood.tells and stood.waits(position.channel):
        trail = (*(name for name in trail if name != stood.name), stood.name)
    fresh = replace(position, trail=trail, page=0, wrong=0, deed="", running=False, words="")
    walk = _Walk(book, fresh, caller, ())
    start = book.entries.get(position.channel, {}).get(position.entry, "")
    further = trail and trail != (start,)
    return walk.done(walk.arrive(book.redial) if book.redial and further else walk.go(HOME))


def again(book: Book, position: Position, caller: Caller = ANYONE) -> Walked:
    """Where one stands, once more."""
    walk = _Walk(book, position, caller, ())
    return walk.done(walk.stay())


class _Walk:
    """One input's worth of walking. `position` is replaced as it goes on."""

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
        """After what was dialled ahead has been typed too."""
        while self.ahead and isinstance(step, Show):
            step = self.take(self.ahead.pop(0).reveal())
        ahead = tuple(self.ahead) if isinstance(step, Run) else ()
        return Walked(
            self.position, step, self.keep, self.dropped, ahead, tuple(self.chosen)
        )  # fmt: skip

    # inputs

    def take(self, typed: str) -> Step:
        screen = self.here
        if screen is None:
            return self.over("sorry")
        steps = self.position.steps + 1
        self.position = replace(self.position, steps=steps)
        if steps > self.limits.steps:
            return self.over("too_long")
        if not screen.waits(self.channel):  # a command's outcome got lost
            return self.go(BACK)
        raw = typed[:_TYPED].strip()
        key = self._key(raw)
        meant = self._option(screen, key) or self._typed(screen, raw, key)
        return meant or self._reserved(screen, key) or self.wrong(screen)

    def _key(self, raw: str) -> str:
        key = normalize("NFKC", raw).upper()
        if len(key) > 1 and key.endswith("#"):  # handsets and callers end with it
            key = key[:-1].rstrip()
        return key

    def _option(self, screen: Screen, key: str) -> Step | None:
        if key == "9" and self._turns():
            return None
        for option in live(screen, self.channel, self.position.language, self.caller):
            if option.key == key:
                return self._choose(screen, option)
        return None

    def _choose(self, screen: Screen, option: Option) -> Step:
        self.chosen.append(f"{screen.name}/{option.name}")
        if option.language:
            self.position = replace(self.position, language=option.language)
        return self.do(option.does, f"{screen.name}/{option.name}")

    def _typed(self, screen: Screen, raw: str, key: str) -> Step | None:
        if screen.pick and key and _PICK.issuperset(_commas(key)):
            page_turn = key == "9" and self._turns()
            return None if key == "0" or page_turn else self.answer(_commas(key))
        if screen.collect is None or key in {"0", "*"}:
            return None
        if key == screen.collect.field.own and key:
            return self._collected(screen, screen.collect, "")
        written = raw if screen.collect.field.kind is Kind.TEXT else key
        value = None if key == "#" else screen.collect.field.clean(written)
        if value is None or (key == "9" and self._turns()):
            return None
        return self._collected(screen, screen.collect, value)

    def _collected(self, screen: Screen, collect: Collect, value: str) -> Step:
        name = collect.field.name
        if collect.does is None:
            return self.answer(Hidden(value))
        fields = {k: v for k, v in self.position.fields.items() if k != name}
        kept = tuple(k for k in self.position.kept if k != name)
        if collect.field.secret:
            self.keep[name] = Hidden(value)
            kept = (*kept, name)
        elif value:
            fields[name] = value
        self.position = replace(self.position, fields=fields, kept=kept)
        return self.do(collect.does, screen.name)

    def _reserved(self, screen: Screen, key: str) -> Step | None:
        voice = self.channel is Channel.VOICE
        if key == "9" and voice:
            return self.stay()
        if key == "9" and self._turns():
            self.position = replace(self.position, page=self.position.page + 1)
            return self.stay()
        if key == "0" and voice and screen.human and self.book.human:
            return self.go(HUMAN)
        if key == "*" or (key == "0" and not voice):
            return self._backwards(screen)
        if key == "#" and not voice:
            return self.over("goodbye")
        return None

    def _backwards(self, screen: Screen) -> Step | None:
        if self.position.page:
            self.position = replace(self.position, page=self.position.page - 1)
            return self.stay()
        return self.go(BACK) if screen.back or not self.position.trail else None

    def wrong(self, screen: Screen) -> Step:
        self.ahead.clear()
        tries = screen.collect.tries if screen.collect else 0
        wrong = self.position.wrong + 1
        self.position = replace(self.position, wrong=wrong)
        if wrong < (tries or self.limits.wrong):
            return self.stay()
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
        found = {name: self._argument(value) for name, value in deed.args}
        return Run(deed.run, {name: value for name, value in found.items() if value is not None})

    def _argument(self, value: str) -> Typed | None:
        """A fixed value, or a field's; None for a field that was left empty."""
        name = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
        if name in self.keep:
            return self.keep[name]
        if name in self.position.kept:
            return Kept(name)
        return self.position.fields.get(name) if name else filled(value, self.position.fields)

    def answer(self, word: str | Hidden) -> Step:
        if not self.position.deed:  # nobody asked
            return self.go(BACK)
        self.position = replace(self.position, running=True, words="")
        return Answer(word)

    def ended(self, outcome: Outcome) -> Step:
        deed = self._deed()
        if deed is None or not self.position.running:
            return self.stay()
        asks = outcome.ending in ASKING
        words = "" if outcome.secret else outcome.words[:MOST_WORDS]
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

    def _deed(self) -> Deed | None:
        """The command that runs, where it is written."""
        name, _, option_name = self.position.deed.partition("/")
        screen = self.book.screens.get(name)
        if screen is None:
            return None
        if option_name:
            does = [option.does for option in screen.options if option.name == option_name]
        else:
            does = [does for does, _ in screen.doings()]
        return next((each for each in does if isinstance(each, Deed)), None)

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
        if not self.position.trail:
            return self.stay() if self.channel is Channel.VOICE else self.over("goodbye")
        *trail, name = self.position.trail
        self.position = replace(self.position, trail=tuple(trail))
        return self.arrive(name)

    def _leave(self) -> None:
        """Walking away from a command's question answers it with nothing."""
        if self.position.deed:
            self.dropped = True
            self.position = replace(self.position, deed="", running=False)

    def _push(self) -> None:
        """Only menus are come back to: not questions, not answers, not what was typed."""
        screen, trail = self.here, self.position.trail
        if screen is None or not screen.options or screen.asks or screen.tells:
            return
        if screen.name not in trail:
            trail = (*trail, screen.name)[-self.limits.trail :]
            self.position = replace(self.position, trail=trail)

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
        trail = self.position.trail
        if screen.name in trail:  # coming round again: what lay between is forgotten
            trail = trail[: trail.index(screen.name)]
        self.position = replace(self.position, screen=screen.name, trail=trail, page=0, wrong=0)
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

    def over(self, phrase: str) -> End:
        self._leave()
        return self._last_words(self.speaker.phrase(phrase, self.position))

    def _last_words(self, text: str) -> End:
        return self.speaker.last_words(text, self.position)

    def _turns(self) -> bool:
        screen = self.here
        return screen is not None and self.speaker.turns(screen, self.position)


def _commas(key: str) -> str:
    return key.replace("，", ",").replace("、", ",").replace(" ", ",")
