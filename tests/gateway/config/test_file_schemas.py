"""Editors complete what the loader reads."""

from __future__ import annotations

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.config.file_schemas import schema_of
from tests.commands.fakes import OWN_CONF


@pytest.mark.parametrize("name", sorted(n for n in conf_files(OWN_CONF) if n.endswith(".yaml")))
def test_every_file_that_people_write_has_a_schema(name: str) -> None:
    schema = schema_of(name)
    assert schema.get("properties") or schema.get("additionalProperties"), name


def test_what_is_no_file_of_conf_has_none() -> None:
    assert schema_of("gateway.yaml") == {}
