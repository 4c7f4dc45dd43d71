"""A book of menus, ready to be walked: screens, what can be chosen on them, where everything leads.

Values only. `binding` makes a book of the files; `walk` walks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from menus.model.conditions import ALWAYS, Condition, MenuUser
from menus.model.fields import Field, FieldKind
from menus.model.key_order import OptionOrder
from menus.model.options import (
    AGAIN,
    BACK,
    END,
    HOME,
    HUMAN,
    SPECIAL,
    AnswerQuestion,
    CommandCall,
    CommandEnding,
    GoTo,
    MenuFilePlace,
    Option,
    OptionAction,
    name_of,
)
from menus.model.wording import (
    EVERYWHERE,
    RESULT,
    SILENT,
    MenuChannel,
    ScreenWording,
    named,
)

__all__ = [  # what can be chosen on a screen belongs to the book, too
    "AGAIN",
    "BACK",
    "END",
    "HOME",
    "HUMAN",
    "SPECIAL",
    "AnswerQuestion",
    "CommandCall",
    "CommandEnding",
    "GoTo",
    "MenuFilePlace",
    "Option",
    "OptionAction",
    "name_of",
]


@dataclass(frozen=True, slots=True)
class BookProblem:
    """What is wrong with a book: in which file, at which place in it, and what to write."""

    file: str
    place: MenuFilePlace
    what: str
    fix: str = ""


ASKING: Final = frozenset(
    {
        CommandEnding.CONFIRM,
        CommandEnding.PASSWORD,
        CommandEnding.CODE,
        CommandEnding.INPUT,
        CommandEnding.LIST,
    }
)


_PROOFS: Final = frozenset({FieldKind.PASSWORD, FieldKind.CODE})


class KeyWhileSpeaking(StrEnum):
    """What a key does on a call while a screen is being said."""

    YES = "yes"  # it ends the words, and counts
    NO_BUFFER = "no-buffer"  # the words go on to their end; it counts then
    NO_DISCARD = (
        "no-discard"  # the words go on to their end; what was pressed until then is nothing
    )


@dataclass(frozen=True, slots=True)
class InputPrompt:
    """Waits for something typed. With no `does`, it answers what the last command asked."""

    field: Field
    does: OptionAction | None
    tries: int  # 0: as many as the book allows


@dataclass(frozen=True, slots=True)
class Screen:
    name: str
    file: str
    say: ScreenWording = SILENT
    close: ScreenWording = SILENT  # said behind the options
    options: tuple[Option, ...] = ()
    collect: InputPrompt | None = None
    run: CommandCall | None = None
    play: str = ""  # a field: its recording is played before the words
    pick: bool = False  # numbers typed here go to the command that offered a list
    end: frozenset[MenuChannel] = frozenset()
    on: Mapping[CommandEnding, str] = field(default_factory=dict)  # after its question is answered
    by_sms: frozenset[MenuChannel] = frozenset()  # the last answer goes out as a short message too
    transfer: bool = False  # to a person, behind what it says
    back: bool = True
    human: bool = True
    offers: bool = False
    by_use: str = ""  # "", propose, apply
    when: Condition = ALWAYS
    otherwise: str = ""
    silence: str = ""  # of a call: where who presses nothing is led
    slow: bool = False  # of a call: it is said slowly, and what it leads to
    pages: int = 0  # 0: what the book allows
    parts: int = 0
    barge: KeyWhileSpeaking = KeyWhileSpeaking.YES
    orders: tuple[OptionOrder, ...] = ()  # for some, the options in another order

    # looked for once: every step of a walk asks
    asks: bool = field(init=False, repr=False, compare=False)
    """It puts a command's question: nobody comes back to it."""
    tells: bool = field(init=False, repr=False, compare=False)
    """It says what a command answered."""
    versions: tuple[tuple[Condition, tuple[Option, ...]], ...] = field(
        init=False, repr=False, compare=False
    )
    """Its options as some see them; whom none is for sees `options`."""

    def __post_init__(self) -> None:
        answers = any(isinstance(option.does, AnswerQuestion) for option in self.options)
        typed = self.collect is not None and self.collect.does is None
        object.__setattr__(self, "asks", answers or typed or self.pick)
        object.__setattr__(self, "tells", RESULT in self.say.facts() | self.close.facts())
        versions = tuple((order.when, order.of(self.options)) for order in self.orders)
        object.__setattr__(self, "versions", versions)

    def options_for(self, caller: MenuUser, language: str) -> tuple[Option, ...]:
        """In the order that this caller sees them in."""
        for when, options in self.versions:
            if when.holds(caller, language):
                return options
        return self.options

    @property
    def place(self) -> MenuFilePlace:
        return ("screens", self.name)

    def waits(self, channel: MenuChannel) -> bool:
        """True if something is to be typed here; otherwise the walk goes on, or ends."""
        runs = self.run is not None and self.collect is None
        return not (runs or self.transfer or channel in self.end)

    def doings(self) -> list[tuple[OptionAction, MenuFilePlace]]:
        """All that can be done from here, and where it is written."""
        found = [(option.does, option.place) for option in self.options]
        if self.collect is not None and self.collect.does is not None:
            found.append((self.collect.does, self.place))
        elif self.run is not None:
            found.append((self.run, self.place))
        return found


