"""The verbs of `hallgate menus` that change what subscribers walk, and those that tell of it."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from commands.model.parameters import ParameterKind
from gateway.cli.acting import system_user
from gateway.cli.menus.open_store import transaction
from gateway.cli.verb import add_verb, settings_of
from gateway.config.checked_yaml import BadFile, Finding, text_of
from gateway.config.menu_check import check_menus
from gateway.config.menu_edition import FROM_CONF, Edition, EditionDecision
from gateway.config.menu_files import MenuFiles
from gateway.config.menu_world import world_of
from gateway.config.settings import Settings
from gateway.dialogue.menu_usage import in_all
from gateway.dialogue.menus_in_force import WHOLE
from gateway.dialogue.snapshot import read_conf
from gateway.editions.publishing import NOTHING, NotPublished, Publisher
from gateway.model.operators.audit import Actor, AuditEntry
from gateway.store.menus.editions import SqlEditions
from gateway.store.menus.usage import SqlUsage
from gateway.store.opening import prepared_store
from gateway.store.operators.audit import SqlAudit

SOON: Final = "gateways that run take it up within a second or two"


def add_live(steps: Any) -> None:
    publish_verb = add_verb(steps, "publish", publish,
                            "put the menus into force, if they are sound",
                            "hallgate menus publish --reason 'data packs first'")  # fmt: skip
    _whose(publish_verb)
    publish_verb.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                              help="the menus; default: conf/menus")  # fmt: skip
    add_verb(steps, "versions", show_versions, "what was published, by whom and when",
             "hallgate menus versions")  # fmt: skip
    show_verb = add_verb(steps, "show", show_version, "the files of a version",
                         "hallgate menus show 1a2b3c4d5e6f --to /tmp/menus")  # fmt: skip
    show_verb.add_argument("version", help="its name, as in `versions`")
    show_verb.add_argument("--to", type=Path, metavar="FOLDER", help="write them there instead")
    _whose(add_verb(steps, "rollback", roll_back, "the version before is in force again",
                    "hallgate menus rollback --reason 'too many wrong keys'"))  # fmt: skip
    canary_verb = add_verb(steps, "canary", canary, "try a version out on some numbers",
                           "hallgate menus canary --percent 5; later: canary promote")  # fmt: skip
    _whose(canary_verb)
    canary_verb.add_argument("what", nargs="?", default="", metavar="VERSION|end|promote",
                             help="default: the menus of conf/menus")  # fmt: skip
    canary_verb.add_argument("--percent", type=_share, default=0, metavar="N",
                             help="of all numbers, always the same ones; 0.01 to 100")  # fmt: skip
    canary_verb.add_argument("--numbers", type=Path, metavar="FILE", help="and these, one a line")


def _whose(verb: Any) -> None:
    verb.add_argument("--author", default="", metavar="NAME", help="default: who is logged in")
    verb.add_argument("--reason", default="", metavar="WORDS", help="is kept with it")


def _share(written: str) -> int:
    try:
        share = round(float(written) * 100)
    except ValueError:
        share = 0
    if not 0 < share <= WHOLE:
        raise argparse.ArgumentTypeError(f"'{written}' is no share; write 0.01 to 100")
    return share


def _decide(chosen: argparse.Namespace, deed: Callable[[Publisher], EditionDecision]) -> int:
    """What follows is told; or why it was not done."""
    settings = settings_of(chosen)
    author = chosen.author or getpass.getuser()
    now = int(time.time())
    try:
        with prepared_store(settings) as store, store.transaction() as connection:
            decision = deed(Publisher(SqlEditions(connection), author, now, chosen.reason))
            SqlAudit(connection, store.seal).append(*_entries(decision, now))
    except NotPublished as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{_holds(decision)}; {SOON}")
    return 0


def _entries(decision: EditionDecision, now: int) -> list[AuditEntry]:
    """For the audit: one, and one for each number that a version is tried out on."""
    user = system_user()
    result = f"menus {decision.what.value}: {_holds(decision)}; author {decision.author}"
    return [
        Actor(user, user).did(
            "editions.change", now, subscriber=number, reason=decision.reason, result=result
        )
        for number in ("", *sorted(decision.numbers))
    ]


def _sound(settings: Settings, folder: Path | None = None) -> MenuFiles:
    world = world_of(read_conf(settings), settings.service.signature.label())
    return check_menus(folder or settings.conf / "menus", world)


def publish(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    menus = _sound(settings, chosen.folder)
    with transaction(settings) as connection:
        use = in_all(SqlUsage(connection).totals(int(time.time())))
    return _decide(chosen, lambda publisher: publisher.publish(menus, use))


def roll_back(chosen: argparse.Namespace) -> int:
    return _decide(chosen, Publisher.roll_back)


def canary(chosen: argparse.Namespace) -> int:
    if chosen.what == "end":
        return _decide(chosen, Publisher.end_canary)
    if chosen.what == "promote":
        return _decide(chosen, Publisher.promote)
    numbers = _numbers(chosen.numbers) if chosen.numbers else frozenset[str]()
    own = None if chosen.what else _sound(settings_of(chosen))

    def begin(publisher: Publisher) -> EditionDecision:
        version = publisher.keep(own).version if own else chosen.what
        return publisher.try_out(version, chosen.percent, numbers)

    return _decide(chosen, begin)


def _numbers(file: Path) -> frozenset[str]:
    """One a line; a line may be empty or begin with #. Raises BadFile."""
    found: set[str] = set()
    findings: list[Finding] = []
    for n, line in enumerate(text_of(file).splitlines(), 1):
        written = line.split("#")[0].strip()
        if not written:
            continue
        number = ParameterKind.MSISDN.clean(written)
        if number is None:
            what = f"'{written}' is no mobile number"
            findings.append(Finding(str(file), n, what, "Write eleven digits"))
        else:
            found.add(number)
    if findings:
        raise BadFile(findings)
    return frozenset(found)


