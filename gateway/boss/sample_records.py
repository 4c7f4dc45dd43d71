"""The sample subscribers and cards as a BOSS keeps them, for the reference one."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter

from gateway.boss.ports import BossRecord
from gateway.config.sample.people import Persona, Sample, SampleCard
from tariffs.catalogue import Catalogue

_RECORD: Final = TypeAdapter(BossRecord)


def sample_book(sample: Sample, catalogue: Catalogue, now: int) -> dict[str, Any]:
    """{"subscribers": {number: record}, "cards": {secret: card}}, with this month's use."""
    return {
        "subscribers": {one.account.msisdn: record(one, catalogue, now) for one in sample.personas},
        "cards": {one.secret.reveal(): card(one) for one in sample.cards},
    }


def record(persona: Persona, catalogue: Catalogue, now: int) -> Any:
    profile = persona.past.at(now, catalogue.zone).profile
    kept = BossRecord(1, persona.account, persona.subscriptions, persona.usage, profile)
    return _RECORD.dump_python(kept, mode="json")


def card(one: SampleCard) -> dict[str, Any]:
    return {"face_fen": one.face_fen, "state": one.state, "serial": one.serial}
