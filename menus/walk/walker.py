"""One input's worth of walking: what was typed, or how a command ended, to the next step."""

from __future__ import annotations

from collections.abc import Sequence

from menus.model.book import (
    AGAIN,
    ASKING,
    BACK,
    END,
    HOME,
    HUMAN,
    AnswerQuestion,
    Book,
    BookLimits,
    CommandCall,
    CommandEnding,
    GoTo,
    InputPrompt,
    Option,
    OptionAction,
    Screen,
)
from menus.model.conditions import MenuUser
from menus.model.fields import UNRECORDED, FieldKind, TypedSecret
from menus.model.position import MOST_ASKED, MOST_WORDS, Position
from menus.model.steps import (
    AnswerCommand,
    CommandResult,
    EndDialogue,
    RunCommand,
    ShowScreen,
    TransferCall,
    WalkResult,
    WalkStep,
)
from menus.model.wording import MenuChannel
from menus.walk.command_calls import call_arguments, command_call_at, with_field
from menus.walk.inputs import (
    FieldEntered,
    HallKey,
    InputMeaning,
    NumbersPicked,
    OptionChosen,
    input_meaning,
)
from menus.walk.rendering import ScreenRenderer
from menus.walk.silences import HOPS, AfterSilence, after_silence, is_entry
from menus.walk.way_back import after_leaving, arrive_at, has_person


