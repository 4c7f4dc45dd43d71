"""The sample subscribers and cards as a BOSS keeps them, for the reference one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter

from gateway.boss.ports import BossRecord
from gateway.config.sample.people import Persona, Sample, SampleCard
from gateway.store.sample.detailed_records import sample_records
from tariffs.catalogue import Catalogue

_RECORD: Final = TypeAdapter(BossRecord)


def sample_book(sample: Sample, catalogue: Catalogue, now: int) -> dict[str, Any]:
    """{"subscribers": {number: record}, "cards": {secret: card}, "records": {number: [line]}}, with
    this month's use."""
    return {
        "subscribers": {one.account.msisdn: record(one, catalogue, now) for one in sample.personas},
        "cards": {one.secret.reveal(): card(one) for one in sample.cards},
        "records": {
            one.account.msisdn: list(lines(one.account.msisdn, now)) for one in sample.personas
        },
    }


def record(persona: Persona, catalogue: Catalogue, now: int) -> Any:
    profile = persona.past.at(now, catalogue.zone).profile
    kept = BossRecord(1, persona.account, persona.subscriptions, persona.usage, profile)
    return _RECORD.dump_python(kept, mode="json")


def card(one: SampleCard) -> dict[str, Any]:
    return {"face_fen": one.face_fen, "state": one.state, "serial": one.serial}


def lines(number: str, now: int) -> Iterator[dict[str, Any]]:
    """Three months of detailed records."""
    for one in sample_records(int(number), now):
        yield {
            "kind": one.kind,
            "other": one.other,
            "at": one.began_at,
            "length": one.length,
            "fen": one.fen,
        }
