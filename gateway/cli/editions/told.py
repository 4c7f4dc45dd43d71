"""Editions and decisions in words: what is in force, what was decided, which a number has."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.cli.editions.open_store import transaction
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.config.editions.conf_files import ConfFiles, write_out
from gateway.config.editions.edition import (
    FROM_CONF,
    Edition,
    EditionDecision,
    EditionProposal,
    ProposalState,
)
from gateway.config.sections.edition_settings import EditionSettings
from gateway.editions.membership import edition_for, whom
from gateway.editions.publishing import NOTHING, in_force
from gateway.editions.watching import compared_now
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.proposals import SqlProposals

_PROPOSALS: Final = 50  # the newest, that are looked at


def add_looking(steps: Any, group: str) -> None:
    versions = add_verb(steps, "versions", show_versions,
                        "what is in force, and what was decided by whom and when",
                        f"hallgate {group} versions")  # fmt: skip
    versions.set_defaults(verb=show_versions)
    show_verb = add_verb(steps, "show", show_version, "the files of a version",
                         f"hallgate {group} show 1a2b3c4d5e6f --to /tmp/edition")  # fmt: skip
    show_verb.add_argument("version", help="its name, as in `versions`")
    show_verb.add_argument("--to", type=Path, metavar="FOLDER", help="write them there instead")
    show_verb.set_defaults(menus_only=group == "menus")
    of_verb = add_verb(steps, "of", show_whose, "which version a number gets, and why",
                       f"hallgate {group} of 13800138001")  # fmt: skip
    of_verb.add_argument("number", type=msisdn, help="a mobile number")


def add_export(steps: Any) -> None:
    verb = add_verb(steps, "export", show_version, "write all files of a version into a folder",
                    "hallgate edition export 1a2b3c4d5e6f /tmp/edition")  # fmt: skip
    verb.add_argument("version", help="its name, as in `versions`")
    verb.add_argument("to", type=Path, metavar="FOLDER")
    verb.set_defaults(menus_only=False)


def holds(decision: EditionDecision) -> str:
    """What a decision came to, in a line."""
    tried = f", {decision.canary} on {whom(decision)}" if decision.canary else ""
    return f"{decision.version} is in force{tried}"


def proposed(proposal: EditionProposal) -> str:
    """What waits for somebody else, in a line."""
    what = f"{proposal.what.value} {proposal.version}"
    whose = f" on {whom(proposal)}" if proposal.share or proposal.numbers else ""
    return (
        f"proposal {proposal.number}: {what}{whose}, by {proposal.author}; it waits for somebody "
        f"else: hallgate edition approve {proposal.number} --operator NUMBER"
    )


def show_versions(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    zone = settings.service.zone
    with transaction(settings) as connection:
        editions = SqlEditions(connection)
        kept, decisions = editions.all(), editions.decisions()
        proposals = SqlProposals(connection).newest(_PROPOSALS)
        counted = _compared(connection, decisions, settings.editions)
    print(holds(decisions[-1]) if decisions else NOTHING)
    for line in counted:
        print(line)
    for proposal in proposals:
        if proposal.state is ProposalState.OPEN:
            print(proposed(proposal))
    for line in _history(kept, decisions, zone):
        print(line)
    return 0


def _compared(
    connection: Connection, decisions: list[EditionDecision], rules: EditionSettings
) -> list[str]:
    """How the one that is tried out or watched does."""
    last = decisions[-1] if decisions else None
    compared = compared_now(connection, last, rules, int(time.time()))
    if compared is None:
        return []
    tried, base, others = compared
    lines = [
        f"  {channel}: {ours} {what}, {theirs} {others}"
        for channel in sorted(tried.outcomes)
        for what, ours, theirs in (
            ("could not be served", tried.failures(channel), base.failures(channel)),
            ("led to nothing", tried.dropouts(channel), base.dropouts(channel)),
        )
    ]
    return [*lines, f"  {tried.complaining} complained, {base.complaining} {others}"]


def _history(
    kept: list[Edition], decisions: list[EditionDecision], zone: ZoneInfo
) -> Iterator[str]:
    """The newest first."""
    decided = {decision.version for decision in decisions} | {one.canary for one in decisions}
    entries = []
    for edition in kept:
        if edition.author in (FROM_CONF, "conf/menus"):
            entries.append((edition.made_at, f"{edition.version}  found in conf/"))
        elif edition.version not in decided:
            entries.append((edition.made_at, f"{edition.version}  kept by {edition.author}"))
    for decision in decisions:
        tried = f": {decision.canary} on {whom(decision)}" if decision.canary else ""
        reason = f" ({decision.reason})" if decision.reason else ""
        words = f"{decision.version}  {decision.what.value}{tried} by {decision.author}{reason}"
        entries.append((decision.at, words))
    for at, words in sorted(reversed(entries), key=lambda entry: -entry[0]):
        yield f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}  {words}"


def show_version(chosen: argparse.Namespace) -> int:
    with transaction(settings_of(chosen)) as connection:
        edition = SqlEditions(connection).find(chosen.version)
    if edition is None:
        what = f"there is no version {chosen.version}: see hallgate edition versions"
        print(what, file=sys.stderr)
        return 1
    files: ConfFiles = edition.menus if chosen.menus_only else edition.files
    if chosen.to:
        write_out(files, chosen.to)
        print(f"{len(files)} files of {edition.version} are in {chosen.to}")
        return 0
    for name, text in sorted(files.items()):
        print(f"# --- {name}\n{text}")
    return 0


def show_whose(chosen: argparse.Namespace) -> int:
    with transaction(settings_of(chosen)) as connection:
        editions = SqlEditions(connection)
        last, held = editions.last_decision(), in_force(editions, int(time.time()))
    found = edition_for(chosen.number, last, held)
    print(f"{chosen.number} gets {found.version or 'conf/'}: {found.why}")
    print("a dialogue that has begun ends on the version that it began with")
    return 0
