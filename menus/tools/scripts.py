"""Scripts: what somebody types, how the commands end, and what must be seen. Played without a
server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from menus.load.menu_file import (
    EndingName,
    From,
    LanguageCode,
    MenuChannelName,
    MenuFileRow,
)
from menus.model.book import Book
from menus.model.conditions import MenuUser
from menus.model.dial_paths import dial
from menus.model.fields import FieldInput, StoredSecret, TypedSecret
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
from menus.model.wording import LANGUAGES, MenuChannel
from menus.walk import walk
from periods.period import DAY


class ScriptUser(MenuFileRow):
    """Whoever walks, and when: `time` and `weekday`, or a moment `at`, "2027-02-06 09:00"."""

    brand: str = ""
    state: str = "normal"
    classes: list[str] = Field(default=[], alias="class")
    star: int = 0
    level: Literal["A0", "A1", "A2", "A3"] = "A1"
    time: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] = "12:00"
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    at: From | None = None
    region: str = ""
    campus: str = ""
    holiday: bool = False
    offers: bool = False
    facts: dict[str, str] = Field(default={})

    def caller(self, tariff: TariffFacts | None = None) -> MenuUser:
        hour, minute = map(int, self.time.split(":"))
        of_day = hour * 60 + minute if self.at is None else self.at % DAY
        calendars = 1 if self.at is None else date.fromordinal(self.at // DAY).isoweekday()
        return MenuUser(
            brand=self.brand,
            state=self.state,
            groups=frozenset(self.classes),
            star=self.star,
            level=int(self.level[1]),
            minute=of_day,
            moment=self.at or 0,
            weekday=self.weekday or calendars,
            region=self.region,
            campus=self.campus,
            holiday=self.holiday,
            offers=self.offers,
            facts={
                language: {**(tariff(self, language) if tariff else {}), **self.facts}
                for language in LANGUAGES
            },
        )


TariffFacts = Callable[[ScriptUser, str], Mapping[str, str]]
"""What stands for {price:LL10} and its like, for whoever walks, in a language."""


class ScriptBeat(MenuFileRow):
    """One thing that happens, and what comes of it. Happens: `type`, or a command ends (`ok: its
    words`). Comes: a screen, its text, a command that runs, what the last command is told, an end.
    """

    type: str | None = None
    ends: dict[EndingName, str] | None = None
    secret: bool = False
    screen: str | None = None
    shows: str | None = None
    says: str | None = None  # a part of the text
    runs: str | None = None
    args: dict[str, str] | None = Field(default=None, alias="with")
    tells: str | None = None
    over: str | None = None
    transfers: str | None = None
    sms: bool | None = None
    dropped: bool | None = None


class MenuScript(MenuFileRow):
    name: str
    channel: MenuChannelName
    dial: str
    language: LanguageCode = "zh"
    caller: ScriptUser = ScriptUser()
    steps: list[ScriptBeat]


class MenuScripts(MenuFileRow):
    """A file of them."""

    scripts: list[MenuScript]


def begin(
    book: Book, channel: MenuChannel, dialled: str, language: str, caller: MenuUser
) -> WalkResult:
    """As the hall would: a code with more behind it is typed ahead."""
    found = dial(book, dialled) if channel is MenuChannel.USSD else None
    if found is None:
        return walk.begin(book, channel, dialled, caller, language=language)
    return walk.begin(
        book, channel, found.entry, caller,
        screen=found.screen, language=language, ahead=found.ahead,
    )  # fmt: skip


def play(
    book: Book, script: MenuScript, tariff: TariffFacts | None = None
) -> Iterator[tuple[int, str]]:
    """The beats that came out differently: which one (the first is 0), and how."""
    caller = script.caller.caller(tariff)
    walked = begin(book, script.channel, script.dial, script.language, caller)
    for number, beat in enumerate(script.steps):
        if beat.type is not None:
            walked = walk.step(book, walked.position, beat.type, caller, walked.ahead)
        elif beat.ends is not None:
            walked = walk.resume(book, walked.position, outcome(beat), caller, walked.ahead)
        for what in differences(beat, walked):
            yield number, what


def outcome(beat: ScriptBeat) -> CommandResult:
    ending, words = next(iter((beat.ends or {}).items()))
    return CommandResult(ending, words, beat.secret)


def differences(beat: ScriptBeat, walked: WalkResult) -> Iterator[str]:
    got = told(walked.step)
    for name, wanted in beat.model_dump(
        exclude={"type", "ends", "secret", "says", "dropped"}, exclude_none=True
    ).items():
        found = got.get(name)
        if wanted != found:
            yield f"{name}: expected {wanted!r}, came {found!r} ({plain(walked.step)})"
    text = str(got.get("shows") or got.get("over") or got.get("transfers") or "")
    if beat.says is not None and beat.says not in text:
        yield f"says: expected {beat.says!r} in {text!r} ({plain(walked.step)})"
    if beat.dropped is not None and beat.dropped is not walked.dropped:
        yield f"dropped: expected {beat.dropped}, came {walked.dropped}"


def told(step: WalkStep) -> Mapping[str, object]:
    """A step in the words of a script."""
    match step:
        case ShowScreen(screen, text, sms):
            return {"screen": screen, "shows": text, "sms": sms}
        case RunCommand(run, args):
            return {"runs": run, "args": {name: _shown(value) for name, value in args.items()}}
        case AnswerCommand(word):
            return {"tells": _shown(word)}
        case EndDialogue(text, sms):
            return {"over": text, "sms": sms}
        case TransferCall(text, screen):
            return {"transfers": text, "screen": screen}


def plain(step: WalkStep) -> str:
    """A step in a line."""
    return ", ".join(f"{name} {value!r}" for name, value in told(step).items())


def _shown(value: FieldInput) -> str:
    """Secrets are stars, so that scripts hold none."""
    return (
        value
        if isinstance(value, str)
        else "***"
        if isinstance(value, TypedSecret | StoredSecret)
        else ""
    )
