"""Recorded walks: keys and how commands ended, to be walked again through a changed menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from commands.masking import HIDDEN
from gateway.mail import Arrived
from gateway.menus.guide import Guided
from menus.script import Beat, Script
from menus.when import Caller

Json = Mapping[str, object]
_SPREAD: Final = 2_654_435_761  # Knuth's: neighbouring ids come to lie far apart
_RANGE: Final = 1 << 32


class Record(NamedTuple):
    """One step of a walk. `began` names the walk: the message it began with."""

    id: int
    began: int
    version: str
    beats: Json


def recorded(walked: Iterable[tuple[Arrived, Guided]], share: float) -> Iterator[Record]:
    """The steps of so many walks among all (0 to 1); a walk is recorded whole or not at all."""
    for message, guided in walked:
        if not (guided.began and chosen(guided.began, share)):
            continue
        if guided.who is not None:
            start = {"channel": message.channel.value} | _start(guided, guided.who)
            yield Record(message.id, guided.began, guided.version, {"start": start} | _ends(guided))
        elif guided.typed is not None:
            beats = {"type": guided.typed} | _ends(guided)
            yield Record(message.id, guided.began, guided.version, beats)


def chosen(began: int, share: float) -> bool:
    return (began >> 3) * _SPREAD % _RANGE < share * _RANGE


def _ends(guided: Guided) -> dict[str, object]:
    return {"ends": [ending.value for ending in guided.endings]} if guided.endings else {}


def _start(guided: Guided, who: Caller) -> dict[str, object]:
    """What was dialled, in which language, and what conditions knew of the caller."""
    return {
        "dial": guided.heard,
        "language": guided.language,
        "caller": {
            "brand": who.brand,
            "state": who.state,
            "class": sorted(who.groups),
            "star": who.star,
            "level": f"A{who.level}",
            "time": f"{who.minute // 60:02}:{who.minute % 60:02}",
            "weekday": who.weekday,
            "holiday": who.holiday,
            "offers": who.offers,
        },
    }


@dataclass(frozen=True, slots=True)
class Recording:
    """A walk, and the version it was made on."""

    version: str
    script: Script


def recordings(records: Iterable[Record]) -> Iterator[Recording]:
    """Of records by walk and id. What was dialled with more than is remembered, or has lost its
    beginning, is left out."""
    for began, steps in groupby(records, key=lambda record: record.began):
        whole = list(steps)
        start = whole[0].beats.get("start")
        if not isinstance(start, dict) or HIDDEN in start["dial"] or "{" in start["dial"]:
            continue
        beats = [beat for record in whole for beat in _beats(record.beats)]
        script = Script(name=f"walk {began}", steps=beats, **start)
        yield Recording(whole[0].version, script)


def _beats(beats: Json) -> Iterator[Beat]:
    if "type" in beats:
        yield Beat(type=str(beats["type"]))
    ends = beats.get("ends", [])
    for ending in ends if isinstance(ends, list) else []:
        yield Beat.model_validate({"ends": {ending: ""}})
