"""Whatever stands in a file of conf/: it is read, or it is told what is wrong, in little time."""

from __future__ import annotations

import time
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError

from commands.config.command_file import CommandsFile
from commands.config.offer_file import OffersFile
from commands.model.request import Channel, Reply
from gateway.config.checked_yaml import BadFile, Finding, fit, parse
from gateway.config.holidays import HolidaySheet, problems
from gateway.config.replies import Replies
from gateway.config.sources import read_settings
from gateway.config.text_problems import document_oddities
from gateway.wording.words import UNSAYABLE, ReplyTemplate, Wording, template_of
from menus.load.menu_file import MenuFile
from tariffs.tariff_files import ServicesFile

SECONDS = 4.0  # of the processor; it takes a hundredth of that
MODELS = (CommandsFile, Replies, MenuFile, ServicesFile, OffersFile, HolidaySheet)
PIECES = (
    *"[]{}:,-?&*!|>'\"%@`#~<=\n \t\\", "- ", ": ", "\n  ", "<<: ", "&a ", "*a", "---\n", "...\n",
    "!!int ", "|+\n ", ">-\n ", "null", "true", "0x1f", "0o7", "1_0", ".inf", "1e9", "2026-12-31",
    "2026-12-31 10:00:00 +25:99", "12:30:45", "zh", "en", "余额", "screens", "offers", "\ufeff",
    "\u2028", "\\u0000", "\\UFFFFFFFF", "\\x", "%YAML 1.1\n", "%TAG ! tag:x,2000:\n",
)  # fmt: skip
YAML = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=60).map("".join)
SIGNS = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", " ", "(", ")", "[", "]", "|", "~", "*", "**",
    ".", ",", "=", "==", "'", '"', "-", "+", "/", "%", "if", "else", "elif", "endif", "for", "in",
    "endfor", "set", "macro", "endmacro", "raw", "endraw", "text", "name", "names", "length",
    "yuan", "not", "and", "or", "is", "recursive", "loop", "index", "9" * 12, "range", "\n", "余额",
)  # fmt: skip
TEMPLATE = st.lists(st.sampled_from(SIGNS), max_size=50).map(" ".join) | st.text(max_size=60)


def told(findings: list[Finding], text: str) -> None:
    """Each says something, on a line that is there."""
    assert findings
    for finding in findings:
        assert finding.what
        assert 0 <= finding.line <= text.count("\n") + 2
        str(finding).encode()


@settings(max_examples=400, deadline=None)
@given(YAML, st.sampled_from(MODELS))
@example("a: &a [*a]", MenuFile)
@example("&a : 1", MenuFile)
@example("? ? ? ?", MenuFile)
@example("- !!int x\n- !<", MenuFile)
@example("a: 0000-00-00", MenuFile)
@example("a: 2026-12-31 99:99:99", MenuFile)
@example("a: 1__e_", MenuFile)
@example("a: 0x", MenuFile)
@example("a: -", MenuFile)
def test_any_text_is_a_file_or_a_finding(text: str, model: type) -> None:
    began = time.process_time()
    try:
        document = parse(text, "x.yaml")
        list(document_oddities(document))
        fit(document, model)
    except BadFile as bad:
        told(bad.findings, text)
    assert time.process_time() - began < SECONDS


@settings(max_examples=300, deadline=None)
@given(TEMPLATE)
def test_any_text_is_a_reply_or_has_a_fault(source: str) -> None:
    """And one that can be read is said, or lacks a fact, at once and at no length."""
    began = time.process_time()
    facts = {"name": "名", "names": ["一", "二"], "index": 1}
    fault: str | None = ""
    try:
        template_of(source)
    except TemplateSyntaxError as error:
        fault = error.message
    assert fault is not None
    if not fault:
        with suppress(*UNSAYABLE, RecursionError):  # a text that says itself: `misquotes` tells it
            words = Wording({"zh": {"t": ReplyTemplate(source)}}).say(
                [Reply("t", facts)], Channel.USSD, "zh"
            )
            assert len(words) < 100_000
    assert time.process_time() - began < SECONDS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), YAML)
def test_any_setting_is_one_or_a_finding(key: str, value: str) -> None:
    """By --set and by the environment, which name themselves."""
    for sets, environment in (([f"{key}={value}"], {}), ([], {f"HALLGATE_{key}": value})):
        try:
            read_settings(None, sets, environment)
        except BadFile as bad:
            for finding in bad.findings:
                assert finding.file.startswith(("--set", "HALLGATE_"))
                assert finding.line == 0


@given(st.text(max_size=12), st.dates().map(str))
def test_any_day_of_a_holiday_is_one_or_a_finding(odd: str, day: str) -> None:
    for first, last in ((odd, day), (day, odd), (day, day)):
        row = f'{{name: {{zh: 节, en: D}}, from: "{first}", to: "{last}"}}'
        with suppress(BadFile):
            text = f"holidays: [{row}]\nworkdays: ['{day}']\n"
            list(problems(fit(parse(text, "holidays.yaml"), HolidaySheet)))
