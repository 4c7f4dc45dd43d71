"""Why this answer, in a real browser: from the timeline to the message, and walked again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from gateway.model.messages import ScreenAct, SendOutcome, SendOutcomes
from gateway.serving.batch import BatchServer
from tests.gateway.api.console import Browser, Console
from tests.gateway.api.served import desk_beside, pressed, said, typed
from tests.gateway.console.visitors import WIDTHS, Desk, ask, send

pytestmark = pytest.mark.service
PHONE = "13800138001"


@pytest.fixture(scope="module")
def desk(hall: Console) -> Iterator[BatchServer]:
    with desk_beside(hall) as counter:
        yield counter


@pytest.fixture(scope="module")
def talked(desk: BatchServer) -> list[int]:
    """A message that was taken in two tries, a menu and a call."""
    balance = said(desk, "YE")
    took = SendOutcome(balance + 1, True, int(time.time() * 1000), "smsc-a", left="1/2\t8F01")
    desk.serve([SendOutcomes((took,))])
    begun = typed(desk, "*139#", ScreenAct.BEGIN)
    pressed(desk, "", ScreenAct.BEGIN)
    return [balance, begun, pressed(desk, "1"), said(desk, "CXYE#13800138002#739204")]


def looked_up(hall: Console, by: Browser, reason: str) -> str:
    made = send(hall, "/subscribers", by, number=PHONE, reason=reason)
    return made.headers["location"]


def test_a_message_of_the_timeline_is_followed_to_its_receipt(
    screen: Desk, talked: list[int]
) -> None:
    """And walked again; each look is in the audit."""
    screen.log_in("leader")
    _own(screen)
    screen.one(f"a[href$='/why/{talked[0]}']").click()
    screen.until("h1", "为什么这样答")
    words = screen.one("main").text
    assert "按指令代码" in words
    assert "有重试" in words
    assert "8F01" in words
    again = screen.until("#again", "模板和数据").text
    assert "balance" in again
    assert "replies/zh/queries.yaml" in again
    assert "没有办理、没有发送任何内容" in again
    entry = screen.hall.audit()[0].entry
    assert (entry.operator, entry.subscriber) == ("leader", PHONE)
    assert entry.result == f"message {talked[0]} walked again"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_can_use_it(screen: Desk, talked: list[int], width: str, language: str) -> None:
    screen.wide(WIDTHS[width])
    screen.log_in("leader")
    screen.driver.add_cookie({"name": "hallgate_language", "value": language})
    at = _own(screen)
    for name, message in zip(("sms", "ussd", "call", "secret"), talked, strict=True):
        screen.go(f"{at}/why/{message}")
        screen.until("#again", "edition in force" if language == "en" else "现在的配置")
        assert screen.findings() == [], name
        wide = screen.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= WIDTHS[width], name
        assert screen.complaints() == [], name
        screen.picture(f"why-{name}-{language}-{width}")
        screen.wide(WIDTHS[width])
    screen.driver.delete_cookie("hallgate_language")
    screen.wide(WIDTHS["wide"])


def _own(screen: Desk) -> str:
    """A look-up of whoever is logged in."""
    screen.go("/subscribers")
    screen.one("#number").send_keys(PHONE)
    screen.one("#reason").send_keys("ticket 7")
    screen.one("form[action='/subscribers'] button").click()
    screen.until("h1", PHONE)
    return screen.driver.current_url.removeprefix(f"http://127.0.0.1:{screen.hall.port}")


def test_without_a_reason_nothing_of_it_is_seen_and_without_the_right_nothing_at_all(
    hall: Console, logged_in: dict[str, Browser], talked: list[int]
) -> None:
    leader = logged_in["leader"]
    at = looked_up(hall, leader, "")
    for path in (f"{at}/why/{talked[0]}", f"{at}/why/{talked[0]}/again"):
        page = ask(hall, "GET", path, by=leader).body.decode()
        assert PHONE not in page
        assert "56.80" not in page
        assert ask(hall, "GET", path, by=logged_in["auditor"]).status == 403
        assert ask(hall, "GET", path, by=logged_in["agent"]).status == 404  # another's look-up
    secret = ask(hall, "GET", f"{looked_up(hall, leader, 'x 1')}/why/{talked[3]}", by=leader)
    assert b"739204" not in secret.body


def test_what_is_gone_is_told(hall: Console, logged_in: dict[str, Browser]) -> None:
    leader = logged_in["leader"]
    at = looked_up(hall, leader, "")
    gone = ask(hall, "GET", f"{at}/why/8", by=leader)
    assert (gone.status, "日志里没有这条消息".encode() in gone.body) == (404, True)