def _holds(decision: EditionDecision) -> str:
    """What a decision came to, in a line."""
    tried = f", {decision.canary} on {_whom(decision)}" if decision.canary else ""
    return f"{decision.version} is in force{tried}"


def _whom(decision: EditionDecision) -> str:
    share = [f"{decision.share / 100:g} % of all numbers"] if decision.share else []
    some = [f"{len(decision.numbers)} chosen numbers"] if decision.numbers else []
    return " and ".join([*share, *some])


def show_versions(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    zone = settings.service.zone
    with transaction(settings) as connection:
        editions = SqlEditions(connection)
        kept, decisions = editions.all(), editions.decisions()
    print(_holds(decisions[-1]) if decisions else NOTHING)
    for line in _history(kept, decisions, zone):
        print(line)
    return 0


def _history(
    kept: list[Edition], decisions: list[EditionDecision], zone: ZoneInfo
) -> Iterator[str]:
    """The newest first."""
    entries = [
        (edition.made_at, f"{edition.version}  found in conf/menus")
        for edition in kept
        if edition.author == FROM_CONF
    ]
    for decision in decisions:
        tried = f": {decision.canary} on {_whom(decision)}" if decision.canary else ""
        reason = f" ({decision.reason})" if decision.reason else ""
        words = f"{decision.version}  {decision.what.value}{tried} by {decision.author}{reason}"
        entries.append((decision.at, words))
    for at, words in sorted(reversed(entries), key=lambda entry: -entry[0]):
        yield f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}  {words}"


def show_version(chosen: argparse.Namespace) -> int:
    with transaction(settings_of(chosen)) as connection:
        edition = SqlEditions(connection).find(chosen.version)
    if edition is None:
        print(f"there is no version {chosen.version}: see hallgate menus versions", file=sys.stderr)
        return 1
    if chosen.to:
        chosen.to.mkdir(parents=True, exist_ok=True)
    for name, text in edition.files.items():
        if chosen.to:
            (chosen.to / name).write_text(text, encoding="utf-8")
        else:
            print(f"# --- {name}\n{text}")
    return 0
