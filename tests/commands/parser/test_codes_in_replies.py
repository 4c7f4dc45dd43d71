"""What answers tell people to send can be sent."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML

from commands.model.dialogue import NO_DIALOGUE
from commands.parser.parsed_message import MalformedCommand, ParsedCommand
from commands.parser.understanding import understand
from tests.commands.fakes import OWN_CONF, own_conf

CODE = re.compile(
    r"(?<![A-Za-z./])((?:CX|KT|QX|ZF#|CZ#)[A-Z]*[0-9]*|DH|FJ|RG|0000|501)(?![A-Za-z])"
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_that_a_text_names_is_a_code(language: str) -> None:
    """Of a command, or with a parameter of it."""
    for path in sorted((OWN_CONF / "replies" / language).glob("*.yaml")):
        for name, text in YAML(typ="safe", pure=True).load(path).items():
            for code in CODE.findall(str(text)):
                said = understand(code.removesuffix("#"), NO_DIALOGUE, own_conf().register)
                assert isinstance(said, ParsedCommand | MalformedCommand), (name, code)
