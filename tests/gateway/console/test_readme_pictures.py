"""Pictures of README: `CONSOLE_PICTURES=FOLDER pytest tests/gateway/console` makes them anew, as
readme-NAME.png; they lie in docs/pictures without `readme-`."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.support.select import Select

from tests.gateway.api.console import PROGRAM, Browser, Console, console
from tests.gateway.console.test_in_the_browser import DOWN, told_gateway
from tests.gateway.console.visitors import SHOTS, Desk, desk, send

PICTURES = Path(__file__).parents[3] / "docs" / "pictures"
NAMES = ("overview", "editor", "phone")
MOST = 200_000  # octets of one
SIZE = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_there_and_small(name: str) -> None:
    picture = (PICTURES / f"{name}.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(picture) < MOST


@pytest.mark.service
@pytest.mark.skipif(not SHOTS, reason="nobody wants pictures")
def test_the_pictures_are_made(tmp_path: Path) -> None:
    assert PROGRAM.exists()
    with told_gateway() as (pages, at):
        pages.metrics, pages.ready = DOWN.replace("calls 0", "calls 3"), ()
        store = f"sqlite:///{tmp_path / 'hall.db'}"
        with console(store, tmp_path, f"console.gateways=[{at}]", "http.listen=off") as hall:
            hall.hire("80011", "leader", name="王芳")
            hall.hire("80012", "agent", name="李雷")
            with desk(hall) as seen:
                _overview(hall, seen)
                draft = _editor(hall, seen)
                _phone(seen, draft)
    for name in NAMES:
        assert (Path(SHOTS) / f"readme-{name}.png").stat().st_size < MOST


def _overview(hall: Console, seen: Desk) -> None:
    agent: Browser = hall.log_in("80012")
    for number, said in enumerate(("基站没有信号", "短信收不到", "希望延长营业时间"), 1):
        send(hall, "/tickets/new", agent, kind="suggestion", subscriber=f"1380013800{number}",
             said=said)  # fmt: skip
    seen.log_in("80011")
    seen.until(".verdict.warning", "断开:smsc-a")
    seen.until("[data-live-words]", "实时")
    _take(seen, "overview")


def _editor(hall: Console, seen: Desk) -> str:
    leader = hall.log_in("80011")
    made = send(hall, "/conf/drafts/new", leader, name="余额短信改写")
    draft = made.headers["location"].partition("?")[0]
    seen.go(f"{draft}/file?name=replies/zh/queries.yaml&show=q.balance.pre.ok")
    seen.until(".device.voice pre")
    Select(seen.one("#persona")).select_by_index(1)
    seen.until("[data-checked]", "没有问题")
    _take(seen, "editor")
    return draft


def _phone(seen: Desk, draft: str) -> None:
    seen.go(f"{draft}/phone")
    seen.button("拿起").click()
    for field, words, button, shown in (
        ("sms", "KTLL10", "发送", "流量"), ("dial", "*139#", "拨", "移动营业厅"),
        ("call", "10086", "呼叫", "普通话"), ("press", "1", "按", "话费"),
    ):  # fmt: skip
        seen.until(f"#{field}").clear()
        seen.one(f"#{field}").send_keys(words)
        seen.button(button).click()
        seen.until("#phone-now", shown)
    _take(seen, "phone")


def _take(seen: Desk, name: str) -> None:
    seen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
    Path(SHOTS).mkdir(parents=True, exist_ok=True)
    seen.driver.save_screenshot(str(Path(SHOTS) / f"readme-{name}.png"))
