"""The verbs of `hallgate menus` and what they print."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.cli.editions.menu_diff import add_walks, scripts_of, show_difference
from gateway.cli.editions.publish import add_deciding
from gateway.cli.editions.told import add_looking
from gateway.cli.menus.simulate import Terminal, simulate
from gateway.cli.menus.usage import show_usage
from gateway.cli.personas import known_personas, persona_of
from gateway.cli.verb import add_group, add_moment, add_verb, settings_of
from gateway.config import business
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.menu_check import check_menus
from gateway.config.menu_files import MenuFiles, read_menus
from gateway.config.menu_world import world_of
from gateway.config.settings import Settings
from gateway.dialogue.caller_facts import caller_of, moment_of_turn
from gateway.dialogue.snapshot import read_conf
from gateway.editions.screens import preview
from gateway.wording.tariff_references import values_of
from menus.load.menu_file import MenuFile
from menus.model.book import Book
from menus.model.conditions import MenuUser
from menus.model.surroundings import BookSurroundings
from menus.model.wording import LANGUAGES, MenuChannel
from menus.tools.drawing import picture, tree
from menus.tools.scripts import ScriptUser, TariffFacts, play
from periods.period import seconds_at
from tariffs.catalogue import Catalogue
from tariffs.file_problem import one_of

NOON: Final = 1_795_233_600  # 21 November 2026, twelve o'clock in Shanghai: previews stay the same


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "menus", help, "verb")
    tree_verb = add_verb(steps, "tree", show_tree, "the menus as a tree, or as a picture (SVG)",
                         "hallgate menus tree --channel ussd --svg ussd.svg")  # fmt: skip
    _look(tree_verb, [MenuChannel.USSD])
    tree_verb.add_argument("--svg", type=Path, metavar="FILE", help="draw it into a file instead")
    preview_verb = add_verb(steps, "preview", show_preview,
                            "what subscribers will see: USSD pages, short messages, "
                            "what a call says",
                            "hallgate menus preview --as 13800138002 hall wlan")  # fmt: skip
    _look(preview_verb, list(MenuChannel))
    add_moment(preview_verb)
    preview_verb.add_argument("screens", nargs="*", help="only these; default: all")
    preview_verb.add_argument(
        "--as", dest="persona", metavar="NUMBER", help="a sample subscriber; default: the longest"
    )
    _asked(preview_verb)
    simulate_verb = add_verb(steps, "simulate", run_simulation,
                             "walk the menus in the terminal, or play scripts",
                             "hallgate menus simulate --dial '*139*5*2#'")  # fmt: skip
    _look(simulate_verb, [MenuChannel.USSD])
    add_moment(simulate_verb)
    simulate_verb.add_argument("scripts", nargs="*", type=Path, help="scripts to play (YAML)")
    simulate_verb.add_argument("--dial", metavar="CODE", help="what is dialled, called or sent")
    simulate_verb.add_argument("--as", dest="persona", metavar="NUMBER", help="a sample subscriber")
    _asked(simulate_verb)
    diff_verb = add_verb(steps, "diff", show_difference,
                         "what changes for a subscriber between two menus",
                         "hallgate menus diff --recorded 1000")  # fmt: skip
    diff_verb.add_argument("old", nargs="?", default="", metavar="OLD",
                           help="a folder or a version; default: what is in force")  # fmt: skip
    diff_verb.add_argument("new", nargs="?", default="", metavar="NEW",
                           help="as it will be; default: conf/menus")  # fmt: skip
    add_walks(diff_verb)
    add_verb(steps, "check", check_only, "what is wrong with the menus, with file and line",
             "hallgate menus check --config conf/gateway.yaml")  # fmt: skip
    usage_verb = add_verb(steps, "usage", show_usage, "what is seen and pressed, and how often",
                          "hallgate menus usage")  # fmt: skip
    usage_verb.add_argument("--version", default="", help="of one version only")
    usage_verb.add_argument("--language", choices=LANGUAGES, help="of the labels: zh or en")
    add_deciding(steps, "menus", "conf/menus")
    add_looking(steps, "menus")
    add_verb(steps, "schema", write_schema, "the JSON Schema for editors",
             "hallgate menus schema > conf/menus/schema.json")  # fmt: skip


def _look(verb: Any, channels: list[MenuChannel]) -> None:
    names = [channel.value for channel in MenuChannel]
    verb.add_argument("--channel", choices=names, help="sms, ussd or voice")
    verb.add_argument("--language", choices=LANGUAGES, help="zh or en")
    verb.set_defaults(channels=channels)


def _asked(verb: Any) -> None:
    verb.add_argument("--to", default="", metavar="NUMBER",
                      help="with the prices of this service number")  # fmt: skip


def _channels(chosen: argparse.Namespace) -> list[MenuChannel]:
    return [MenuChannel(chosen.channel)] if chosen.channel else list(chosen.channels)


def _menus(settings: Settings) -> MenuFiles:
    return read_menus(settings.conf / "menus")


def _world(settings: Settings) -> tuple[BookSurroundings, business.BusinessConfiguration]:
    read = read_conf(settings)
    return world_of(read, settings.service.signature.label()), read


def _persona(
    chosen: argparse.Namespace,
    settings: Settings,
    read: business.BusinessConfiguration,
    book: Book,
    number: str,
) -> MenuUser:
    """A sample subscriber at a moment, with the prices of it. Raises BadFile."""
    account = persona_of(settings, number, read.catalogue).account
    zone, now = settings.service.zone, _now(chosen, settings)
    catalogue = _priced(chosen, settings, read, now)
    return caller_of(
        account, catalogue, now, when=moment_of_turn(now, zone, read.holidays),
        offers=True, classes=read.register.settings.classes, regions=read.regions,
        references=book.references,
    )  # fmt: skip


def _priced(
    chosen: argparse.Namespace, settings: Settings, read: business.BusinessConfiguration, now: int
) -> Catalogue:
    """As it is where `--to` is asked. Raises BadFile, if it is no number of the hall."""
    known = [settings.service.number, *(read.numbers.value.numbers if read.numbers else ())]
    if chosen.to and chosen.to not in known:
        what = "is no service number"
        raise BadFile([Finding(f"--to {chosen.to}", 0, what, one_of(known, chosen.to))])
    return read.catalogue.of(chosen.to, now)


def _now(chosen: argparse.Namespace, settings: Settings) -> int:
    zone = settings.service.zone
    return NOON if chosen.at is None else seconds_at(chosen.at, zone)


def _somebody(
    chosen: argparse.Namespace, settings: Settings, read: business.BusinessConfiguration, book: Book
) -> MenuUser | None:
    """The subscriber that a preview is for; nobody, if it shows all that anybody may see."""
    if chosen.persona:
        return _persona(chosen, settings, read, book, chosen.persona)
    if chosen.at is None and not chosen.to:
        return None
    number = known_personas(settings, read.catalogue)[0].account.msisdn
    return _persona(chosen, settings, read, book, number)


def check_only(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    menus = check_menus(settings.conf / "menus", _world(settings)[0])
    print(f"all is well: {len(menus.book.screens)} screens, version {menus.book.version}")
    return 0


def show_tree(chosen: argparse.Namespace) -> int:
    book = _menus(settings_of(chosen)).book
    language = chosen.language or LANGUAGES[0]
    channels = _channels(chosen)
    if chosen.svg:
        chosen.svg.write_text(picture(book, channels[0], language), encoding="utf-8")
        return 0
    for channel in channels:
        print("\n".join(tree(book, channel, language)))
    return 0


def show_preview(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    book = _menus(settings).book
    world, read = _world(settings)
    caller = _somebody(chosen, settings, read, book)
    languages = [chosen.language] if chosen.language else list(LANGUAGES)
    for line in preview(book, world, _channels(chosen), languages, chosen.screens, caller):
        print(line)
    return 0


def run_simulation(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    book = _menus(settings).book
    if chosen.scripts:
        return _play(book, chosen.scripts, _tariff(settings, book))
    world, read = _world(settings)
    caller = _persona(chosen, settings, read, book, chosen.persona or "13800138001")
    channel = _channels(chosen)[0]
    dialled = chosen.dial or next(iter(book.entries[channel]))
    terminal = Terminal(input, print)
    simulate(book, world, channel, dialled, chosen.language or LANGUAGES[0], caller, terminal)
    return 0


def _tariff(settings: Settings, book: Book) -> TariffFacts | None:
    """For scripts of menus that take prices from the tariff."""
    if not book.references:
        return None
    catalogue = read_conf(settings).catalogue

    def facts(caller: ScriptUser, language: str) -> Mapping[str, str]:
        held = catalogue.at(NOON if caller.at is None else seconds_at(caller.at, catalogue.zone))
        return values_of(book.references, held, language, caller.brand)

    return facts


def _play(book: Book, paths: list[Path], tariff: TariffFacts | None) -> int:
    different = 0
    for path in paths:
        loaded = scripts_of(path)
        for n, script in enumerate(loaded.value.scripts):
            for beat, what in play(book, script, tariff):
                different += 1
                line = loaded.document.line(("scripts", n, "steps", beat))
                print(f"{path}:{line}: {script.name}: {what}")
    print("every script came out as written" if not different else f"{different} differences")
    return 1 if different else 0


def write_schema(chosen: argparse.Namespace) -> int:
    print(schema())
    return 0


def schema() -> str:
    """What a file of conf/menus may say, for editors."""
    made = MenuFile.model_json_schema(by_alias=True)
    made["title"] = "Hallgate menus"
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True)
