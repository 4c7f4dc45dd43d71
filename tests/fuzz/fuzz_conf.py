"""Hostile files of conf/ against the reader of YAML and the language of texts, guided by coverage.

python tests/fuzz/fuzz_conf.py -max_total_time=600
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(
    include=["gateway.files", "gateway.yaml_text", "gateway.templates"]
):
    from jinja2 import TemplateSyntaxError

    from commands.sheet import Commands
    from gateway.files import BadFile, Finding, fit, parse
    from gateway.oddities import document_oddities
    from gateway.replies import Replies
    from gateway.wording import template_of
    from menus.sheet import MenuFile
    from tariffs.sheets import Services

MODELS = [Commands, Replies, MenuFile, Services]


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
