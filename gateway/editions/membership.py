"""Which edition a number gets, and why."""

from __future__ import annotations

from typing import NamedTuple

from gateway.config.editions.edition import EditionDecision, EditionProposal
from gateway.dialogue.editions_in_force import drawn
from gateway.editions.loading import TAKEN_UP
from gateway.editions.publishing import NOTHING
from gateway.store.editions.editions import SqlEditions


class EditionOf(NamedTuple):
    version: str
    why: str


def edition_for(number: str, last: EditionDecision | None, held: str) -> EditionOf:
    """What the next dialogue of a number begins with. `held`: what is in force, if nothing was
    published."""
    if last is None:
        return EditionOf(held, NOTHING)
    if not last.canary:
        return EditionOf(last.version, "it is in force for all")
    place = drawn(last.canary, number)
    at = f"its place is at {place / 100:.2f} %"
    if number in last.numbers:
        return EditionOf(last.canary, "it is one of the numbers that were chosen")
    if place < last.share:
        why = f"it is among the {last.share / 100:g} % on which this is tried out ({at})"
        return EditionOf(last.canary, why)
    why = f"{last.canary} is tried out on {whom(last)}, and it is not among them ({at})"
    return EditionOf(last.version, why)


def edition_at(editions: SqlEditions, number: str, moment: float, walked: str, now: int) -> str:
    """What a dialogue of this number began with at a moment, as far as is known; else empty, as
    while gateways take up what was decided. `walked`: whose menu it went through, if it did."""
    if walked and editions.find(walked) is not None:
        return walked
    held = [one for one in editions.decisions() if one.at <= moment]
    if held and moment - held[-1].at <= TAKEN_UP:
        return ""
    if held:
        return edition_for(number, held[-1], held[-1].version).version
    found = editions.found_in_conf(int(moment))
    if found:
        return found[0]
    ever = editions.found_in_conf(now)  # as new as they were found last
    return ever[0] if len(ever) == 1 else ""


def whom(tried: EditionDecision | EditionProposal) -> str:
    """On whom an edition is tried out."""
    share = [f"{tried.share / 100:g} % of all numbers"] if tried.share else []
    some = [f"{len(tried.numbers)} chosen numbers"] if tried.numbers else []
    return " and ".join([*share, *some])
