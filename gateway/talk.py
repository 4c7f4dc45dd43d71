"""A batch's subscribers: where each stands, and what each is answered. A text goes to the clerk or
into an open menu; what is dialled or pressed walks a menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from unicodedata import normalize

from sqlalchemy import Connection

from commands import hourly
from commands.answer_words import leaves
from commands.counter import Visit
from commands.dialogue import Choice, Dialogue
from commands.parsing import Found, find
from commands.ports import Hall, Matter
from commands.spelling import spell
from commands.vocabulary import Channel
from gateway.book import Book
from gateway.calls.back import read_back
from gateway.calls.cue import Cue, cue_of
from gateway.calls.handover import handed_over
from gateway.conversation import Letter
from gateway.ids import moment_of
from gateway.mail import Act, Arrived, Turn
from gateway.menus.guide import Guided, Vault, listed
from gateway.sessions import Change, Sessions
from gateway.standing import ANY_LINE, NOWHERE, OpenMenu, Standing, asks_more
from menus.book import Book as Menu
from menus.steps import Show, Transfer
from menus.wording import Channel as MenuChannel
from smpp.ussd import same_dialogue
from tariffs.label import in_language

LONGEST_TALK: Final = 4 * 3600  # seconds
REMEMBERED: Final = 3  # actions that a person is told of
LAST_WORDS: Final = 20  # seconds that are left to tell a caller that his time is over
MENU: Final = "menu.main"  # the action that opens the numbered menu
_KEYS: Final = frozenset("0123456789*#,，、 ")


class Said(NamedTuple):
    """What is answered to one message. The first of the letters answers it, unless a screen
    does."""

    action: str
    result: str
    heard: str
    letters: tuple[Letter, ...] = ()
    changed: bool = False
    screen: Guided | None = None
    refused: tuple[str, ...] = ()  # the texts that refused it
    cue: Cue | None = None  # what a call is to do now
    asks_for: int = 0  # the order whose confirm the answer asks for


@dataclass(slots=True)
class Talk:
    book: Book
    hall: Hall
    vault: Vault
    standings: dict[str, Standing] = field(default_factory=dict)
    changed: dict[str, Change] = field(default_factory=dict)
    walked: list[tuple[Arrived, Guided]] = field(default_factory=list)
    _listed: set[str] = field(default_factory=set)  # who was sent a numbered menu in this batch

    def read_together(
        self, connection: Connection, sessions: Sessions, arrived: Iterable[Arrived]
    ) -> None:
        whose = {key_of(m) for m in arrived if m.phone or m.on_call}
        self.standings = sessions.load(connection, whose)

    def said(self, message: Arrived) -> Said:
        """One step of whatever the message belongs to."""
        key = key_of(message)
        before = self.standings.get(key, NOWHERE)
        said, after = (
            self._text(message, key, before)
            if message.turn is None
            else self._dialled(message, before)
        )
        if after is not before:
            was = self.changed[key].was if key in self.changed else before
            self.standings[key], self.changed[key] = after, Change(was, after, message.id)
        return said

    # -- short messages --------------------------------------------------------------------------

    def _text(self, message: Arrived, key: str, before: Standing) -> tuple[Said, Standing]:
        visit = self._visit(message, Channel.SMS)
        guided = self._in_menu(message, key, visit, before)
        if guided is not None:
            self.walked.append((message, guided))
            if isinstance(guided.step, Show):
                self._listed.add(key)
            said = self._within_the_hour(visit, guided) or self._by_letter(guided)
            return said, guided.standing
        book, port = self.book, digits(message.port)
        spoken = book.conversation.step(
            message.text,
            visit,
            _left_of(before, visit.now, message.text),
            self.hall,
            confirm_port=port in book.confirm_ports,
            port=port.removeprefix(book.number),
        )
        outcome = spoken.outcome
        refused = outcome.replies[:1] if outcome.result == "refused" else ()
        said = Said(
            outcome.action,
            outcome.result,
            spoken.heard,
            spoken.letters,
            outcome.changed,
            refused=tuple(reply.text for reply in refused),
            asks_for=outcome.proposed,
        )
        if outcome.dialogue is before.dialogue and before.menu is None:
            return said, before
        left = outcome.result == "left"  # also the menu, if that is what was left
        menu = None if left else self._still_listed(before, outcome.dialogue, visit)
        return said, Standing(outcome.dialogue, menu)

    def _still_listed(self, before: Standing, now: Dialogue, visit: Visit) -> OpenMenu | None:
        """The numbers of a menu go on counting behind other answers, until something newer asks."""
        open = self._open(before, visit)
        if open is None or asks_more(now, before.dialogue):
            return None
        return listed(*open)

    def _in_menu(self, message: Arrived, key: str, visit: Visit, before: Standing) -> Guided | None:
        """The step of a numbered menu that the text is, if it is one."""
        guide, open = self.book.guide, self._open(before, visit)
        anew = _opens_menu(message.text, self.book)  # 00 does, which is a number as well
        if (open is None and not anew) or self.book.has_context(digits(message.port)):
            return None
        if open is not None and not anew and _for_menu(message.text, *open, self.book):
            menu, at = open
            if key in self._listed:  # it was sent before that list could be read
                return guide.again(menu, at, visit, before.dialogue, self.hall, self.vault)
            return guide.typed(
                menu, at, message.text, visit, before.dialogue, self.hall, self.vault
            )
        if not anew:
            return None
        menu = self.book.shelf.begins(message.phone)
        entry = next(iter(menu.entries.get(MenuChannel.SMS, {})), None)
        return None if entry is None else guide.dialled(menu, entry, visit, self.hall, self.vault)

    def _within_the_hour(self, visit: Visit, guided: Guided) -> Said | None:
        """What is said instead of a screen to who has asked too much. Commands are counted by the
        clerk."""
        if guided.answered:
            return None
        told = hourly.turned_away(visit, Matter.QUESTION, self.hall)
        if told is None:
            return None
        letters = self.book.conversation.told(told, visit.phone, self.hall)
        return Said(guided.action, "limited", guided.heard, letters)

    def _by_letter(self, guided: Guided) -> Said:
        text = guided.step.text
        signature = in_language(self.book.signature, guided.language)
        if text and not text.endswith(signature):
            text += signature
        answer = (Letter(text, guided.secret),) if text else ()
        return Said(
            guided.action, guided.result, guided.heard, (*answer, *guided.letters), guided.changed,
            asks_for=guided.asks_for,
        )  # fmt: skip

    # -- what is dialled -------------------------------------------------------------------------

    def _dialled(self, message: Arrived, before: Standing) -> tuple[Said, Standing]:
        turn = message.turn
        assert turn is not None
        if message.on_call:
            return self._called(message, before)
        if turn.unseen:  # the screen that is on its way is for them to answer
            return Said("menu", "unseen", ""), before
        visit = self._visit(message, Channel.USSD)
        guide, hall, vault = self.book.guide, self.hall, self.vault
        if turn.act is Act.END:
            other = before.menu is not None and not _is_of(turn, before.menu)
            return Said("menu", "gone", ""), before if other else guide.gone(before, visit, hall)
        open = self._open(before, visit)
        if turn.act is Act.BEGIN:
            guided = self._begun(message, visit, before, open)
        elif open is not None and open[1].line and _is_of(turn, open[1]):
            menu, at = open
            if self._in_time(at, visit):
                guided = guide.typed(menu, at, message.text, visit, before.dialogue, hall, vault)
            else:
                gone = guide.gone(before, visit, hall)
                guided = guide.lost(menu, message.text, visit, hall)._replace(standing=gone)
        else:
            guided = guide.lost(self.book.shelf.begins(message.phone), message.text, visit, hall)
            guided = guided._replace(standing=before)
        self.walked.append((message, guided))
        said = Said(
            guided.action, guided.result, guided.heard, guided.letters, guided.changed, guided,
            asks_for=guided.asks_for,
        )  # fmt: skip
        return said, guided.standing

    def _in_time(self, at: OpenMenu, visit: Visit) -> bool:
        """The network's own timers are longer: it has not given up before us."""
        patience = self.book.patience
        answered = visit.now - at.shown <= patience.key
        return answered and visit.now - at.since <= patience.dialogue

    def _begun(
        self, message: Arrived, visit: Visit, before: Standing, open: tuple[Menu, OpenMenu] | None
    ) -> Guided:
        assert message.turn is not None
        guide, hall, line = self.book.guide, self.hall, message.turn.session
        left = guide.gone(before, visit, hall).menu  # without what was proved and kept there
        dialled = message.text.strip()
        if open is not None and left is not None and left.position.entry == dialled:
            return guide.redialled(open[0], left, dialled, visit, hall, self.vault, line=line)
        menu = self.book.shelf.begins(message.phone)
        return guide.dialled(menu, dialled, visit, hall, self.vault, line=line)

    # -- calls -----------------------------------------------------------------------------------

    def _called(self, message: Arrived, before: Standing) -> tuple[Said, Standing]:
        turn = message.turn
        assert turn is not None
        visit = self._visit(message, Channel.VOICE)
        if turn.act is Act.END:
            self.book.guide.gone(before, visit, self.hall)
            return Said("menu", "gone", ""), NOWHERE
        menu, guided = self._on_call(message, turn, visit, before)
        self.walked.append((message, guided))
        actions = _recent(before, guided)
        waits = _waits(guided, menu, before, turn.act)
        handed = handed_over(visit, before.menu, self.hall, actions, waits)
        cue = cue_of(guided, menu, self.book.register, handed)
        letters = guided.letters
        if turn.act is Act.BACK:
            talked = read_back(message.text).talked
            letters += self.book.guide.after_talk(visit, self.hall, talked=talked)
        said = Said(guided.action, guided.result, guided.heard, letters, guided.changed, cue=cue)
        after = _waiting(guided, before, visit) or guided.standing
        if after.menu is not None:
            after = after._replace(menu=replace(after.menu, actions=actions, waits=waits))
        return said, after

    def _on_call(
        self, message: Arrived, turn: Turn, visit: Visit, before: Standing
    ) -> tuple[Menu, Guided]:
        guide, hall, vault = self.book.guide, self.hall, self.vault
        if (open := self._open(before, visit)) is not None:
            menu, at = open
            if turn.act is not Act.BACK and visit.now - at.since > self._longest_call:
                return menu, guide.overlong(menu, at, before.dialogue, visit, hall)
            if turn.act is Act.AGAIN:
                return menu, guide.again(menu, at, visit, before.dialogue, hall, vault)
            if turn.act is Act.BACK:
                proven = replace(visit, proved=at.proved, language=at.position.language)
                return menu, guide.returned(menu, at, proven, hall, vault, read_back(message.text))
            if turn.act is Act.ON:
                typed = message.text
                return menu, guide.typed(menu, at, typed, visit, before.dialogue, hall, vault)
        menu = self.book.shelf.begins(message.phone)
        entries, called = menu.entries.get(MenuChannel.VOICE, {}), digits(message.port)
        entry = called if called in entries else next(iter(entries), "")
        return menu, guide.dialled(menu, entry, visit, hall, vault, line=turn.session)

    @property
    def _longest_call(self) -> int:
        """Asterisk ends it a little later, whatever is being said."""
        return self.book.patience.call - LAST_WORDS

    # -- all of them -----------------------------------------------------------------------------

    def _open(self, standing: Standing, visit: Visit) -> tuple[Menu, OpenMenu] | None:
        """The menu that is open, and its book."""
        at = standing.menu
        if at is None or at.until <= visit.now:
            return None
        menu = self.book.shelf.of(at.position.version)
        return (menu, at) if menu is not None else None

    def _visit(self, message: Arrived, channel: Channel) -> Visit:
        return Visit(
            message.id,
            int(moment_of(message.id)),
            channel,
            self.book.register.interfaces[channel],
            message.phone,
            message.asserted and bool(message.phone),
        )


