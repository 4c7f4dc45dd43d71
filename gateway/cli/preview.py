"""`hallgate preview`: what a subscriber would be answered, to the last sign, before anybody is."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from commands.model.request import SELF_SERVICE, Channel, Reply
from commands.reply_facts.all_replies import EXAMPLES
from gateway.cli.verb import add_moment, add_verb, msisdn, settings_of
from gateway.serving.beside.rehearsed_answer import RehearsedAnswer
from ivr.speech.read_aloud import SEAM
from menus.model.text_size import on_ussd
from menus.model.wording import LANGUAGES
from periods.period import seconds_at
from smpp.messages.segmentation import text_length
from tariffs.file_problem import one_of

if TYPE_CHECKING:
    from gateway.dialogue.snapshot import HallSnapshot

_DIALLED: Final = re.compile(r"\*[0-9*]+#")
_EXAMPLE: Final = "hallgate preview YE KTLL10 --as 13800138001 --at 2027-01-01T09:00"


def add(verbs: Any, help: str) -> None:
    verb = add_verb(verbs, "preview", preview, help, _EXAMPLE)
    verb.add_argument(
        "what", nargs="*", metavar="TEXT",
        help="what is sent, as YE; or, with --texts, ids of conf/replies. Default: every text",
    )  # fmt: skip
    verb.add_argument(
        "--as", dest="number", type=msisdn, metavar="NUMBER",
        help="a subscriber of the store, or a sample one; default: the first sample one",
    )  # fmt: skip
    verb.add_argument(
        "--to", metavar="PORT", default="", help="the service number that is written to"
    )
    verb.add_argument("--texts", action="store_true", help="texts of conf/replies, by their ids")
    verb.add_argument(
        "--channel", choices=[channel.value for channel in SELF_SERVICE], help="only this one"
    )
    verb.add_argument("--language", choices=LANGUAGES, help="zh or en; default: both")
    add_moment(verb)


@dataclass(frozen=True, slots=True)
class _Wanted:
    channels: tuple[Channel, ...]
    languages: tuple[str, ...]
    now: int


def preview(chosen: argparse.Namespace) -> int:
    from gateway.dialogue.snapshot import open_snapshot  # noqa: PLC0415  # help needs none of it

    settings = settings_of(chosen)
    snapshot = open_snapshot(settings)
    zone = settings.service.zone
    now = int(time.time()) if chosen.at is None else seconds_at(chosen.at, zone)
    channels = [Channel(chosen.channel)] if chosen.channel else list(SELF_SERVICE)
    languages = [chosen.language] if chosen.language else list(LANGUAGES)
    wanted = _Wanted(tuple(channels), tuple(languages), now)
    if dialled := [text for text in chosen.what if _DIALLED.fullmatch(text)]:
        print(f"{dialled[0]} opens a menu: see hallgate menus preview, hallgate menus simulate")
        return 1
    if chosen.texts or not chosen.what:
        return _texts(snapshot.at(now), chosen.what, wanted)
    from gateway.serving.beside.rehearsal import rehearsal  # noqa: PLC0415  # nor do texts

    with rehearsal(settings, snapshot, chosen.number, now) as hall:
        print(f"as {hall.told}")
        for text in chosen.what:
            for language in wanted.languages:
                for channel in wanted.channels:
                    answers = hall.answers(text, channel, language, chosen.to)
                    _show(f"{text} · {channel.value} · {language}", answers, channel)
    return 0


def _texts(snapshot: HallSnapshot, names: Sequence[str], wanted: _Wanted) -> int:
    """Texts with facts like those that they will have, and all that stands round them."""
    unknown = [name for name in names if name not in EXAMPLES]
    for name in unknown:
        print(f"there is no text '{name}'. {one_of(EXAMPLES, name)}")
    for name in names or sorted(EXAMPLES):
        for language in wanted.languages if name in EXAMPLES else ():
            for channel in wanted.channels:
                reply = Reply(name, EXAMPLES[name])
                words = snapshot.conversation.say((reply,), channel, language).replace(SEAM, "")
                answers = [RehearsedAnswer(words)]
                _show(f"{name} · {channel.value} · {language}", answers, channel)
    return 1 if unknown else 0


def _show(head: str, answers: Sequence[RehearsedAnswer], channel: Channel) -> None:
    print(f"── {head}")
    for answer in answers:
        for line in _lines(answer, channel):
            print(f"   {line}")
    if not answers:
        print("   no answer")
    print()


def _lines(answer: RehearsedAnswer, channel: Channel) -> Iterator[str]:
    route = f"to {answer.to}, " if answer.to else ""
    route += f"from {answer.source}, " if answer.source else ""
    yield route + _size(answer.words, channel)
    yield from (f"│ {line}" for line in answer.words.split("\n"))


def _size(words: str, channel: Channel) -> str:
    match channel:
        case Channel.SMS:
            return f"{text_length(words).parts} short message(s)"
        case Channel.USSD:
            return str(on_ussd(words))
        case _:
            return "said"