class Walker:
    """Walks for one input. `position` is replaced as it goes on."""

    def __init__(
        self,
        book: Book,
        position: Position,
        caller: MenuUser,
        ahead: Sequence[TypedSecret],
        seen: MenuUser | None = None,
    ) -> None:
        self.book = book
        self.position = position
        self.caller = caller
        # what is typed means what it did on the screen that was shown
        self.shown = ScreenRenderer(book, seen or caller, position.words)
        self.ahead = list(ahead)
        self.keep: dict[str, TypedSecret] = {}
        self.chosen: list[str] = []
        self.dropped = False
        self.language = ""
        self.words = position.words
        self.seconds = 0  # since the screen was begun
        self.fresh = False  # the words are new: what does not fit goes out by SMS once

    @property
    def channel(self) -> MenuChannel:
        return self.position.channel

    @property
    def limits(self) -> BookLimits:
        return self.book.limits

    @property
    def here(self) -> Screen | None:
        return self.book.screens.get(self.position.screen)

    def done(self, step: WalkStep) -> WalkResult:
        """After what was dialled ahead has been typed too, as far as that may be: never on a screen
        that must be seen, nor on any behind it."""
        while self.ahead and isinstance(step, ShowScreen):
            if self.position.command_at or self.here is None or self.book.must_be_seen(self.here):
                self.ahead.clear()
                break
            step = self.take(self.ahead.pop(0).reveal(), unseen=True)
        ahead = tuple(self.ahead) if isinstance(step, RunCommand) else ()
        return WalkResult(
            self.position, step, self.keep, self.dropped, ahead, tuple(self.chosen), self.language
        )  # fmt: skip

    # inputs

    def take(self, typed: str, *, unseen: bool = False, language: str = "") -> WalkStep:
        """`unseen`: it was dialled ahead, to whatever page. What was typed means what it does on
        the screen that was shown; what follows is in the `language` chosen since."""
        screen = self.here
        if screen is None:
            return self.over("sorry")
        steps = self.position.steps + 1
        self.position = self.position._replace(steps=steps)
        if steps > self.limits.steps:
            return self.over("too_long")
        if not screen.waits(self.channel):  # a command's outcome got lost
            return self.go(BACK)
        if not typed and self.channel is MenuChannel.VOICE:
            return self.silence(screen)
        self.position = self.position._replace(silent=0, quiet=0)
        collect = screen.collect
        if typed == UNRECORDED and collect and collect.field.kind is FieldKind.RECORDING:
            return self._give_up()
        meant = input_meaning(
            screen,
            typed,
            self.shown.pressable(screen, self.position, anywhere=unseen),
            voice=self.channel is MenuChannel.VOICE,
            turns=self._turns,
            human=has_person(self.book, self.position, screen),
        )
        if isinstance(meant, NumbersPicked) and self.shown.stands_elsewhere(
            screen, self.position, meant.numbers
        ):
            meant = None
        if language and language != self.position.language:
            self.position = self.position._replace(language=language, page=0)
            if meant is HallKey.NEXT:  # pages end elsewhere in another language
                return self.stay()
        return self._meant(screen, meant) or self.wrong(screen)

    def _meant(self, screen: Screen, meant: InputMeaning | None) -> WalkStep | None:
        match meant:
            case OptionChosen(option):
                return self._choose(screen, option)
            case FieldEntered(value) if screen.collect is not None:
                return self._collected(screen, screen.collect, value)
            case NumbersPicked(numbers):
                return self.answer(numbers)
            case HallKey.AGAIN:
                return self.stay()
            case HallKey.NEXT:
                self.position = self.position._replace(page=self.position.page + 1, wrong=0)
                return self.stay()
            case HallKey.HUMAN:
                return self.go(HUMAN)
            case HallKey.BACK:
                return self._backwards(screen)
            case HallKey.BYE:
                return self.over("goodbye")
            case _:
                return None

    def _choose(self, screen: Screen, option: Option) -> WalkStep:
        self.chosen.append(f"{screen.name}/{option.name}")
        if option.language:
            self.language = option.language
            self.position = self.position._replace(language=option.language)
        return self.do(option.does, f"{screen.name}/{option.name}")

    def _collected(self, screen: Screen, collect: InputPrompt, value: str) -> WalkStep:
        name = collect.field.name
        if collect.does is None:
            return self.answer(TypedSecret(value))
        if collect.field.secret:
            self.keep[name] = TypedSecret(value)
        self.position = with_field(self.position, collect.field, value)
        return self.do(collect.does, screen.name)

    def _backwards(self, screen: Screen) -> WalkStep | None:
        if self.position.page:
            self.position = self.position._replace(page=self.position.page - 1, wrong=0)
            return self.stay()
        return self.go(BACK) if screen.back or not self.position.trail else None

    def wrong(self, screen: Screen) -> WalkStep:
        self.ahead.clear()
        tries = screen.collect.tries if screen.collect else 0
        wrong = self.position.wrong + 1
        self.position = self.position._replace(wrong=wrong)
        return self.stay() if wrong < (tries or self.limits.wrong) else self._give_up()

    def silence(self, screen: Screen) -> WalkStep:
        self.ahead.clear()
        if screen.silence:
            return self.go(screen.silence)
        self.position, after = after_silence(
            self.position, self.limits, self.seconds, at_entry=is_entry(self.book, self.position)
        )
        match after:
            case AfterSilence.SAID_AGAIN:
                return self.stay()
            case AfterSilence.GIVEN_UP:
                return self._give_up()
            case AfterSilence.OVER:
                return self.over("goodbye")

    def _give_up(self) -> WalkStep:
        self._leave()
        target = self.book.after_wrong.get(self.channel, END)
        return self.over("too_many") if target == END else self.go(target)

    # where doings lead

    def do(self, does: OptionAction, written_at: str) -> WalkStep:
        match does:
            case GoTo(to):
                return self.go(to)
            case AnswerQuestion(word):
                return self.answer(word)
            case CommandCall():
                self._leave()
                self._push()
                return self.run(does, written_at)

    def run(self, call: CommandCall, written_at: str) -> WalkStep:
        self.position = self.position._replace(command_at=written_at, running=True, words="")
        return RunCommand(call.run, call_arguments(call, self.position, self.keep))

    def answer(self, word: str | TypedSecret) -> WalkStep:
        if not self.position.command_at:  # nobody asked
            return self.go(BACK)
        self.position = self.position._replace(running=True, words="")
        return AnswerCommand(word)

    def ended(self, outcome: CommandResult) -> WalkStep:
        call = command_call_at(self.book, self.position.command_at)
        if call is None or not self.position.running:
            return self.stay()
        asks = outcome.ending in ASKING
        if outcome.ending is not CommandEnding.OK:  # whoever dialled ahead did not know of this
            self.ahead.clear()
        words = "" if outcome.secret else outcome.words[: MOST_ASKED if asks else MOST_WORDS]
        self.position = self.position._replace(
            running=False,
            words=words,
            command_at=self.position.command_at if asks else "",
        )
        self.words, self.fresh = outcome.words, True
        target = self.book.after(call, outcome.ending, self.here)
        if outcome.ending is CommandEnding.LATE and target == END:
            return self.over("late")
        if target == END:
            return self._last_words(outcome.words)
        return self.go(target, forward=False)

    # moving

    def go(self, target: str, *, forward: bool = True) -> WalkStep:
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

    def _home(self) -> WalkStep:
        self._leave()
        self.position = self.position._replace(trail=(), fields={}, kept=())
        starts = self.book.entries.get(self.channel, {})
        return self.arrive(starts.get(self.position.entry, ""))

    def _back(self) -> WalkStep:
        self._leave()
        if not self.position.trail and self.channel is MenuChannel.VOICE:
            return self._home()
        if not self.position.trail:
            return self.over("goodbye")
        *trail, name = self.position.trail
        self.position = self.position._replace(trail=tuple(trail))
        return self.arrive(name)

    def _leave(self) -> None:
        """Walking away from a command's question answers it with nothing."""
        if self.position.command_at:
            self.dropped = True
            self.position = self.position._replace(command_at="", running=False)

    def _push(self) -> None:
        self.position = after_leaving(self.position, self.here, self.limits.trail)

    def arrive(self, name: str) -> WalkStep:
        """At a screen, or at the one that stands in for it."""
        for _ in range(HOPS):
            screen = self.book.screens.get(name)
            if screen is None:
                break
            if screen.when.holds(self.caller, self.position.language):
                return self._arrived(screen)
            name = screen.otherwise
        return self.over("sorry")

    def _arrived(self, screen: Screen) -> WalkStep:
        self.position = arrive_at(self.position, screen)
        if screen.run is not None and screen.collect is None:
            return self.run(screen.run, screen.name)
        if screen.transfer:
            return TransferCall(self.speaker.whole(screen, self.position), screen.name)
        if self.channel in screen.end:
            sms = self.fresh and self.channel in screen.by_sms
            text = self.speaker.whole(screen, self.position)
            return self.speaker.last_words(text, self.position, sms=sms)
        return self.stay()

    # saying

    @property
    def speaker(self) -> ScreenRenderer:
        return ScreenRenderer(self.book, self.caller, self.words)

    def stay(self) -> WalkStep:
        screen = self.here
        if screen is None or not screen.waits(self.channel):
            return self.over("sorry")
        shown = self.speaker.show(screen, self.position, fresh=self.fresh)
        if shown.offer:
            self.position = self.position._replace(offer=shown.offer)
        return shown

    def unknown(self) -> EndDialogue:
        return self._last_words(self.speaker.unknown(self.position))

    def over(self, phrase: str) -> EndDialogue:
        self._leave()
        return self._last_words(self.speaker.phrase(phrase, self.position))

    def _last_words(self, text: str) -> EndDialogue:
        return self.speaker.last_words(text, self.position)

    def _turns(self) -> bool:
        screen = self.here
        return screen is not None and self.shown.turns(screen, self.position)