def _is_of(turn: Turn, at: OpenMenu) -> bool:
    """Whether a message is of the dialogue in which the menu is open."""
    return at.line == ANY_LINE or same_dialogue(at.line, turn.session)


def _waiting(guided: Guided, before: Standing, visit: Visit) -> Standing | None:
    """Who is put through stands where he stood, should he come back: with what was proven."""
    if not isinstance(guided.step, Transfer) or before.menu is None:
        return None
    return Standing(menu=replace(before.menu, until=visit.now + LONGEST_TALK, kept={}))


def _recent(before: Standing, guided: Guided) -> tuple[str, ...]:
    """What a person is told of: the commands that answered last."""
    earlier = before.menu.actions if before.menu else ()
    return (*earlier, *([guided.action] if guided.answered else []))[-REMEMBERED:]


def _waits(guided: Guided, menu: Menu, before: Standing, act: Act) -> int:
    """How often a caller has been asked whether he goes on waiting for a person."""
    open = guided.standing.menu
    asked = open is not None and open.position.screen == menu.unanswered
    if not (asked or isinstance(guided.step, Transfer)) or before.menu is None:
        return 0
    return before.menu.waits + (asked and act is Act.BACK)


def _left_of(before: Standing, now: int, text: str) -> Dialogue:
    """Of a numbered menu that has run out, that it was there: whoever answers it is told. Of one
    that is open, to who leaves it: a list like any other."""
    menu = before.menu
    if menu is None:
        return before.dialogue
    if menu.until <= now:
        return replace(before.dialogue, choice=Choice((), menu.until))
    if leaves(text) and not before.dialogue.pending:
        return replace(before.dialogue, choice=Choice((MENU,), menu.until))
    return before.dialogue


def key_of(message: Arrived) -> str:
    """Whose dialogue a message belongs to: a subscriber's, or a call's."""
    if message.turn and message.on_call:
        return f"voice:{message.turn.session}"
    return f"ussd:{message.phone}" if message.turn else f"sms:{message.phone}"


def digits(address: str) -> str:
    """10086 of 0.1.10086."""
    return address.rpartition(".")[2]


def _opens_menu(text: str, book: Book) -> bool:
    code = book.register.codes.get(spell(text).upper) if len(text) <= 8 else None
    return code is not None and code.spec.action == MENU


def _for_menu(text: str, menu: Menu, at: OpenMenu, book: Book) -> bool:
    """A number answers the open list; what is asked for is typed in, unless it is a command."""
    said = normalize("NFKC", text).strip()
    screen = menu.screens.get(at.position.screen)
    if screen is not None and screen.collect is not None:
        return not (leaves(text) or isinstance(find(spell(text), book.register), Found))
    return bool(said) and len(said) <= 2 and _KEYS.issuperset(said)
