"""Fuzz the understanding of texts: python -m tests.fuzz.fuzz_command_text -max_total_time=600.

Nothing may leave `understand` or `masked` but their values, the same ones for the same text, and no
six digits may be left in what is kept of a text that asks for no known command.
"""

from __future__ import annotations

import re
import sys

import atheris

with atheris.instrument_imports(include=["commands"]):
    from commands.model.dialogue import AwaitedInput, Dialogue, NumberedList, PendingConfirm
    from commands.model.request import AuthLevel, ConfirmRule
    from commands.parser.masked_text import masked
    from commands.parser.parsed_message import ParsedCommand
    from commands.parser.understanding import understand

from tests.commands.fakes import own_conf

REGISTER = own_conf().register
ORDER = PendingConfirm(7, "sv.order", ConfirmRule.TWICE, 9)
RANDOM = PendingConfirm(8, "pw.random", ConfirmRule.ONCE, 9)
STEPS = tuple(
    AwaitedInput("pw.change", "13800138001", wants, AuthLevel.A1, 9)
    for wants in ("password", "new", "area")
)
STANDS = (
    Dialogue(),
    Dialogue(choice=NumberedList(("CD#1", "是#7", "KTEDU40"), 9)),
    Dialogue(pending=(ORDER,)),
    Dialogue(pending=(ORDER, RANDOM), choice=NumberedList(("是#7", "是#8"), 9)),
    *(Dialogue(step=step) for step in STEPS),
)


PIECES = (*sorted(REGISTER.codes), *"#*+, 。“Yy是否01", "138", "00138001", "１２", "\u200b", "密码")


def written(source: atheris.FuzzedDataProvider) -> str:
    """Pieces of commands and any characters between them: bytes alone would rarely spell one."""
    text = ""
    while source.remaining_bytes():
        place = source.ConsumeIntInRange(0, 255)
        text += PIECES[place] if place < len(PIECES) else source.ConsumeUnicode(1 + place % 40)
    return text


def one_text(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    dialogue = STANDS[source.ConsumeIntInRange(0, len(STANDS) - 1)]
    port = source.ConsumeBool()
    text = written(source)
    said = understand(text, dialogue, REGISTER, confirm_port=port)
    assert said == understand(text, dialogue, REGISTER, confirm_port=port)
    kept = masked(text, REGISTER, dialogue)
    if not isinstance(said, ParsedCommand):
        assert not re.search(r"\d{6}", kept) or kept in REGISTER.codes


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_text)
    atheris.Fuzz()
