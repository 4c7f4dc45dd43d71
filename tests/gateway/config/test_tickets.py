"""conf/tickets.yaml: what it means, and mistakes told with their line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands.model.care.ticket_rules import Promise
from gateway.config import business
from gateway.config.checked_yaml import BadFile
from gateway.config.settings import OWN_CONF, Settings
from gateway.config.tickets.ticket_book import read_ticket_book
from tests.commands.fakes import SIGNATURE, own_conf

LINES = (OWN_CONF / "tickets.yaml").read_text(encoding="utf-8").splitlines()


def spoilt(folder: Path, before: str, after: str) -> Path:
    """A conf/ with one mistake in it."""
    conf = folder / "conf"
    shutil.copytree(OWN_CONF, conf)
    path = conf / "tickets.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return conf


@pytest.mark.parametrize(
    ("before", "after", "what", "line"),
    [
        ("a_day: 10", "a_day: 0", "a_day", "a_day: 10"),
        ("accept: 2 working hours", "accept: soon", "written like 30 min", "accept:"),
        ("escalate: [0 h, 24 h]", "escalate: [24 h, 0 h]", "do not rise", "escalate:"),
        ("    joins: true", "    join: true", "kinds.complaint.join", "    joins: true"),
        ("  suggestion:", "  suggestions:", "no kind 'suggestion'", "kinds:"),
        (
            "    due: 30 min",
            "    due: 2 working hours",
            "promised to subscribers",
            "    due: 30 min",
        ),
        ("    due: 4 working hours", "    due: 0 working hours", "1 to 366", "    due: 4 working"),
        ("hours: 8:30-18:00", "hours: 18:00-8:30", "end in the morning", "hours:"),
        (
            "    kinds: [fault, repair]",
            "    kinds: [faults]",
            "no kind 'faults'",
            "    kinds: [fault",
        ),
        ("    categories: [billing]", "    categories: [signal]", "no category", "    categories:"),
        (
            "已为您退还{amount}元",
            "已为您退还{sum}元",
            "not the same blanks",
            '    text: {zh: "经核实,已为',
        ),
        ("已为您退订{what}", "已为您退订{what}}", "written {amount}", '    text: {zh: "已为您退订'),
        ("{amount: {zh: 金额", "{sum: {zh: 金额", "no blank {sum}", "    blanks: {amount"),
        ("预计{days}天", "预计{days}{0}天", "written {amount}", '    text: {zh: "经核实,已为'),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, what: str, line: str
) -> None:
    conf = spoilt(tmp_path, before, after)
    with pytest.raises(BadFile) as bad:
        business.load(conf, signature=SIGNATURE, learnt=False)
    (found,) = [each for each in bad.value.findings if each.file.endswith("tickets.yaml")]
    assert what in str(found)
    assert LINES[found.line - 1].startswith(line)
    with pytest.raises(BadFile):
        read_ticket_book(Settings(conf=conf))


def test_the_four_kinds_of_the_green_channel_are_there() -> None:
    kinds = own_conf().register.settings.tickets.kinds
    names = [str(kinds[code].name) for code in ("reservation", "entrust", "hold", "terminal")]
    assert names == ["预约办理", "委托受理", "物品预留", "终端支撑"]
    assert kinds["hold"].due == Promise(working_seconds=2 * 3600)
    assert kinds["entrust"].password


def test_a_conf_that_says_nothing_of_tickets_has_the_projects_own(tmp_path: Path) -> None:
    conf = tmp_path / "conf"
    shutil.copytree(OWN_CONF, conf)
    (conf / "tickets.yaml").unlink()
    assert read_ticket_book(Settings(conf=conf)).rules == read_ticket_book(Settings()).rules
