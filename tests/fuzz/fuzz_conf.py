"""Hostile files of conf/ against the reader of YAML and the language of texts, guided by coverage.

python tests/fuzz/fuzz_conf.py -max_total_time=600
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(
    include=[
        "gateway.config.checked_yaml",
        "gateway.config.yaml_lines",
        "gateway.wording.templates",
    ]
):
    from jinja2 import TemplateSyntaxError

    from commands.config.command_file import CommandsFile
    from gateway.config.checked_yaml import BadFile, Finding, fit, parse
    from gateway.config.replies import Replies
    from gateway.config.text_problems import document_oddities
    from gateway.wording.words import template_of
    from menus.load.menu_file import MenuFile
    from tariffs.tariff_files import ServicesFile

MODELS = [CommandsFile, Replies, MenuFile, ServicesFile]


def a_file(data: atheris.FuzzedDataProvider) -> None:
    """It becomes a model, or findings that name a line and say something."""
    model = data.PickValueInList(MODELS)
    text = data.ConsumeUnicode(data.remaining_bytes())
    findings: list[Finding] = []
    try:
        document = parse(text, "x.yaml")
        findings += document_oddities(document)
        fit(document, model)
    except BadFile as bad:
        findings = bad.findings
    assert all(finding.what and finding.line >= 0 for finding in findings)


def a_text(data: atheris.FuzzedDataProvider) -> None:
    """It is one of the language, or has a fault."""
    with suppress(TemplateSyntaxError):
        template_of(data.ConsumeUnicode(data.remaining_bytes()))


def one_input(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    provider.PickValueInList([a_file, a_text])(provider)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
