"""The sample subscribers of conf/sample, for verbs that show what somebody would see."""

from __future__ import annotations

from typing import Final

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.sample import people as sample_people
from gateway.config.sample.people import Persona
from gateway.config.settings import Settings
from tariffs.catalogue import Catalogue

_FILE: Final = "sample/personas.yaml"


def known_personas(settings: Settings, catalogue: Catalogue) -> tuple[Persona, ...]:
    """Raises BadFile."""
    return sample_people.load(settings.conf / _FILE, catalogue).personas


def persona_of(settings: Settings, number: str, catalogue: Catalogue) -> Persona:
    """Raises BadFile, also if there is none of this number."""
    known = {one.account.msisdn: one for one in known_personas(settings, catalogue)}
    if number not in known:
        fix = f"Take one of: {', '.join(known)}"
        raise BadFile(
            [Finding(str(settings.conf / _FILE), 1, f"there is no persona {number}", fix)]
        )
    return known[number]
