"""Walking a menu with a subscriber: what the walk asks for, the clerk does, in one go.

    dialled, typed ─▶ walk ─▶ run a command ─▶ clerk ─▶ walk on … ─▶ a screen, the end, a person

The same for USSD, calls and numbered short messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from commands import offers, proof, rating
from commands.counter import Outcome, Visit
from commands.dialogue import NO_DIALOGUE, Answered, Asked, Dialogue, Typed, Understood
from commands.masking import HIDDEN
from commands.ports import Hall
from commands.register import Register
from commands.text import masked, understand
from commands.vocabulary import Argument, Secret
from commands.vocabulary import Channel as Spoke
from gateway.calls.back import Back
from gateway.calls.keystrokes import key_typed
from gateway.conversation import Conversation, Letter, Spoken, language_of
from gateway.holidays import NO_HOLIDAYS, Holidays
from gateway.menus.caller import NOBODY, caller_of
from gateway.standing import NOWHERE, OpenMenu, Standing, asks_more
from menus import steps, walk
from menus.book import ASKING, Book, Ending
from menus.fields import Hidden, Kept
from menus.fields import Typed as Value
from menus.paths import dial
from menus.position import Position
from menus.saying import Speaker
from menus.steps import Answer, End, Run, Show, Transfer, Walked
from menus.trail import at_last_list
from menus.when import ANYONE, Caller
from menus.wording import Channel

AWAKE: Final = 600  # seconds for which a walk that broke off can be gone on with
_MOST_RUNS: Final = 8  # commands that one input can bring about
_LOCKED: Final = frozenset({"auth.pw_locked", "auth.id_locked", "rc.err.tries"})


class Vault(Protocol):
    """Keeps a secret that was typed until a later screen needs it."""

    def seal(self, text: str) -> bytes: ...

    def open(self, sealed: bytes) -> str: ...


class Guided(NamedTuple):
    """What there is to show now, and what else came of it."""

    step: Show | End | Transfer
    standing: Standing
    heard: str  # what was typed, with its secrets cut out
    action: str = "menu"  # for the journal: what it was about …
    result: str = "shown"  # … and how that ended
    letters: tuple[Letter, ...] = ()  # short messages besides
    answered: bool = False  # a command has answered
    late: Letter | None = None  # a command's answer, to be told if nobody sees the step
    secret: bool = False  # the step's text carries a secret
    changed: bool = False  # something took effect
    chosen: tuple[str, ...] = ()  # the options taken, as screen/option
    version: str = ""  # of the book that was walked
    language: str = "zh"
    began: int = 0  # the message that the walk began with; 0: it does not begin like others
    typed: str | None = None  # a key, or stars for what was asked for; None: nothing
    endings: tuple[Ending, ...] = ()  # of the commands that ran
    who: Caller | None = None  # of a walk that begins
    asks_for: int = 0  # the order whose confirm the step asks for


class Guide:
    def __init__(
        self, conversation: Conversation, register: Register, holidays: Holidays = NO_HOLIDAYS
    ) -> None:
        self.conversation = conversation
        self.register = register
        self.holidays = holidays

    def dialled(
        self, book: Book, dialled: str, visit: Visit, hall: Hall, vault: Vault, *, line: str = "",
        screen: str = "",
    ) -> Guided:  # fmt: skip
        """A walk begins: a number was dialled or called, or a word was sent. `screen`: not at the
        entry's own."""
        channel = Channel(visit.channel.value)
        found = dial(book, dialled) if channel is Channel.USSD else None
        entry, screen = (found.entry, found.screen) if found else (dialled, screen)
        ahead = found.ahead if found else ()
        tour = self._tour(book, visit, NOWHERE, hall, vault, line)
        tour.heard = dialled
        if ahead and found:
            tour.heard = found.path or f"{entry.rstrip('#')}*{HIDDEN}#"
        language = visit.language or language_of(visit.phone, hall)
        caller = tour.caller()
        begun = walk.begin(
            book, channel, entry, caller, screen=screen, language=language, ahead=ahead
        )
        return tour.after(begun)._replace(who=caller)

    def redialled(
        self, book: Book, open: OpenMenu, dialled: str, visit: Visit, hall: Hall, vault: Vault,
        *, line: str = "",
    ) -> Guided:  # fmt: skip
        """Somebody whose walk broke off is back."""
        open = _in_language(open, visit, hall)
        tour = self._tour(book, visit, Standing(menu=open), hall, vault, line)
        tour.heard, tour.since, tour.began = dialled, visit.now, 0
        return tour.after(walk.redial(book, open.position, tour.caller()))

    def typed(
        self, book: Book, open: OpenMenu, text: str, visit: Visit, before: Dialogue, hall: Hall,
        vault: Vault,
    ) -> Guided:  # fmt: skip
        tour = self._tour(book, visit, Standing(before, open), hall, vault, open.line)
        tour.heard = self._heard(book, open.position, text, before.alive(visit.now))
        tour.typed = key_typed(book, open.position, text)
        language = _in_language(open, visit, hall).position.language
        return tour.after(walk.step(book, open.position, text, tour.caller(), language=language))

    def again(
        self, book: Book, open: OpenMenu, visit: Visit, before: Dialogue, hall: Hall, vault: Vault
    ) -> Guided:
        """Where one stands, once more."""
        open = _in_language(open, visit, hall)
        tour = self._tour(book, visit, Standing(before, open), hall, vault, open.line)
        return tour.after(walk.again(book, open.position, tour.caller()))

    def gone(self, standing: Standing, visit: Visit, hall: Hall) -> Standing:
        """The dialogue broke off: nothing is ordered by it, and dialling again may go on."""
        dropped(standing.dialogue, visit, hall)
        menu = standing.menu
        if menu is None:
            return NOWHERE
        return Standing(menu=replace(menu, line="", until=visit.now + AWAKE, kept={}, proved=""))

    def returned(
        self, book: Book, at: OpenMenu, visit: Visit, hall: Hall, vault: Vault, back: Back
    ) -> Guided:
        """A caller is back from the queue: after a talk, that was all; else he may choose, and is
        told where he stands. A key by which he left it is pressed on the screen of who waits."""
        screen = (back.nobody and book.unattended) or book.unanswered
        if not back.talked and screen:
            entry, line = at.position.entry, at.line
            guided = self.dialled(book, entry, visit, hall, vault, line=line, screen=screen)
            menu = guided.standing.menu
            if back.key and menu is not None:
                return self.typed(book, menu, back.key, visit, NO_DIALOGUE, hall, vault)
            return guided if back.nobody else self._told_to_wait(guided, back)
        words = Speaker(book, ANYONE, "").phrase("goodbye", at.position)
        return Guided(End(words), NOWHERE, "", result="talked", version=book.version,
                      language=at.position.language)  # fmt: skip

    def _told_to_wait(self, guided: Guided, back: Back) -> Guided:
        """Before the screen's words."""
        facts = {"ahead": back.ahead, "minutes": back.minutes}
        text = "hu.queue" if back.ahead >= 0 else "hu.busy"
        words = self.conversation.own(Spoke.VOICE, text, guided.language, facts)
        step = guided.step
        return guided._replace(step=replace(step, text=words + step.text))

    def after_talk(self, visit: Visit, hall: Hall, *, talked: bool) -> tuple[Letter, ...]:
        """How was it? By SMS, a while later, as after anything that was done."""
        port = self.register.port_of(rating.RATES)
        if not (talked and visit.phone and port and rating.may_ask(visit.phone, hall, visit.now)):
            return ()
        asked = rating.question(visit.phone, visit.channel.value, port, hall, visit.now)
        return self.conversation.later((asked,), visit.phone, hall)

    def lost(self, book: Book, text: str, visit: Visit, hall: Hall) -> Guided:
        """Something was typed into a dialogue that is over for us."""
        language = visit.language or language_of(visit.phone, hall)
        position = Position(book.version, Channel(visit.channel.value), "", "", language)
        words = Speaker(book, ANYONE, "").phrase("too_long", position)
        heard = masked(text, self.register)
        return Guided(End(words), NOWHERE, heard, result="expired", version=book.version)

    def overlong(
        self, book: Book, at: OpenMenu, dialogue: Dialogue, visit: Visit, hall: Hall
    ) -> Guided:
        """A call has lasted as long as calls may; nothing is ordered by it any more."""
        dropped(dialogue, visit, hall)
        words = Speaker(book, ANYONE, "").phrase("too_long", at.position)
        return Guided(End(words), NOWHERE, "", result="expired", version=book.version,
                      language=at.position.language)  # fmt: skip

    def _tour(
        self, book: Book, visit: Visit, before: Standing, hall: Hall, vault: Vault, line: str
    ) -> _Tour:
        dialogue = before.dialogue.alive(visit.now)
        menu = before.menu
        if menu is not None:
            language = menu.position.language
            visit = replace(visit, proved=menu.proved, language=language)
        kept, began = (dict(menu.kept), menu.began) if menu else ({}, visit.id)
        since = menu.since if menu else 0
        tour = _Tour(self, book, visit, hall, vault, line, dialogue, kept, began, since)
        tour.came = before
        return tour

    def _heard(self, book: Book, at: Position, text: str, dialogue: Dialogue) -> str:
        screen = book.screens.get(at.screen)
        collect = screen.collect if screen else None
        if collect is not None and collect.field.secret and len(text.strip()) > 1:
            return HIDDEN
        return masked(text, self.register, dialogue)


