"""What subscribers did by SMS and USSD stands in the day's report, while the gateway runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from tests.stories.hall import Hall
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow
PROGRAM = Path(sys.executable).with_name("hallgate")


class DayReport:
    """Of this day, as JSON."""

    def __init__(self, told: Any) -> None:
        self.sections = {section["title"]: section for section in told["sections"]}

    def row(self, section: str, *of: str) -> dict[str, Any]:
        """A row's figures, by name."""
        found = self.sections[section]
        names = [figure["name"] for figure in found["figures"]]
        row = next(row for row in found["rows"] if row["of"] == list(of))
        return dict(zip(names, row["values"], strict=True))


async def reported(hall: Hall) -> DayReport:
    words = [str(PROGRAM), "report", "day", "--json", "--config", str(hall.house.file)]
    made = await deferToThread(lambda: subprocess.run(words, capture_output=True, check=True))
    return DayReport(json.loads(made.stdout))


@pytest_twisted.ensureDeferred
async def test_a_day_is_what_people_did_on_it(hall: Hall) -> None:
    """Answers, a refusal with its reason, a text that nobody understands and what came next;
    counted once more, nothing doubles."""
    one, two, late = (hall.phone(f"138001380{place}") for place in ("01", "09", "04"))
    for _ in range(3):
        assert "余额" in await one.asks("YE")
    assert await two.asks("咕噜咕噜呱呱13900001111")
    assert "余额" in await two.asks("YE")
    assert await late.asks("KTLL30")
    screen = UssdPhone(one)
    await screen.walks("1")
    await hall.calm()
    told = await reported(hall)
    again = await reported(hall)
    for day in (told, again):
        assert day.row("分业务", "话费余额", "q.balance")["完成数"] >= 4
        assert day.row("分渠道", "短信")["请求数"] == 6
        assert day.row("分渠道", "短信")["拒绝数"] == 1
        assert day.row("分渠道", "USSD")["请求数"] == 2
        assert day.row("分品牌", "全球通")["请求数"] == 8
        assert day.row("分归属地", "北京")["请求数"] == 8
        assert day.row("未理解的短信", "咕噜咕噜呱呱***") == {"次数": 1, "随后": "话费余额 1"}
        assert day.row("总览")["未理解数"] == 1
        assert day.row("总览")["下行数"] >= 8
        assert day.row("总览")["下行成功率"] == 100.0
        assert day.row("总览")["通话数"] == 0
    refused = [row for row in told.sections["拒绝原因"]["rows"] if row["values"] == [1]]
    assert len(refused) == 1
    assert refused[0]["of"][2]
