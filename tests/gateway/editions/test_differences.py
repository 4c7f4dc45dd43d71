"""What changes between two editions, as people would say it."""

from __future__ import annotations

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.config.editions.edition import Edition
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_edition
from gateway.editions.differences.all_changes import ReadEdition
from gateway.editions.noticing import noticed
from tests.commands.fakes import OWN_CONF, own_sample
from tests.gateway.hall import own_book

pytestmark = pytest.mark.slow
NOW = 1_795_233_600


def told(*changes: tuple[str, str, str], brand: str = "") -> list[str]:
    """What is told of these changes of files: old words, and what stands there instead."""
    own = conf_files(OWN_CONF)
    files = dict(own)
    for name, old, new in changes:
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new)
    version = Edition("2", 0, "li", "", files)
    new_one = ReadEdition(open_edition(Settings(), version, {}), files)
    people = {one.account.brand: one.account for one in own_sample().personas}
    who = people[brand] if brand else None
    found = noticed(ReadEdition(own_book(), own), new_one, who, NOW)
    return [f"{change.subject}: {change}" for change in found]


def test_nothing_changes_where_only_a_comment_does() -> None:
    assert told(("offers.yaml", "offers:", "# for summer\noffers:")) == []


def test_a_price_is_told_first_with_whom_it_concerns() -> None:
    lines = told(
        ("tariffs/services.yaml", "fee: 10\n    group: EDU", "fee: 12\n    group: EDU"),
    )
    assert lines[0].startswith("prices: ~ EDU40 校园WLAN 40小时, a month")
    assert lines[0].endswith(": 10 yuan → 12 yuan")
    assert any(line.startswith("offers: ~ KTEDU40 beside") and "12元" in line for line in lines)
    assert any(line.startswith("menus: ~ ") and "40小时12元" in line for line in lines)


def test_words_and_commands_are_told_as_they_are_read() -> None:
    """On the channels on which they change, in the language in which they do."""
    lines = told(
        ("replies/zh/queries.yaml", "【套餐查询】当前套餐", "【套餐】您的套餐"),
        ("commands.yaml", "codes: [CXTC, TCCX, ", "codes: [CXTC, WDTC, "),
    )
    texts = [line for line in lines if line.startswith("answers: ~ q.plan (zh; sms")]
    assert texts
    assert all("您的套餐" in line for line in texts)
    assert "commands: - TCCX: 当前套餐 (q.plan)" in lines
    assert "commands: + WDTC: 当前套餐 (q.plan)" in lines


def test_other_files_are_told_by_place() -> None:
    lines = told(("tickets.yaml", "again: 7 d", "again: 3 d"))
    assert "tickets: ~ again: 7 d → 3 d" in lines


def test_one_subscriber_notices_what_concerns_them() -> None:
    """English words are nothing to who is answered in Chinese; a screen is told as it is shown to
    who has that brand."""
    words = ("replies/en/queries.yaml", "Your plan", "The plan you have")
    screen = ("menus/hall.yaml", "zh: 移动营业厅", "zh: 新营业厅")
    lines = told(words, screen, brand="QQT")
    assert lines
    assert not any(line.startswith("answers:") for line in lines)
    assert all("新营业厅" in line for line in lines)
    assert any(line.startswith("menus: ~ hall · ussd · zh") for line in lines)


def test_a_price_of_a_later_day_is_told_with_its_day() -> None:
    """And until when it holds, and when something is sold; by the hall's own clock."""
    changes = """    cancel_code: QXLL50
    changes:
      - {from: 2027-02-06, until: 2027-02-12, fee: 45, name: {zh: 流量包, en: Data}}
    sold: {from: 2027-01-01}
"""
    lines = told(
        ("tariffs/services.yaml", "    cancel_code: QXLL50\n", changes),
        (
            "commands.yaml",
            "closed: []",
            "closed: [{from: 2026-12-03 02:00, until: 2026-12-03 04:00, says: {zh: 停, en: W}}]",
        ),
    )
    when = ", from 2027-02-06 00:00, until 2027-02-13 00:00"
    assert any(line.endswith(f"{when}: 50 yuan → 45 yuan") for line in lines), lines
    assert "prices: ~ LL50 50元流量包, sold: always → from 2027-01-01 00:00" in lines
    assert not any("on sale" in line for line in lines)
    assert any("begins 2026-12-03 02:00, ends 2026-12-03 04:00" in line for line in lines)
