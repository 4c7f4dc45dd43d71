"""The sample subscribers, as whom somebody looks at an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gateway.config.sample import people as sample_people
from gateway.config.sample.people import Persona
from tariffs.catalogue import Catalogue

_FILE: Final = "sample/personas.yaml"


def personas(conf: Path, catalogue: Catalogue) -> tuple[Persona, ...]:
    """`conf`: a folder that has a sample; without one there are none. Raises BadFile, if one of
    them has what the catalogue has not."""
    path = conf / _FILE
    return sample_people.load(path, catalogue).personas if path.exists() else ()
