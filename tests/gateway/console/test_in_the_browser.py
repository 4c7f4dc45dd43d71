"""A shift at the console, in a real browser."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from gateway.console.pages import LANGUAGES
from tests.gateway.api.console import PROGRAM, Browser, Console, console
from tests.gateway.console.visitors import WIDTHS, Desk, Forms, ask, desk, send

pytestmark = pytest.mark.service
SCREENS = {
    "overview": "/", "subscribers": "/subscribers", "tickets": "/tickets?view=all",
    "tickets-empty": "/tickets?view=mine", "ticket-new": "/tickets/new", "links": "/links",
    "figures-day": "/figures", "figures-month": "/figures?span=month", "notices": "/notices",
    "notice": "/notices/1", "notice-preview": "/notices/1/preview", "reminders": "/reminders",
    "reminder-rules": "/reminders/rules", "reminder-try": "/reminders/try", "lists": "/lists",
    "list": "/lists/20", "operators": "/operators", "operator": "/operators/agent",
    "roles": "/operators/roles", "account": "/account", "nowhere": "/nowhere", "no-right": "/audit",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_can_be_used_by_everybody(screen: Desk, width: str, language: str) -> None:
    """axe-core holds nothing serious against it; nothing is wider than the window; nothing breaks
    and the policy has nothing to stop."""
    screen.wide(WIDTHS[width])
    screen.log_in("leader")
    screen.go(f"/language/{language}")
    for name, path in SCREENS.items():
        screen.go(path)
        assert screen.findings() == [], name
        wide = screen.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= WIDTHS[width], name
        assert screen.complaints() == [], name
        screen.picture(f"{name}-{width}-{language}")
        screen.wide(WIDTHS[width])
    screen.go("/language/zh")
    screen.wide(WIDTHS["wide"])


@pytest.mark.parametrize("width", WIDTHS)
def test_screens_of_others_can_be_used_too(screen: Desk, width: str) -> None:
    screen.wide(WIDTHS[width])
    for role, paths in {
        "auditor": ("/audit", "/audit/verify"), "admin": ("/operators/new", "/operators/agent"),
        "marketing": ("/notices/new", "/notices/1/change"), "boss": ("/",),
    }.items():  # fmt: skip
        screen.log_in(role)
        for path in paths:
            screen.go(path)
            assert screen.findings() == [], path
            assert screen.complaints() == [], path
            screen.picture(f"{role}-{path.strip('/').replace('/', '-') or 'overview'}-{width}")
            screen.wide(WIDTHS[width])
    screen.wide(WIDTHS["wide"])


def test_a_login_by_keys_alone(screen: Desk) -> None:
    form = screen.hall.form("leader")
    screen.driver.delete_all_cookies()
    screen.go(
        "/tickets?view=late"
    )  # whoever is not logged in comes back to where they wanted to go
    assert screen.findings() == []
    screen.picture("login-wide")
    for name in ("operator", "password", "code"):
        screen.driver.switch_to.active_element.send_keys(str(form[name]), Keys.TAB)
    screen.driver.switch_to.active_element.send_keys(Keys.ENTER)
    screen.until("h1", "工单")
    assert screen.driver.current_url.endswith("/tickets?view=late")


def test_a_wrong_code_is_told_and_the_name_stays(screen: Desk) -> None:
    screen.driver.delete_all_cookies()
    screen.go("/login")
    for name, typed in (("operator", "leader"), ("password", "wrong"), ("code", "000000")):
        screen.one(f"#{name}").send_keys(typed)
    screen.button("登录").click()
    screen.until("[role=alert]", "工号、密码或动态码不对")
    assert screen.one("#operator").get_attribute("value") == "leader"
    assert screen.one("#password").get_attribute("value") == ""
    screen.picture("login-wrong-wide")


def test_a_number_is_masked_until_there_is_a_reason(screen: Desk) -> None:
    screen.log_in("leader")
    screen.go("/subscribers")
    screen.one("#number").send_keys("13800138001")
    screen.button("查询").click()
    screen.until("h1", "138****8001")
    assert "56.80" not in screen.one("main").text
    assert "13800138001" not in screen.driver.page_source
    assert "13800138001" not in screen.driver.current_url
    screen.picture("subscriber-masked-wide")
    screen.one("#reason").send_keys("来电查余额")
    screen.button("显示").click()
    screen.until("h1", "13800138001")
    assert "56.80 元" in screen.one("main").text
    assert screen.findings() == []
    screen.picture("subscriber-full-wide")
    entry = screen.hall.audit(subscriber="13800138001")[0].entry
    assert (entry.operator, entry.action) == ("leader", "subscribers.reveal")
    assert entry.reason == "来电查余额"


def test_what_is_wrong_is_told_beside_the_form_and_what_was_typed_stays(screen: Desk) -> None:
    screen.log_in("leader")
    screen.go("/subscribers")
    screen.one("#number").send_keys("13700000000")
    screen.button("查询").click()
    screen.until("#told", "这个号码不是本网用户")
    assert screen.one("#number").get_attribute("value") == "13700000000"


def opened(hall: Console, by: Browser, said: str) -> str:
    made = send(hall, "/tickets/new", by, kind="suggestion", subscriber="13800138005", said=said)
    return made.headers["location"].partition("?")[0]


def test_a_ticket_is_taken_put_back_and_closed(screen: Desk, logged_in: dict[str, Browser]) -> None:
    ticket = opened(screen.hall, logged_in["agent2"], "灯不亮")
    screen.log_in("agent")
    screen.go(ticket)
    assert "灯不亮" not in screen.one("main").text  # its words are for who has it
    screen.button("接单").click()
    screen.until("#told", "已接单")
    assert "灯不亮" in screen.one("main").text
    assert screen.findings() == []
    screen.picture("ticket-taken-wide")
    screen.button("放回").click()
    screen.until("#told", "已放回")
    screen.button("接单").click()
    screen.until("#told", "已接单")
    screen.one("#result").send_keys("已换灯泡")
    screen.button("办结并通知用户").click()
    screen.until("#told", "已办结")
    steps = [row.text for row in screen.all("tbody tr")]
    assert [word for step in steps for word in ("接单", "放回", "办结") if word in step] == [
        "接单", "放回", "接单", "办结",
    ]  # fmt: skip


def test_who_else_looks_is_seen_and_the_quicker_one_wins(
    screen: Desk, logged_in: dict[str, Browser]
) -> None:
    ticket = opened(screen.hall, logged_in["leader"], "两个人看")
    screen.log_in("agent")
    screen.go(ticket)
    with desk(screen.hall) as other:
        other.log_in("agent2")
        other.go(ticket)
        other.until("[data-live-region] .note", "某agent 也在看这张工单")
        screen.until("[data-live-region] .note", "同事 也在看这张工单")
        other.button("接单").click()
        other.until("#told", "已接单")
        screen.until("[data-ticket-moved]", "这张工单刚被处理过")
        screen.button("接单").click()
        screen.until("#told", "已由 同事 (agent2) 处理")
        screen.picture("ticket-taken-by-another-wide")


def test_ten_tickets_in_ten_tabs(screen: Desk, logged_in: dict[str, Browser]) -> None:
    """A browser holds six connections to one console; a page that nobody sees keeps none, and has
    its own again when it is looked at."""
    ticket = opened(screen.hall, logged_in["leader"], "十张工单")
    screen.log_in("agent")
    first = screen.driver.current_window_handle
    for _ in range(10):
        screen.driver.switch_to.new_window("tab")
        screen.go(ticket)
        screen.until("[data-live-region] [data-ticket-state]")
    for tab in screen.driver.window_handles[2:]:
        screen.driver.switch_to.window(tab)
        screen.driver.close()
    screen.driver.switch_to.window(screen.driver.window_handles[1])
    with desk(screen.hall) as other:
        other.log_in("agent2")
        other.go(ticket)
        screen.until("[data-live-region] .note", "同事 也在看这张工单")
    screen.driver.close()
    screen.driver.switch_to.window(first)


def test_the_keys_of_the_navigation_lead_to_one_place_each(
    tmp_path: Path,
) -> None:
    """Also where there is a phone, and with it more places than digits."""
    store = f"sqlite:///{tmp_path / 'hall.db'}"
    with console(store, tmp_path, "console.phone=127.0.0.1:1", samples=False) as hall:
        hall.hire("leader", "leader", name="班长")
        page = Forms(ask(hall, "GET", "/account", by=hall.log_in("leader")).body.decode())
        keys = [told["accesskey"] for tag, told in page.tags if tag == "a" and "accesskey" in told]
        assert len(keys) == len(set(keys)) == 10


def test_the_language_is_chosen_and_stays(screen: Desk) -> None:
    screen.log_in("leader")
    screen.one("a[lang=en]").click()
    screen.until("h1", "Overview")
    screen.go("/tickets?view=all")
    assert screen.one("html").get_attribute("lang") == "en"
    assert screen.one("h1").text == "Tickets"
    assert screen.findings() == []
    screen.picture("tickets-english-wide")
    screen.one("a[lang='zh-CN']").click()
    screen.until("h1", "工单")


class GatewayPages(http.server.BaseHTTPRequestHandler):
    """What a gateway tells of itself, as the test wants it."""

    ready: tuple[str, ...] = ()
    metrics = ""

    def do_GET(self) -> None:
        if self.path == "/readyz":
            body = json.dumps({"ready": not self.ready, "reasons": self.ready})
        else:
            body = type(self).metrics
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def told_gateway() -> Iterator[tuple[type[GatewayPages], str]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), GatewayPages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield GatewayPages, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


UP = 'hallgate_link_up{link="smsc-a"} 1\nhallgate_link_up{link="pbx-a"} 1\nhallgate_calls 3\n'
DOWN = 'hallgate_link_up{link="smsc-a"} 0\nhallgate_link_up{link="pbx-a"} 1\nhallgate_calls 0\n'


def test_the_strip_goes_with_the_hall(tmp_path: Path) -> None:
    """A link that goes down becomes an alarm by itself; somebody takes it; it goes with the fault.
    A pause stops it; a console that is gone is told as old."""
    assert PROGRAM.exists()
    with told_gateway() as (pages, at):
        pages.metrics, pages.ready = UP, ()
        store = f"sqlite:///{tmp_path / 'hall.db'}"
        with console(store, tmp_path, f"console.gateways=[{at}]", samples=False) as hall:
            hall.hire("leader", "leader", name="班长")
            with desk(hall) as seen:
                seen.log_in("leader")
                seen.until(".verdict.well .verdict-value", "2/2")
                seen.until("[data-live-words]", "实时")
                pages.metrics, pages.ready = DOWN, ("no SMPP link is up",)
                seen.until(".verdict.warning", "断开:smsc-a")
                seen.until("summary", "网关自己说的原因")
                seen.picture("overview-alarm-wide")
                assert seen.findings() == []
                seen.button("我来处理").click()
                seen.until("tbody td", "班长")
                pages.metrics, pages.ready = UP, ()
                seen.until(".verdict.well .verdict-value", "2/2")
                assert seen.all("[data-live-region] tbody") == []
                seen.button("暂停").click()
                seen.until("[data-live-words]", "已暂停")
                pages.metrics = DOWN
                seen.button("继续").click()
                seen.until(".verdict.warning", "断开:smsc-a")
                assert "班长" not in seen.one("[data-live-region]").text  # it is another alarm
                assert hall.stop() == 0  # at once, though a stream is open
                seen.until("[data-live-words]", "连接中断")
                seen.picture("overview-stale-wide")