def _in_language(open: OpenMenu, visit: Visit, hall: Hall) -> OpenMenu:
    """What was chosen since, by SMS or elsewhere, holds here too. A call keeps what it began in."""
    at, account = open.position, hall.accounts.find(visit.phone)
    if account is None or not visit.asserted or at.channel is Channel.VOICE:
        return open
    if account.language == at.language:
        return open
    return replace(open, position=replace(at, language=account.language))


def dropped(dialogue: Dialogue, visit: Visit, hall: Hall) -> None:
    """Orders that waited for a yes are orders no more."""
    for pending in dialogue.pending:
        hall.orders.decline(pending.order, "", visit.now)


@dataclass(slots=True)
class _Tour:
    """One input's worth."""

    guide: Guide
    book: Book
    visit: Visit
    hall: Hall
    vault: Vault
    line: str
    dialogue: Dialogue
    kept: dict[str, bytes]
    began: int
    since: int = 0  # when the walk began; 0: now
    came: Standing = NOWHERE  # where the subscriber stood before
    heard: str = ""
    typed: str | None = None
    endings: list[Ending] = field(default_factory=list)
    spoken: Spoken | None = None  # what the last command answered
    letters: list[Letter] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    changed: bool = False
    asks_for: int = 0

    def caller(self) -> Caller:
        """As conditions and texts see the subscriber now."""
        visit, hall = self.visit, self.hall
        account = hall.accounts.find(visit.phone)
        zone = hall.catalogue.zone
        there = datetime.fromtimestamp(visit.now, zone)
        weekday, holiday = self.guide.holidays.of(there.date())
        if account is None:
            minute = there.hour * 60 + there.minute
            mobile = bool(visit.phone or visit.proved)
            return replace(
                ANYONE, minute=minute, weekday=weekday, holiday=holiday, mobile=mobile,
                facts=NOBODY,
            )  # fmt: skip
        here = proof.proven(visit, visit.phone, hall)
        known = caller_of(
            account, hall.catalogue, visit.now, zone=zone, level=int(here), holiday=holiday,
            offers=bool(self.book.offers) and offers.wanted(account, hall),
        )  # fmt: skip
        return replace(known, weekday=weekday)

    def after(self, walked: Walked) -> Guided:
        """On until there is something to show."""
        for _ in range(_MOST_RUNS):
            self._note(walked)
            match walked.step:
                case Run(action, args):
                    self._serve(self._asked(action, args))
                case Answer(word):
                    self._serve(self._told(word))
                case _:
                    return self._done(walked.step, walked.position)
            ended = self._ended(walked.position)
            self.endings.append(ended.ending)
            walked = walk.resume(self.book, walked.position, ended, self.caller(), walked.ahead)
        raise RecursionError(f"screen {walked.position.screen} runs command after command")

    def _note(self, walked: Walked) -> None:
        if walked.dropped:
            dropped(self.dialogue, self.visit, self.hall)
            self.dialogue = NO_DIALOGUE
        for name, value in walked.keep.items():
            self.kept[name] = self.vault.seal(value.reveal())
        self.kept = {n: s for n, s in self.kept.items() if n in walked.position.kept}
        self.chosen += walked.chosen
        self._remember(walked.language)
        if walked.position.language != self.visit.language:
            self.visit = replace(self.visit, language=walked.position.language)

    def _remember(self, language: str) -> None:
        """What was chosen here holds for messages and for the next call as well."""
        account = self.hall.accounts.find(self.visit.phone) if language else None
        if account is not None and account.language != language and self.visit.asserted:
            self.hall.accounts.set_language(account.msisdn, language)

    # -- what the clerk is asked -----------------------------------------------------------------

    def _serve(self, said: Understood) -> None:
        conversation = self.guide.conversation
        self.spoken = conversation.serve(said, self.visit, self.dialogue, self.hall)
        outcome = self.spoken.outcome
        self.dialogue = outcome.dialogue
        self.letters += self.spoken.others
        self.changed = self.changed or outcome.changed
        if outcome.proved:
            self.visit = replace(self.visit, proved=outcome.proved)
        self.asks_for = outcome.proposed
        if outcome.proposed and self.visit.channel is Spoke.VOICE:  # a caller hears it at once
            self.hall.orders.shown(outcome.proposed, self.spoken.shown, self.visit.now)

    def _asked(self, run: str, args: Mapping[str, Value]) -> Asked:
        register = self.guide.register
        given: dict[str, Argument] = {name: self._argument(v) for name, v in args.items()}
        if (code := register.codes.get(run)) is not None:
            return Asked(code.spec, {**code.fixed, **given})
        return Asked(register.spec(run, given), given)

    def _argument(self, value: Value) -> Argument:
        match value:
            case Hidden():
                return Secret(value.reveal())
            case Kept(name):
                return Secret(self.vault.open(self.kept[name])) if name in self.kept else ""
            case _:
                return value

    def _told(self, word: str | Hidden) -> Understood:
        """An answer to what the last command asked."""
        said = word.reveal() if isinstance(word, Hidden) else word
        dialogue = self.dialogue
        if dialogue.step is not None:
            return Typed(dialogue.step, Secret(said))
        if dialogue.pending:
            return Answered(dialogue.pending[-1], said.upper(), yes=said == "yes")
        return understand(said, dialogue, self.guide.register)

    # -- what came of it -------------------------------------------------------------------------

    def _ended(self, at: Position) -> steps.Outcome:
        assert self.spoken is not None
        answer = self.spoken.answer
        ending = ending_of(self.spoken.outcome)
        if answer is None:
            return steps.Outcome(ending)
        return steps.Outcome(ending, answer.words, answer.secret)

    def _done(self, step: Show | End | Transfer, at: Position) -> Guided:
        outcome = self.spoken.outcome if self.spoken else None
        late = None
        if outcome is not None and not isinstance(step, Transfer):
            letter = self.guide.conversation.by_sms(outcome, self.visit, self.hall)
            if outcome.result == "limited" and at.channel is Channel.SMS:
                step = End(letter.words if letter else "")  # told once, and then nothing
            if letter and not self.visit.phone:  # to the number whose password was right
                letter = letter._replace(to=self.visit.proved)
            if step.sms:
                self.letters += [letter] if letter else []
            elif at.channel is Channel.USSD and ending_of(outcome) not in ASKING:
                late = letter
        if isinstance(step, Show) and step.offer:
            offers.shown(self.visit.phone, self.hall, self.visit.now)
        answer = self.spoken.answer if self.spoken else None
        return Guided(
            step,
            self._standing(step, at),
            self.heard,
            *((outcome.action, outcome.result) if outcome else ("menu", _shown(step))),
            letters=tuple(self.letters),
            answered=outcome is not None,
            late=late,
            secret=answer is not None and answer.secret,
            changed=self.changed,
            chosen=tuple(self.chosen),
            version=self.book.version,
            language=at.language,
            began=self.began,
            typed=self.typed,
            endings=tuple(self.endings),
            asks_for=self._asks_for(step, at),
        )

    def _asks_for(self, step: Show | End | Transfer, at: Position) -> int:
        """A price may take more than one screen, and what asks for a yes may be the last."""
        pages = isinstance(step, Show) and at.channel is Channel.USSD
        if pages and self.dialogue.pending:
            return self.dialogue.pending[-1].order
        return self.asks_for

    def _standing(self, step: Show | End | Transfer, at: Position) -> Standing:
        """What waits for a yes or a password by SMS outlives the menu that led to it."""
        if isinstance(step, Show):
            numbered = at.channel is Channel.SMS
            until = self.visit.now + (self.hall.settings.list if numbered else AWAKE)
            now, proved = self.visit.now, self.visit.proved
            since = self.since or now
            menu = OpenMenu(at, until, self.line, self.kept, proved, since, now, self.began)
            return Standing(self.dialogue, menu)
        if at.channel is Channel.SMS:
            return Standing(self.dialogue, self._still_listed(at))
        dropped(self.dialogue, self.visit, self.hall)
        return NOWHERE

    def _still_listed(self, at: Position) -> OpenMenu | None:
        """Behind an answer the numbers of the list go on counting, as long as the list would have
        waited; who has left it, and who is asked something, has no list."""
        menu, screen = self.came.menu, self.book.screens.get(at.screen)
        answered = self.endings or (screen is not None and at.channel in screen.end)
        if menu is None or not answered or asks_more(self.dialogue, self.came.dialogue):
            return None
        return listed(self.book, replace(menu, position=at))


