"""One turn in a menu: what the walk asks for, a command does, until there is something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, Protocol

from commands.auth import proof
from commands.marketing import offers
from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.hall import Hall
from commands.model.request import Argument, Channel, Secret
from commands.model.turn import TurnContext, TurnOutcome
from commands.parser.parsed_message import ConfirmAnswer, ParsedCommand, ParsedMessage, TypedInput
from commands.parser.understanding import understand
from gateway.config.holidays import Holidays
from gateway.dialogue.answer_reasons import texts_of
from gateway.dialogue.caller_facts import MomentOfTurn, caller_of, moment_of_turn, nobody
from gateway.dialogue.command_endings import ending_of
from gateway.dialogue.menu_turn import MenuStep, MenuTurn, WalkTrace
from gateway.dialogue.responder import Responder, Response
from gateway.dialogue.told_balance import money_told
from gateway.model.reply_text import ReplyText
from gateway.model.session_state import NOWHERE, OpenMenu, SessionState, asks_more
from menus.model.book import ASKING, Book, CommandEnding
from menus.model.conditions import MenuUser
from menus.model.fields import FieldInput, StoredSecret, TypedSecret
from menus.model.position import Position
from menus.model.steps import (
    AnswerCommand,
    CommandResult,
    EndDialogue,
    RunCommand,
    ShowScreen,
    TransferCall,
    WalkResult,
)
from menus.model.wording import MenuChannel
from menus.walk import walk
from menus.walk.way_back import at_last_list

AWAKE: Final = 600  # seconds for which a walk that broke off can be gone on with
_MOST_RUNS: Final = 8  # commands that one input can bring about


class SealsSecrets(Protocol):
    """Keeps a secret that was typed until a later screen needs it."""

    def seal(self, text: str) -> bytes: ...

    def open(self, sealed: bytes) -> str: ...


class MenuServices(NamedTuple):
    """What commands that a menu runs are served by."""

    responder: Responder
    register: CommandRegister
    holidays: Holidays


class MenuContext(NamedTuple):
    """Whose turn it is, and in which book."""

    book: Book
    context: TurnContext
    hall: Hall
    secrets: SealsSecrets


def begin_run(
    services: MenuServices, menu: MenuContext, came: SessionState, line: str, heard: str = ""
) -> MenuRun:
    """For a subscriber who stood there. `line`: what the network calls the dialogue."""
    open, context = came.menu, menu.context
    dialogue = came.dialogue.alive(context.now)
    if open is None:
        return MenuRun(services, menu, came, line, context, dialogue, {}, context.id, heard=heard)
    context = replace(context, proved=open.proved, language=open.position.language)
    return MenuRun(
        services,
        menu,
        came,
        line,
        context,
        dialogue,
        dict(open.kept),
        open.began,
        open.since,
        heard,
    )


@dataclass(slots=True)
class MenuRun:
    """One input, and all that it brings about until there is something to show."""

    services: MenuServices
    menu: MenuContext
    came: SessionState  # where the subscriber stood before
    line: str
    context: TurnContext  # with what has been proved since
    dialogue: Dialogue
    kept: dict[str, bytes]
    began: int
    since: int = 0  # when the walk began; 0: now
    heard: str = ""
    typed: str | None = None
    who: MenuUser | None = None  # of a walk that begins
    endings: list[CommandEnding] = field(default_factory=list)
    response: Response | None = None  # what the last command answered
    letters: list[ReplyText] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    changed: bool = False
    asks_for: int = 0
    seen: MenuUser | None = None  # the caller, as he was last
    proved: str = ""  # … and the number whose password had been right then

    def caller(self) -> MenuUser:
        """As conditions and texts see the subscriber now: another only where something has been
        proved or has taken effect since."""
        if self.seen is None or self.changed or self.proved != self.context.proved:
            self.seen, self.proved = self._caller(), self.context.proved
        return self.seen

    def _caller(self) -> MenuUser:
        context, hall, book = self.context, self.menu.hall, self.menu.book
        account = hall.accounts.find(context.phone)
        when, references = self._at(context.now), book.references
        if account is None:
            mobile = bool(context.phone or context.proved)
            return nobody(when, hall.catalogue, mobile=mobile, references=references)
        here = proof.proven(context, context.phone, hall)
        shown = bool(book.offers)
        return caller_of(
            account, hall.catalogue, context.now, when=when, level=int(here),
            offers=shown and offers.accepts_offers(account, hall, context.now),
            classes=hall.settings.classes, regions=hall.regions, references=references,
            money=money_told(account, here, context, hall.settings.classes, self.services),
        )  # fmt: skip

    def seen_by(self, now: MenuUser) -> MenuUser:
        """The caller as of when the screen was shown that is answered."""
        open = self.came.menu
        if open is None or not self.menu.book.changes_by_time:
            return now
        return self._at(open.shown).of(now)

    def _at(self, moment: int) -> MomentOfTurn:
        return moment_of_turn(moment, self.menu.hall.catalogue.zone, self.services.holidays)

    def after(self, walked: WalkResult) -> MenuTurn:
        """On until there is something to show."""
        for _ in range(_MOST_RUNS):
            self._note(walked)
            match walked.step:
                case RunCommand(action, args):
                    self._serve(self._called(action, args))
                case AnswerCommand(word):
                    self._serve(self._answered(word))
                case _:
                    return self._done(walked.step, walked.position)
            ended = self._ended(walked.position)
            self.endings.append(ended.ending)
            walked = walk.resume(
                self.menu.book, walked.position, ended, self.caller(), walked.ahead
            )
        raise RecursionError(f"screen {walked.position.screen} runs command after command")

    def _note(self, walked: WalkResult) -> None:
        if walked.dropped:
            dropped(self.dialogue, self.context, self.menu.hall)
            self.dialogue = NO_DIALOGUE
        for name, value in walked.keep.items():
            self.kept[name] = self.menu.secrets.seal(value.reveal())
        self.kept = {n: s for n, s in self.kept.items() if n in walked.position.kept}
        self.chosen += walked.chosen
        self._remember(walked.language)
        if walked.position.language != self.context.language:
            self.context = replace(self.context, language=walked.position.language)

    def _remember(self, language: str) -> None:
        """What was chosen here holds for messages and for the next call as well."""
        account = self.menu.hall.accounts.find(self.context.phone) if language else None
        if account is not None and account.language != language and self.context.asserted:
            self.menu.hall.accounts.set_language(account.msisdn, language)

    # -- what the dispatcher is asked ------------------------------------------------------------

    def _serve(self, said: ParsedMessage) -> None:
        responder = self.services.responder
        self.response = responder.serve(said, self.context, self.dialogue, self.menu.hall)
        outcome = self.response.outcome
        self.dialogue = outcome.dialogue
        self.letters += self.response.others
        self.changed = self.changed or outcome.changed
        if outcome.proved:
            self.context = replace(self.context, proved=outcome.proved)
        self.asks_for = outcome.proposed
        if outcome.proposed and self.context.channel is Channel.VOICE:  # a caller hears it at once
            self.menu.hall.orders.shown(outcome.proposed, self.response.shown, self.context.now)

    def _called(self, run: str, args: Mapping[str, FieldInput]) -> ParsedCommand:
        register = self.services.register
        given: dict[str, Argument] = {name: self._argument(v) for name, v in args.items()}
        if (code := register.codes.get(run)) is not None:
            return ParsedCommand(code.spec, {**code.fixed, **given})
        return ParsedCommand(register.spec(run, given), given)

    def _argument(self, value: FieldInput) -> Argument:
        match value:
            case TypedSecret():
                return Secret(value.reveal())
            case StoredSecret(name):
                return Secret(self.menu.secrets.open(self.kept[name])) if name in self.kept else ""
            case _:
                return value

    def _answered(self, word: str | TypedSecret) -> ParsedMessage:
        """An answer to what the last command asked."""
        said = word.reveal() if isinstance(word, TypedSecret) else word
        dialogue = self.dialogue
        if dialogue.step is not None:
            return TypedInput(dialogue.step, Secret(said))
        if dialogue.pending:
            return ConfirmAnswer(dialogue.pending[-1], said.upper(), yes=said == "yes")
        return understand(said, dialogue, self.services.register)

    # -- what came of it -------------------------------------------------------------------------

    def _ended(self, at: Position) -> CommandResult:
        assert self.response is not None
        answer = self.response.answer
        ending = ending_of(self.response.outcome)
        if answer is None:
            return CommandResult(ending)
        return CommandResult(ending, answer.words, answer.secret)

    def _done(self, step: MenuStep, at: Position) -> MenuTurn:
        outcome = self.response.outcome if self.response else None
        late = None
        if outcome is not None and not isinstance(step, TransferCall):
            if outcome.result == "limited" and at.channel is MenuChannel.SMS:
                sms = self._by_sms(outcome)
                step = EndDialogue(sms.words if sms else "")  # told once, and then nothing
            if step.sms:
                self.letters += [sms] if (sms := self._by_sms(outcome)) else []
            elif at.channel is MenuChannel.USSD and ending_of(outcome) not in ASKING:
                late = self._by_sms(outcome)
        if isinstance(step, ShowScreen) and step.offer:
            offers.record_shown(self.context.phone, self.menu.hall, self.context.now)
        answer = self.response.answer if self.response else None
        return MenuTurn(
            step,
            self._state(step, at),
            self.heard,
            *((outcome.action, outcome.result) if outcome else ("menu", _shown(step))),
            letters=tuple(self.letters),
            answered=outcome is not None,
            late=late,
            secret=answer is not None and answer.secret,
            changed=self.changed,
            asks_for=self._asks_for(step, at),
            language=at.language,
            trace=self._trace(),
            refused=outcome.refusal if outcome else (),
            says=texts_of(outcome) if outcome else (),
            proved=self.context.proved,
        )

    def _by_sms(self, outcome: TurnOutcome) -> ReplyText | None:
        """What was answered, to who shows no number to the one whose password was right."""
        sms = self.services.responder.by_sms(outcome, self.context, self.menu.hall)
        return sms._replace(to=self.context.proved) if sms and not self.context.phone else sms

    def _trace(self) -> WalkTrace:
        return WalkTrace(
            self.menu.book.version,
            self.began,
            tuple(self.chosen),
            self.typed,
            tuple(self.endings),
            self.who,
        )

    def _asks_for(self, step: MenuStep, at: Position) -> int:
        """A price may take more than one screen, and what asks for a yes may be the last."""
        pages = isinstance(step, ShowScreen) and at.channel is MenuChannel.USSD
        if pages and self.dialogue.pending:
            return self.dialogue.pending[-1].order
        return self.asks_for

    def _state(self, step: MenuStep, at: Position) -> SessionState:
        """What waits for a yes or a password by SMS outlives the menu that led to it."""
        if isinstance(step, ShowScreen):
            numbered = at.channel is MenuChannel.SMS
            until = self.context.now + (self.menu.hall.settings.list if numbered else AWAKE)
            now, proved = self.context.now, self.context.proved
            since = self.since or now
            menu = OpenMenu(at, until, self.line, self.kept, proved, since, now, self.began)
            if self.came.menu is not None and self.came.menu.reached:
                menu = replace(menu, reached=True)
            return SessionState(self.dialogue, menu)
        if at.channel is MenuChannel.SMS:
            return SessionState(self.dialogue, self._still_listed(at))
        dropped(self.dialogue, self.context, self.menu.hall)
        return NOWHERE

    def _still_listed(self, at: Position) -> OpenMenu | None:
        """Behind an answer the numbers of the list go on counting, as long as the list would have
        waited; who has left it, and who is asked something, has no list."""
        menu, screen = self.came.menu, self.menu.book.screens.get(at.screen)
        answered = self.endings or (screen is not None and at.channel in screen.end)
        if menu is None or not answered or asks_more(self.dialogue, self.came.dialogue):
            return None
        return listed(self.menu.book, replace(menu, position=at))


def dropped(dialogue: Dialogue, context: TurnContext, hall: Hall) -> None:
    """Orders that waited for a yes are orders no more."""
    for pending in dialogue.pending:
        hall.orders.decline(pending.order, "", context.now)


def listed(book: Book, menu: OpenMenu) -> OpenMenu | None:
    """The numbered menu of short messages at the list that was sent last."""
    at = at_last_list(book, menu.position)
    return replace(menu, position=at, kept={}, began=0) if at is not None else None


def _shown(step: MenuStep) -> str:
    match step:
        case ShowScreen():
            return "shown"
        case EndDialogue():
            return "ended"
        case TransferCall():
            return "transferred"
