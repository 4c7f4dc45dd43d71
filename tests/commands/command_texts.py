"""Texts for whatever the register has: every code with every form, its parameters from a pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from commands.model.command_register import CommandCode
from commands.model.parameters import ParameterForm, ParameterKind
from tests.commands.fakes import own_conf

ZHANG, OTHER = "13800138001", "13800138003"
RIGHT_PASSWORD, RIGHT_CERTIFICATE = "739204", "110101199003078515"
RIGHT_CODES = ["482915", "604827"]
GOOD_CARD, OTHER_CARD = "860000000000000001", "860000000000000002"
NEW_PASSWORD = "528461"

Pool = Mapping[str, Sequence[str]]  # by the name of a parameter, or else by its kind

PLAIN: Pool = {
    ParameterKind.MSISDN: [OTHER, ZHANG],
    ParameterKind.NAME: ["张三"],
    ParameterKind.MONTH: ["202610"],
    ParameterKind.MONTH_OF_YEAR: ["10"],
    ParameterKind.DAY: ["1105"],
    ParameterKind.YUAN: ["20"],
    ParameterKind.AMOUNT: ["50"],
    ParameterKind.SERIAL: ["20261010000000001"],
    ParameterKind.SHORT_NUMBER: ["6102"],
    ParameterKind.TICKET: ["12345678"],
    ParameterKind.CODE: ["LL30"],
    "plan": ["QQT58", "QQT88"],
    "exchange": ["HF30", "HF10"],
    "services": ["LL10 CL", "LL30"],
    ParameterKind.DIGIT: ["3"],
    ParameterKind.TEXT: ["没有信号"],
    "new": [NEW_PASSWORD],
    "again": [NEW_PASSWORD],
}
# Nobody who sends these knows anything that is secret.
IGNORANT: Pool = {
    **PLAIN,
    ParameterKind.PASSWORD: ["111222", "904671"],
    ParameterKind.CERTIFICATE: ["110101199003078523"],
    ParameterKind.CARD: ["123456789012345678"],
}
KNOWING: Pool = {
    **PLAIN,
    ParameterKind.PASSWORD: [RIGHT_PASSWORD, "580317"],
    ParameterKind.CERTIFICATE: [RIGHT_CERTIFICATE],
    ParameterKind.CARD: [GOOD_CARD, OTHER_CARD],
}


def command_texts(pool: Pool) -> dict[str, list[str]]:
    """By action: every word of the register, alone and followed by what it can be followed by."""
    found: dict[str, list[str]] = {}
    for first in own_conf().register.codes.values():
        for code in first.readings:
            texts = [text for form in code.forms for text in _written(code, form, pool)]
            found.setdefault(code.spec.action, []).extend(texts)
    return found


def _written(code: CommandCode, form: ParameterForm, pool: Pool) -> Iterator[str]:
    values = [pool.get(place.names[0], pool.get(place.kind, ["1"])) for place in form]
    for chosen in islice(product(*values), 4):
        yield "#".join([code.word, *chosen])