def listed(book: Book, menu: OpenMenu) -> OpenMenu | None:
    """The numbered menu of short messages at the list that was sent last."""
    at = at_last_list(book, menu.position)
    return replace(menu, position=at, kept={}, began=0) if at is not None else None


def _shown(step: Show | End | Transfer) -> str:
    match step:
        case Show():
            return "shown"
        case End():
            return "ended"
        case Transfer():
            return "transferred"


_DONE: Final = frozenset({"ok", "accepted"})
_WANTS: Final = {"password": Ending.PASSWORD, "code": Ending.CODE}


def ending_of(outcome: Outcome) -> Ending:
    """How a command ended, as menus tell endings apart."""
    dialogue = outcome.dialogue
    if outcome.proposed:
        return Ending.CONFIRM
    if outcome.result not in _DONE and dialogue.step is not None:
        return _WANTS.get(dialogue.step.wants, Ending.INPUT)
    if outcome.result in _DONE:
        opened = any(reply.opens for reply in outcome.replies)
        return Ending.LIST if opened else Ending.OK
    if any(reply.text in _LOCKED for reply in outcome.replies):
        return Ending.LOCKED
    if outcome.result in {"asked", "misformed"} and dialogue.choice is not None:
        return Ending.LIST
    return Ending.REFUSED
