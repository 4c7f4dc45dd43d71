"""What the hall tells in English is Chinese on a Chinese page."""

from __future__ import annotations

import re

import pytest

from gateway.config.settings import PROJECT
from gateway.console.told_texts import text_told, told_catalogue


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("ussd: 60.0 % (120 of 200) led to nothing, 20.0 % (200 of 1000) in the hour before",
         "USSD没有结果 60.0 %(200 次中 120 次),前一小时 20.0 %(1000 次中 200 次)"),
        ("sms: 9.0 % (9 of 100) could not be served, 0.0 % (0 of 500) of the others",
         "短信未能受理 9.0 %(100 次中 9 次),其他号码 0.0 %(500 次中 0 次)"),
        ("9.0 % (9 of 100) complained, 0.0 % (0 of 500) in the hour before",
         "投诉 9.0 %(100 次中 9 次),前一小时 0.0 %(500 次中 0 次)"),
        ("80001, approved by 80004", "80001,80004 批准"),
        ("done: ticket 5970023000101", "完成:工单 5970023000101"),
        ("refused: no such right", "被拒:没有权限"),
        ("refused: ticket 5982 is done already", "被拒:工单 5982 已办结"),
        ("refused", "被拒"),
        ("type 20: 1 entries", "名单 20:1 条"),
        ("draft 3: menus/hall.yaml saved", "草稿 3:menus/hall.yaml 已保存"),
        ("smsc-a: paused, 5 parts a second", "smsc-a:暂停下行,每秒 5 条"),
        ("2 working hours", "2 个工作小时"),
        ("0.5 % (1 of 200)", "0.5 %(200 次中 1 次)"),
        ("call back: no answer", "回拨:无人接听"),
        ("there is no call: call 10086 first", "没有在通话:请先呼叫 10086"),
    ],
)  # fmt: skip
def test_it_is_told_with_what_is_filled_in(english: str, chinese: str) -> None:
    assert text_told(english, "zh") == chinese
    assert text_told(english, "en") == english


def test_what_subscribers_read_stays_as_they_read_it() -> None:
    for text in ("【话费余额】截至11月30日16时,您的余额56.80元", "1 查话费 / 2 充值", "80001", ""):
        assert text_told(text, "zh") == text


def test_the_catalogue_has_no_text_that_nothing_tells() -> None:
    files = [path for folder in ("gateway", "menus", "simulators", "commands") for path in
             sorted((PROJECT / folder).rglob("*.py"))]  # fmt: skip
    code = "\n".join(path.read_text("utf-8") for path in files)
    for one in told_catalogue():
        for part in re.split(r"<\d~?>", one.english):
            for word in filter(None, re.split(r"[ ,();]+", part)):
                assert word in code, one.english
