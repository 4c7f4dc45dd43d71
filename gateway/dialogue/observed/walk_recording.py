"""Recorded walks: keys and how commands ended, to be walked again through a changed menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from commands.parser.masking import HIDDEN
from gateway.dialogue.menu_turn import MenuTurn
from gateway.model.editions.walk_record import RecordedBeats, WalkRecord
from gateway.model.messages import SubscriberInput
from menus.model.conditions import MenuUser
from menus.tools.scripts import MenuScript, ScriptBeat
from periods.period import written

_SPREAD: Final = 2_654_435_761  # Knuth's: neighbouring ids come to lie far apart
_RANGE: Final = 1 << 32


def recorded(
    walked: Iterable[tuple[SubscriberInput, MenuTurn]], share: float
) -> Iterator[WalkRecord]:
    """The steps of so many walks among all (0 to 1); a walk is recorded whole or not at all."""
    for message, turn in walked:
        if not (turn.trace.began and chosen(turn.trace.began, share)):
            continue
        if turn.trace.who is not None:
            start = {"channel": message.channel.value} | _start(turn, turn.trace.who)
            yield WalkRecord(
                message.id, turn.trace.began, turn.trace.version, {"start": start} | _ends(turn)
            )
        elif turn.trace.typed is not None:
            beats = {"type": turn.trace.typed} | _ends(turn)
            yield WalkRecord(message.id, turn.trace.began, turn.trace.version, beats)


def chosen(began: int, share: float) -> bool:
    return (began >> 3) * _SPREAD % _RANGE < share * _RANGE


def _ends(turn: MenuTurn) -> dict[str, object]:
    return {"ends": [ending.value for ending in turn.trace.endings]} if turn.trace.endings else {}


def _start(turn: MenuTurn, who: MenuUser) -> dict[str, object]:
    """What was dialled, in which language, and what conditions knew of the caller."""
    return {
        "dial": turn.heard,
        "language": turn.language,
        "caller": {
            "brand": who.brand,
            "state": who.state,
            "class": sorted(who.groups),
            "star": who.star,
            "level": f"A{who.level}",
            "time": f"{who.minute // 60:02}:{who.minute % 60:02}",
            "weekday": who.weekday,
            **({"at": written(who.moment)} if who.moment else {}),
            "region": who.region,
            "campus": who.campus,
            "holiday": who.holiday,
            "offers": who.offers,
        },
    }


@dataclass(frozen=True, slots=True)
class RecordedWalk:
    """A walk, and the version it was made on."""

    version: str
    script: MenuScript


def recordings(records: Iterable[WalkRecord]) -> Iterator[RecordedWalk]:
    """Of records by walk and id. What was dialled with more than is remembered, or has lost its
    beginning, is left out."""
    for began, steps in groupby(records, key=lambda record: record.began):
        whole = list(steps)
        start = whole[0].beats.get("start")
        if not isinstance(start, dict) or HIDDEN in start["dial"] or "{" in start["dial"]:
            continue
        beats = [beat for record in whole for beat in _beats(record.beats)]
        script = MenuScript(name=f"walk {began}", steps=beats, **start)
        yield RecordedWalk(whole[0].version, script)


def _beats(beats: RecordedBeats) -> Iterator[ScriptBeat]:
    if "type" in beats:
        yield ScriptBeat(type=str(beats["type"]))
    ends = beats.get("ends", [])
    for ending in ends if isinstance(ends, list) else []:
        yield ScriptBeat.model_validate({"ends": {ending: ""}})
