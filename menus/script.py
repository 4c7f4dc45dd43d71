"""Scripts: what somebody types, how the commands end, and what must be seen. Played without a
server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from menus import walk
from menus.book import Book
from menus.fields import Hidden, Kept, Typed
from menus.paths import dial
from menus.sheet import ChannelName, EndingName, Language, Part
from menus.steps import Answer, End, Outcome, Run, Show, Step, Transfer, Walked
from menus.when import Caller
from menus.wording import Channel


class CallerRow(Part):
    """Whoever walks. `hour` is of the day, "21:30"."""

    brand: str = ""
    state: str = "normal"
    classes: list[str] = Field(default=[], alias="class")
    star: int = 0
    level: Literal["A0", "A1", "A2", "A3"] = "A1"
    time: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] = "12:00"
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    holiday: bool = False
    offers: bool = False
    facts: dict[str, str] = Field(default={})

    def caller(self) -> Caller:
        hour, minute = map(int, self.time.split(":"))
        return Caller(
            brand=self.brand,
            state=self.state,
            groups=frozenset(self.classes),
            star=self.star,
            level=int(self.level[1]),
            minute=hour * 60 + minute,
            weekday=self.weekday,
            holiday=self.holiday,
            offers=self.offers,
            facts={"zh": self.facts, "en": self.facts},
        )


class Beat(Part):
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


class Script(Part):
    name: str
    channel: ChannelName
    dial: str
    language: Language = "zh"
    caller: CallerRow = CallerRow()
    steps: list[Beat]


class Scripts(Part):
    """A file of them."""

    scripts: list[Script]


def begin(book: Book, channel: Channel, dialled: str, language: str, caller: Caller) -> Walked:
    """As the hall would: a code with more behind it is typed ahead."""
    found = dial(book, dialled) if channel is Channel.USSD else None
    if found is None:
        return walk.begin(book, channel, dialled, caller, language=language)
    return walk.begin(
        book, channel, found.entry, caller,
        screen=found.screen, language=language, ahead=found.ahead,
    )  # fmt: skip


def play(book: Book, script: Script) -> Iterator[tuple[int, str]]:
    """The beats that came out differently: which one (the first is 0), and how."""
    caller = script.caller.caller()
    walked = begin(book, script.channel, script.dial, script.language, caller)
    for number, beat in enumerate(script.steps):
        if beat.type is not None:
            walked = walk.step(book, walked.position, beat.type, caller, walked.ahead)
        elif beat.ends is not None:
            walked = walk.resume(book, walked.position, outcome(beat), caller, walked.ahead)
        for what in differences(beat, walked):
            yield number, what


def outcome(beat: Beat) -> Outcome:
    ending, words = next(iter((beat.ends or {}).items()))
    return Outcome(ending, words, beat.secret)


def differences(beat: Beat, walked: Walked) -> Iterator[str]:
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


def told(step: Step) -> Mapping[str, object]:
    """A step in the words of a script."""
    match step:
        case Show(screen, text, sms):
            return {"screen": screen, "shows": text, "sms": sms}
        case Run(run, args):
            return {"runs": run, "args": {name: _shown(value) for name, value in args.items()}}
        case Answer(word):
            return {"tells": _shown(word)}
        case End(text, sms):
            return {"over": text, "sms": sms}
        case Transfer(text, screen):
            return {"transfers": text, "screen": screen}


def plain(step: Step) -> str:
    """A step in a line."""
    return ", ".join(f"{name} {value!r}" for name, value in told(step).items())


def _shown(value: Typed) -> str:
    """Secrets are stars, so that scripts hold none."""
    return value if isinstance(value, str) else "***" if isinstance(value, Hidden | Kept) else ""
