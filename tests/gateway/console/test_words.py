"""What pages say of codes, refusals and moments."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from commands.model.accounts import NumberState
from commands.model.tickets import TicketState
from commands.reminders.model import ReminderKind, SentTo
from gateway.api.refusal_texts import refused_in
from gateway.api.ticket_models import TicketSearch, TicketToOpen
from gateway.console import assets, why_words
from gateway.console.refusals import misfits
from gateway.console.times import Times
from gateway.console.words import deed_named, named
from gateway.model.notices.notice import NoticeKind, NoticeState
from gateway.model.operators.operators import OperatorState
from gateway.model.operators.rights import OBJECTS
from gateway.operators.answer_rules import HOW, RESULTS, RULES
from gateway.operators.walk_differences import ASPECTS, WORDS, Because
from gateway.serving.beside.dialogue_steps import WhyNot
from gateway.store.tickets.handed_over import REFUSED, TAKEN, WAITING
from gateway.tickets import ticket_steps
from ivr.call.call_events import CallEndReason

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 29, 12, 0, tzinfo=SHANGHAI).timestamp()


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("ticket", TicketState), ("subscriber", NumberState), ("reminder", ReminderKind),
        ("sent to", SentTo), ("notice", NoticeState), ("notice kind", NoticeKind),
        ("operator", OperatorState), ("object", OBJECTS), ("verb", sum(OBJECTS.values(), ())),
        ("step", [rule.name for rule in vars(ticket_steps).values()
                  if isinstance(rule, ticket_steps.StepRule)]),
        ("result", [WAITING, TAKEN, REFUSED]),
        ("call", [each.value for each in CallEndReason]),
        ("step", [f"boss {state}" for state in
                  ("taken", "refused", "accepted", "appointed", "returned")]),
    ],
)  # fmt: skip
def test_every_code_has_a_name_in_both_languages(kind: str, codes: list[str]) -> None:
    for code in codes:
        assert re.search("[\u4e00-\u9fff]", named(kind, str(code), "zh")), code
        assert named(kind, str(code), "en").isascii()


def test_whatever_tells_why_has_its_chinese() -> None:
    store_away = "the store was away: the SMSC was asked to send it again"
    for text in (*HOW.values(), *RULES.values(), *RESULTS.values(), store_away):
        assert re.search("[\u4e00-\u9fff]", why_words.told(text, "zh")), text
        assert why_words.told(text, "en") == text
    for code in (*ASPECTS, WORDS, *Because, *WhyNot):
        assert re.search("[\u4e00-\u9fff]", why_words.named(code, "zh")), code
        assert why_words.named(code, "en").isascii()


def test_what_the_audit_has_is_told_in_words() -> None:
    assert deed_named("subscribers.reveal", "zh") == "用户:看明细"
    assert deed_named("tickets.accept", "zh") == "工单:接单"
    assert deed_named("session.login", "zh") == "登录"
    assert deed_named("operators.reset", "zh") == "人员:重置密码或动态码"
    assert deed_named("links.alarm", "zh") == deed_named("tickets.accept", "en") == ""


def test_a_code_without_a_name_is_shown_as_it_is() -> None:
    assert named("result", "no-such", "zh") == "no-such"


@pytest.mark.parametrize(
    ("status", "detail", "words"),
    [
        (409, "同事 (80002) has ticket 5982", "工单 5982 已由 同事 (80002) 处理"),
        (404, "no ticket has the number 17", "没有单号为 17 的工单"),
        (403, "your role has not the right tickets.read", "您的角色没有这项权限(tickets.read)"),
        (409, "nobody has put this into Chinese", "不能这样办理:nobody has put this into Chinese"),
    ],
)  # fmt: skip
def test_refusals_are_told_in_the_readers_language(status: int, detail: str, words: str) -> None:
    assert refused_in("zh", status, detail) == words
    assert refused_in("en", status, detail) == detail


def test_a_field_that_does_not_fit_is_named_and_never_repeated() -> None:
    with pytest.raises(ValidationError) as unfit:
        TicketToOpen.model_validate({"kind": "complaint", "subscriber": "12x", "said": ""})
    assert misfits("zh", unfit.value) == "用户号码格式不对;内容必须填写"
    assert misfits("en", unfit.value) == (
        "the subscriber's number has another form; the words is needed"
    )
    with pytest.raises(ValidationError) as unfit:
        TicketSearch.model_validate({"kind": "s3cret!"})
    assert "s3cret" not in misfits("zh", unfit.value) + misfits("en", unfit.value)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0秒前", "0 s ago"), (59, "59秒前", "59 s ago"), (60, "1分钟前", "1 min ago"),
        (7_200, "2小时前", "2 h ago"), (90_000, "1天前", "1 d ago"),
        (-3_600, "还有1小时", "in 1 h"),
    ],
)  # fmt: skip
def test_how_long_ago(seconds: int, zh: str, en: str) -> None:
    assert Times(SHANGHAI, NOON, "zh").age(NOON - seconds) == zh
    assert Times(SHANGHAI, NOON, "en").age(NOON - seconds) == en


def test_moments_have_their_zone() -> None:
    times = Times(SHANGHAI, NOON, "zh")
    assert times.clock(NOON) == "11-29 12:00"
    assert times.clock(NOON - 366 * 86_400) == "2025-11-28 12:00"
    assert times.whole(NOON) == "2026-11-29 12:00:00 UTC+08"
    assert Times(ZoneInfo("Asia/Kolkata"), NOON, "zh").zone_name == "UTC+05:30"


@given(st.floats(min_value=0, max_value=4e9))
def test_any_moment_can_be_said(moment: float) -> None:
    for language in ("zh", "en"):
        times = Times(SHANGHAI, NOON, language)
        assert times.clock(moment)
        assert times.age(moment)


def test_what_others_wrote_is_what_they_released() -> None:
    """Nobody has changed a file of theirs, and none came without its line."""
    folder = assets.FOLDER / "vendored"
    rows = dict(re.findall(r"^\| `([^`]+)` .*\| `([0-9a-f]{64})` \|$",
                           (folder / "README.md").read_text(), re.MULTILINE))  # fmt: skip
    files = {path.name for path in folder.iterdir() if path.suffix in (".js", ".css")}
    assert files == rows.keys()
    for name, hashed in rows.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == hashed, name
