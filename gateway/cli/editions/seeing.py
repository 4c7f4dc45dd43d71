"""`hallgate edition preview`: every screen and every answer of an edition, on paper."""

from __future__ import annotations

import argparse
import time
from typing import Any

from gateway.cli.editions.reading import account_of, named_edition, of_folder, running_edition
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.editions.previewing import EditionPreview
from menus.model.wording import LANGUAGES, MenuChannel


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
        read = running_edition(settings)
    elif chosen.named:
        read = named_edition(settings, chosen.named)
    else:
        read = of_folder(settings, settings.conf)
    who = account_of(settings, chosen.number, read.snapshot) if chosen.number else None
    channels = [MenuChannel(chosen.channel)] if chosen.channel else list(MenuChannel)
    spoken = [who.language] if who else list(LANGUAGES)
    languages = [chosen.language] if chosen.language else spoken
    preview = EditionPreview(
        read.snapshot, int(time.time()), channels, languages, chosen.names, who
    )
    for line in preview.lines():
        print(line)
    return 0
