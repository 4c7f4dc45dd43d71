"""`hallgate edition preview`: every screen and every answer of an edition, on paper."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from commands.model.accounts import SubscriberAccount
from commands.model.request import SELF_SERVICE, Channel
from commands.reply_facts.all_replies import EXAMPLES
from gateway.cli.editions.reading import account_of, named_edition, of_folder, running_edition
from gateway.cli.editions.screens import preview
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.dialogue.caller_facts import caller_of
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.differences.answers import answered
from menus.model.conditions import MenuUser
from menus.model.text_size import on_ussd
from menus.model.wording import LANGUAGES, MenuChannel
from smpp.messages.segmentation import text_length

_HEAD: Final = "── "


def add_preview(steps: Any) -> None:
    verb = add_verb(steps, "preview", show_preview,
                    "every screen and every answer, exactly as it will go out",
                    "hallgate edition preview --as 13800138002 hall q.balance")  # fmt: skip
    verb.add_argument("names", nargs="*",
                      help="only these screens and texts, or those that begin so")  # fmt: skip
    verb.add_argument("--of", dest="named", default="", metavar="VERSION|FOLDER|now",
                      help="now: what is in force; default: conf/")  # fmt: skip
    verb.add_argument("--as", dest="number", type=msisdn, metavar="NUMBER",
                      help="a subscriber; default: everything, at its longest")  # fmt: skip
    verb.add_argument("--channel", choices=[each.value for each in MenuChannel])
    verb.add_argument("--language", choices=LANGUAGES)


def show_preview(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    if chosen.named == "now":
        snapshot = running_edition(settings).snapshot
    elif chosen.named:
        snapshot = named_edition(settings, chosen.named).snapshot
    else:
        snapshot = of_folder(settings, Path(settings.conf)).snapshot
    who = account_of(settings, chosen.number, snapshot) if chosen.number else None
    channels = [MenuChannel(chosen.channel)] if chosen.channel else list(MenuChannel)
    spoken = [who.language] if who else list(LANGUAGES)
    languages = [chosen.language] if chosen.language else spoken
    for line in _screens(snapshot, channels, languages, chosen.names, who):
        print(line)
    for line in _answers(snapshot, channels, languages, chosen.names):
        print(line)
    return 0


def _screens(
    snapshot: HallSnapshot,
    channels: Sequence[MenuChannel],
    languages: Sequence[str],
    names: Sequence[str],
    who: SubscriberAccount | None,
) -> Iterator[str]:
    book = snapshot.menus.book
    wanted = [name for name in book.screens if name.startswith(tuple(names))] if names else []
    if names and not wanted:
        return
    caller = _caller(snapshot, who) if who else None
    yield from preview(book, snapshot.world, channels, languages, wanted, caller)


def _caller(snapshot: HallSnapshot, who: SubscriberAccount) -> MenuUser:
    """As he would be seen now."""
    now, zone = int(time.time()), snapshot.catalogue.zone
    weekday, holiday = snapshot.holidays.of(datetime.fromtimestamp(now, zone).date())
    classes = snapshot.register.settings.classes
    return caller_of(who, snapshot.catalogue, now, zone=zone, weekday=weekday, holiday=holiday,
                     offers=True, classes=classes)  # fmt: skip


def screens_for(snapshot: HallSnapshot, who: SubscriberAccount) -> dict[str, str]:
    """What one subscriber sees and hears, screen by screen, in his language."""
    found: dict[str, str] = {}
    head = ""
    for line in _screens(snapshot, list(MenuChannel), [who.language], (), who):
        if line.startswith(_HEAD):
            head = line.removeprefix(_HEAD)
        elif line.startswith("   │ "):
            found[head] = f"{found[head]} / " if head in found else ""
            found[head] += line.removeprefix("   │ ")
    return found


def _answers(
    snapshot: HallSnapshot,
    channels: Sequence[MenuChannel],
    languages: Sequence[str],
    names: Sequence[str],
) -> Iterator[str]:
    """With example facts."""
    for name in EXAMPLES:
        if names and not name.startswith(tuple(names)):
            continue
        for channel in channels:
            for language in languages:
                text = answered(snapshot.conversation, name, channel.value, language)
                if not text:
                    continue
                yield f"{_HEAD}{name} · {channel.value} · {language}"
                yield from _sized(text, Channel(channel.value))
                yield ""


def _sized(text: str, channel: Channel) -> Iterator[str]:
    assert channel in SELF_SERVICE
    if channel is Channel.SMS:
        yield f"   {text_length(text).parts} short message(s)"
    elif channel is Channel.USSD:
        yield f"   {on_ussd(text)}"
    yield from (f"   │ {line}" for line in text.split("\n"))
