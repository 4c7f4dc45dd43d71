"""Links that are ordered about, tickets closed by a template, and files taken into lists: by forms,
and in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store.operators.link_orders import SqlLinkOrders
from gateway.store.tables import binds
from tests.gateway.api.console import Browser, Console
from tests.gateway.console.visitors import WIDTHS, Desk, ask, send, words_of

LINK = "smsc-<b>"


@pytest.fixture(scope="module", autouse=True)
def bound(hall: Console) -> None:
    """A gateway that has a bind, of a link with a name that is no HTML."""
    with hall.store.transaction() as connection:
        row = {"id": 8, "link": LINK, "copy": 3, "proven_upto": 0, "smsc": "north"}
        connection.execute(binds.insert(), row)


@pytest.fixture
def operations(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["operations"]


def ordered(hall: Console) -> tuple[str, int, str]:
    with hall.store.reading() as connection:
        order = SqlLinkOrders(connection).all()[LINK]
    return order.state.value, order.rate, order.operator


def test_a_link_is_paused_slowed_down_and_opened_with_a_reason(
    hall: Console, operations: Browser
) -> None:
    """What is left out stays; each order is in the audit."""
    for form, expected in (
        ({"state": "paused"}, ("paused", 0, "operations")),
        ({"rate": "200"}, ("paused", 200, "operations")),
        ({"state": "open"}, ("open", 200, "operations")),
        ({"state": "drained", "rate": "0"}, ("drained", 0, "operations")),
    ):
        done = send(hall, "/links/order", operations, link=LINK, reason="割接", **form)
        assert done.headers["location"] == "/links?told=ordered"
        assert ordered(hall) == expected
    entry = hall.audit()[0].entry
    assert (entry.action, entry.reason, entry.result) == (
        "links.change", "割接", f"{LINK}: drained",
    )  # fmt: skip
    page = words_of(ask(hall, "GET", "/links", by=operations))
    assert "smsc-&lt;b&gt;" in page
    assert "排空停用" in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"link": "nowhere", "state": "paused", "reason": "x"}, 404),
        ({"link": LINK, "state": "paused"}, 422),
        ({"link": LINK, "reason": "x"}, 422),
        ({"link": LINK, "state": "gone", "reason": "x"}, 422),
        ({"link": LINK, "rate": "1000000", "reason": "x"}, 422),
    ],
)
def test_an_order_that_cannot_be_given_changes_nothing(
    hall: Console, operations: Browser, form: dict[str, str], status: int
) -> None:
    send(hall, "/links/order", operations, link=LINK, reason="x", state="open", rate="7")
    assert send(hall, "/links/order", operations, **form).status == status
    assert ordered(hall) == ("open", 7, "operations")


def test_who_may_not_order_links_does_not(hall: Console, leader: Browser) -> None:
    refused = send(hall, "/links/order", leader, link=LINK, state="paused", reason="x")
    assert refused.status == 403
    assert "下达" not in words_of(ask(hall, "GET", "/links", by=leader))


def test_the_api_tells_and_orders_the_same(hall: Console, operations: Browser) -> None:
    told = hall.ask("POST", "/api/v1/links/orders", {
        "link": LINK, "state": "paused", "rate": 20, "reason": "ticket 7",
    }, operations)  # fmt: skip
    assert (told.status, told.json["state"], told.json["rate"]) == (200, "paused", 20)
    (one,) = hall.ask("GET", "/api/v1/links", by=operations).json["links"]
    assert (one["name"], one["gateways"], one["reason"]) == (LINK, [3], "ticket 7")
    assert "1 个(槽位 3)" in words_of(ask(hall, "GET", "/links", by=operations))


def test_a_ticket_is_closed_by_a_template(hall: Console, agent: Browser) -> None:
    """With its blanks filled in; a blank that is left empty is told."""
    made = send(
        hall, "/tickets/new", agent, kind="complaint", category="billing",
        subscriber="13800138002", said="多扣了",
    )  # fmt: skip
    at = made.headers["location"].partition("?")[0]
    send(hall, f"{at}/accept", agent)
    page = ask(hall, "GET", at, by=agent).body.decode()
    assert 'name="blank-amount"' in page
    assert "故障已修复" not in page  # of another kind
    filled = {"template": "refund", "blank-amount": "5", "blank-days": "3"}
    assert send(hall, f"{at}/done", agent, **{**filled, "blank-days": ""}).status in (409, 422)
    assert send(hall, f"{at}/done", agent, **filled).headers["location"].endswith("told=closed")
    assert "已为您退还5元" in words_of(ask(hall, "GET", at, by=agent))


def a_list(hall: Console, by: Browser, number: str) -> str:
    send(hall, "/lists/types", by, number=number, name="试名单", classes="", reason="试")
    return f"/lists/{number}"


@pytest.mark.service
def test_a_file_is_sent_looked_at_and_applied(
    screen: Desk, logged_in: dict[str, Browser], tmp_path: Path
) -> None:
    """The list is not changed before; lines with mistakes are told, and left out if one says so."""
    at = a_list(screen.hall, logged_in["marketing"], "71")
    file = tmp_path / "numbers.csv"
    file.write_text("号码,原因,有效期\n13900137101,来电\n1390013710,短了\n13900137102,来电\n")
    screen.log_in("marketing")
    screen.go(at)
    form = screen.one("form[data-upload]")
    screen.driver.execute_script("arguments[0].closest('details').open = true", form)
    screen.one("#file").send_keys(str(file))
    screen.one("#file-why").send_keys("导入 <i>试</i>")
    form.find_element("css selector", "button").click()
    screen.until("h1", "待生效")
    assert "2" in screen.one("dl.facts").text
    for width in WIDTHS:
        screen.wide(WIDTHS[width])
        assert screen.findings() == []
        screen.picture(f"list-file-{width}")
    screen.wide(WIDTHS["wide"])
    screen.driver.execute_script("window.confirm = () => true")
    screen.one("[name=skip_mistakes]").click()
    screen.button("生效").click()
    screen.until("#told", "文件已生效")
    page = words_of(ask(screen.hall, "GET", at, by=logged_in["marketing"]))
    assert "139****7101" in page
    assert "139****7102" in page


@pytest.mark.service
def test_a_file_that_cannot_be_taken_is_told_beside_the_form(
    screen: Desk, logged_in: dict[str, Browser], tmp_path: Path
) -> None:
    at = a_list(screen.hall, logged_in["marketing"], "72")
    send(screen.hall, f"{at}/close", logged_in["marketing"], reason="试")
    file = tmp_path / "numbers.csv"
    file.write_text("13900137103\n")
    screen.log_in("marketing")
    screen.go(at)
    form = screen.one("form[data-upload]")
    screen.driver.execute_script("arguments[0].closest('details').open = true", form)
    screen.one("#file").send_keys(str(file))
    screen.one("#file-why").send_keys("试")
    form.find_element("css selector", "button").click()
    screen.until("#told", "没有成功:名单类型 72")
    send(screen.hall, f"{at}/open", logged_in["marketing"], reason="试")
    file.write_bytes(b"PK\x03\x04" + bytes(100))
    screen.one("#file").clear()
    screen.one("#file").send_keys(str(file))
    form.find_element("css selector", "button").click()
    screen.until("#told", "请另存为 CSV UTF-8")
    screen.go("/lists/files")
    assert screen.findings() == []


@pytest.mark.service
@pytest.mark.parametrize("width", WIDTHS)
def test_links_can_be_ordered_about_by_everybody(screen: Desk, width: str) -> None:
    screen.wide(WIDTHS[width])
    screen.log_in("operations")
    screen.go("/links")
    screen.driver.execute_script(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
    assert screen.findings() == []
    wide = screen.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= WIDTHS[width]
    assert screen.complaints() == []
    screen.picture(f"links-ordered-{width}")
    screen.wide(WIDTHS["wide"])
