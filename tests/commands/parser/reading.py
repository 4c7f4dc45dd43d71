"""What a text says with the codes of conf/commands.yaml, for the tests of the parser."""

from __future__ import annotations

from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.request import Secret
from commands.parser.parsed_message import ParsedCommand, ParsedMessage
from commands.parser.understanding import understand
from tests.commands.fakes import own_conf


def hear(
    text: str, dialogue: Dialogue = NO_DIALOGUE, *, confirm_port: bool = False
) -> ParsedMessage:
    return understand(text, dialogue, own_conf().register, confirm_port=confirm_port)


def asked(text: str, dialogue: Dialogue = NO_DIALOGUE) -> tuple[str, dict[str, str | Secret]]:
    """The action and the parameters that a text asks for."""
    said = hear(text, dialogue)
    assert isinstance(said, ParsedCommand), said
    return said.spec.action, said.args