@dataclass(frozen=True, slots=True)
class ScreenOffer:
    name: str
    file: str
    say: ScreenWording
    when: Condition = ALWAYS

    @property
    def place(self) -> MenuFilePlace:
        return ("offers", self.name)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said before a screen while its condition holds: before `on`, or, where none are
    named, before the first screen of a dialogue."""

    name: str
    file: str
    say: ScreenWording
    when: Condition = ALWAYS
    on: frozenset[str] = frozenset()
    channels: frozenset[MenuChannel] = EVERYWHERE

    @property
    def place(self) -> MenuFilePlace:
        return ("announcements", self.name)

    def stands_on(self, screen: str, channel: MenuChannel, *, first: bool) -> bool:
        """`first`: a dialogue begins with the screen."""
        return channel in self.channels and (screen in self.on if self.on else first)


@dataclass(frozen=True, slots=True)
class DialPath:
    """A number that can be dialled in full: `*139*4*{card}#`. Without `to`, its keys are pressed on
    the screens. `published` pins what it does."""

    dialled: str
    file: str
    entry: str
    keys: tuple[str, ...]
    to: str = ""
    published: str = ""

    @property
    def place(self) -> MenuFilePlace:
        return ("paths", self.dialled)


@dataclass(frozen=True, slots=True)
class BookLimits:
    wrong: int = 3  # wrong inputs in a row
    steps: int = 60  # inputs in one dialogue
    trail: int = 12  # screens one can go back through
    pages: int = 1  # of USSD, for a menu
    answer_pages: int = 2  # for what a command says; what is longer goes out by SMS
    parts: int = 2  # of SMS
    silence: int = 6  # seconds without a key after which a call hears the screen again
    idle: int = 80  # seconds since the last key for which a call is gone on with at most


# What the hall says around every screen.
PHRASES: Final = (
    "option", "next", "back", "exit", "again", "human", "wrong", "wrong_short", "too_many",
    "too_long", "goodbye", "by_sms", "late", "sorry",
)  # fmt: skip
UNKNOWN: Final = "unknown"
"""A phrase for somebody who dials a code that is not ours; without it `sorry` is said."""


@dataclass(frozen=True, slots=True)
class Book:
    version: str
    screens: Mapping[str, Screen]
    entries: Mapping[MenuChannel, Mapping[str, str]]  # what is dialled or sent -> a screen
    paths: Mapping[str, DialPath] = field(default_factory=dict)
    phrases: Mapping[str, ScreenWording] = field(default_factory=dict)
    endings: Mapping[CommandEnding, str] = field(
        default_factory=dict
    )  # where endings lead by default
    offers: tuple[ScreenOffer, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    limits: BookLimits = BookLimits()
    after_wrong: Mapping[MenuChannel, str] = field(
        default_factory=dict
    )  # after too many; else the end
    human: str = ""  # the screen behind `human`
    redial: str = ""  # asks whoever dials again whether to go on
    unanswered: str = ""  # of a call: who waits for a person is told where he stands
    unattended: str = ""  # of a call: there is nobody to wait for
    talked: str = ""  # of a call: asks how it was, after a talk with a person
    places: Mapping[MenuFilePlace, str] = field(
        default_factory=dict
    )  # section or entry -> its file

    # looked for once: every turn asks
    references: frozenset[str] = field(init=False, repr=False, compare=False)
    """What its texts want from the tariff: price:LL10."""
    changes_by_time: bool = field(init=False, repr=False, compare=False)
    """An option may be gone when its key is pressed."""

    def __post_init__(self) -> None:
        wordings = [
            *(screen.say for screen in self.screens.values()),
            *(offer.say for offer in self.offers),
            *(one.say for one in self.announcements),
            *(screen.close for screen in self.screens.values()),
            *(option.label for screen in self.screens.values() for option in screen.options),
        ]
        references = frozenset[str]().union(*(one.references() for one in wordings))
        object.__setattr__(self, "references", references)
        rules = {o.when for s in self.screens.values() for o in s.options}
        rules |= {order.when for s in self.screens.values() for order in s.orders}
        object.__setattr__(self, "changes_by_time", any(rule.asks_time for rule in rules))

    def after(
        self, call: CommandCall, ending: CommandEnding, asked_on: Screen | None = None
    ) -> str:
        """The screen that follows a command; the one that put its question goes first."""
        asked = asked_on.on.get(ending) if asked_on and asked_on.asks else None
        return asked or call.on.get(ending) or self.endings.get(ending) or END

    def option_form(self, channel: MenuChannel, language: str) -> str:
        """How an option is listed, with {key} and {label}."""
        wording = self.phrases.get("option")
        return wording.form(channel, language) if wording else ""

    def must_be_seen(self, screen: Screen) -> bool:
        """What was typed before this screen was shown or said answers nothing on it: it asks for a
        yes, a password, a code or a number of a list, or does something with a secret that was
        typed or with what was spoken."""
        if screen.asks or (screen.collect and screen.collect.field.kind in _PROOFS):
            return True
        calls = [option.does for option in screen.options if isinstance(option.does, CommandCall)]
        named_there = {name for call in calls for _, value in call.args for name in named(value)}
        given = [self.fields[name] for name in named_there if name in self.fields]
        return any(field.secret or field.kind is FieldKind.RECORDING for field in given)

    def said_besides(self) -> tuple[ScreenOffer | Announcement, ...]:
        """Offers and announcements: what screens say now and then."""
        return (*self.offers, *self.announcements)

    def problem(self, place: MenuFilePlace, what: str, fix: str = "") -> BookProblem:
        """In the file that the place stands in."""
        known = place
        while known and known not in self.places:
            known = known[:-1]
        return BookProblem(self.places.get(known, ""), place, what, fix)
