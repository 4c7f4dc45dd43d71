"""Somebody changes a menu in the console: seen wrong at the line, seen as it goes out, saved beside
a colleague, tried with a phone, proposed, tried out, taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from gateway.model.menu_use import MenuUse
from gateway.store.editions.usage import SqlUsage
from gateway.store.tables import menu_use
from menus.model.wording import MenuChannel
from tests.gateway.api.console import Browser, Console
from tests.gateway.console.visitors import PATIENCE, WIDTHS, Desk, ask, send

pytestmark = pytest.mark.service
HALL = "menus/hall.yaml"


@pytest.fixture
def draft(hall: Console, logged_in: dict[str, Browser]) -> Iterator[str]:
    """The address of one that nothing is changed in. It does not stay: other tests walk all that
    there is."""
    made = send(hall, "/conf/drafts/new", logged_in["business"], name="一月校园套餐")
    assert made.status == 303, made.body.decode()
    address = made.headers["location"].partition("?")[0]
    yield address
    assert send(hall, f"{address}/drop", logged_in["business"]).status == 303


class Editor:
    """The editor of a file, as somebody sees it."""

    def __init__(self, screen: Desk, draft: str, name: str, more: str = "") -> None:
        self._screen = screen
        screen.go(f"{draft}/file?name={name}{more}")
        screen.until("[data-checked]", "没有问题")

    def text(self) -> str:
        return str(self._ask("return view.state.doc.toString()"))

    def put(self, old: str, new: str) -> None:
        """As if it was typed."""
        self._ask(
            "const at = view.state.doc.toString().indexOf(arguments[0]);"
            "view.dispatch({changes: {from: at, to: at + arguments[0].length,"
            " insert: arguments[1]}, selection: {anchor: at + arguments[1].length}})",
            old, new,
        )  # fmt: skip

    def type(self, line: int, words: str) -> None:
        """With keys, at the beginning of a line."""
        self._ask(
            "view.dispatch({selection: {anchor: view.state.doc.line(arguments[0]).from}});"
            "view.focus()",
            line,
        )  # fmt: skip
        ActionChains(self._screen.driver).send_keys(words).perform()

    def insert(self, line: int, before: str, behind: str) -> None:
        """At the beginning of a line; the cursor stands between them."""
        self._ask(
            "const at = view.state.doc.line(arguments[0]).from;"
            "view.dispatch({changes: {from: at, insert: arguments[1] + arguments[2]},"
            " selection: {anchor: at + arguments[1].length}}); view.focus()",
            line, before, behind,
        )  # fmt: skip

    def marks(self) -> list[str]:
        """The lines that are marked as wrong."""
        found = self._ask(
            "return Array.from(view.dom.querySelectorAll('.cm-lintRange-error'),"
            " (one) => one.closest('.cm-line').textContent)"
        )
        assert isinstance(found, list)
        return found

    def offered(self) -> list[str]:
        """What the list at the cursor has."""
        found = self._ask(
            "return Array.from(view.dom.querySelectorAll('.cm-completionLabel'),"
            " (one) => one.textContent)"
        )
        assert isinstance(found, list)
        return found

    def save(self) -> None:
        self._screen.one("[data-save]").click()

    def _ask(self, script: str, *words: str | int) -> object:
        return self._screen.driver.execute_script(
            f"const view = document.querySelector('[data-editing]').editorView; {script}", *words
        )


def test_a_mistake_is_seen_at_its_line_and_a_screen_as_it_goes_out(
    screen: Desk, draft: str
) -> None:
    screen.log_in("business")
    editor = Editor(screen, draft, HALL, "&show=hall")
    screen.until(".device.ussd pre", "移动营业厅")
    editor.put("to: more", "to: mroe")
    screen.until("[data-checked]", "处问题")
    assert any("mroe" in line for line in editor.marks())
    assert "mroe" in screen.one("[data-findings]").text
    editor.put("to: mroe", "to: more")
    editor.put("zh: 移动营业厅", "zh: 新营业厅")
    screen.until(".device.ussd pre", "新营业厅")
    screen.until("[data-checked]", "没有问题")
    screen.until("[data-state]", "未保存")
    assert screen.findings() == []
    screen.picture("editor-wide")
    screen.wide(WIDTHS["wide"])
    editor.save()
    screen.until("[data-state]", "已保存")
    assert screen.complaints() == []
    assert "新营业厅" in Editor(screen, draft, HALL).text()


MENU = "screens:\n  hall:\n    options:\n      - {key: 1, "
PLACES = {
    "screens:\n  hall:\n    ": (["screens", "hall"], None),
    "screens:\n  hall:\n    say: a\n    ": (["screens", "hall"], None),
    "screens:\n  hall:\n    say: a\n  ": (["screens"], None),
    MENU: (["screens", "hall", "options", "-"], None),
    MENU + "label: {zh: '甲,{', ": (["screens", "hall", "options", "-", "label"], None),
    MENU + "label: {zh: a}, run: ": (["screens", "hall", "options", "-", "run"], "run"),
    "a:\n  - b: 1\n    c: 2\n    ": (["a", "-"], None),
    "a:\n- b: 1\n- ": (["a", "-"], None),
    "roles:\n  x:\n    rights:\n      tickets: [read, ": (
        ["roles", "x", "rights", "tickets", "-"], "-",
    ),
}  # fmt: skip


def test_what_may_stand_there_is_offered(screen: Desk, draft: str) -> None:
    """By the schema that the loader goes by."""
    screen.log_in("business")
    editor = Editor(screen, draft, HALL)
    for text, (path, key) in PLACES.items():
        place = screen.driver.execute_script(
            "return window.schemaWords.placeOf(arguments[0])", text
        )
        assert (place["path"], place["key"]) == (path, key), text
    editor.insert(17, "  other:\n    ", "\n")
    ActionChains(screen.driver).key_down(Keys.CONTROL).send_keys(" ").key_up(Keys.CONTROL).perform()
    offered = WebDriverWait(screen.driver, PATIENCE).until(lambda _: editor.offered())
    assert {"say", "options", "end"} <= set(offered)
    screen.picture("editor-completion-wide")
    screen.wide(WIDTHS["wide"])
    screen.driver.execute_script("sessionStorage.clear()")


def test_a_colleagues_text_is_looked_at_before_it_is_saved_over(
    screen: Desk, draft: str, logged_in: dict[str, Browser]
) -> None:
    screen.log_in("business")
    editor = Editor(screen, draft, "holidays.yaml")
    editor.type(1, "# mine")
    screen.until("[data-state]", "未保存")
    screen.driver.refresh()
    screen.until("[data-state]", "没保存的内容已放回")  # it is asked about, and not lost
    assert "# mine" in editor.text()
    mark = str(screen.one("[data-editing]").get_attribute("data-mark"))
    theirs = {"file": "holidays.yaml", "text": "# theirs\n" + editor.text(), "seen": mark}
    kept = screen.hall.ask(
        "POST", f"/api/v1{draft.removeprefix('/conf')}/files", theirs, logged_in["leader"]
    )
    assert kept.status == 200, kept
    editor.save()
    screen.until("[role=alert]", "同事在您打开之后保存了这个文件")
    over = screen.button("已看过,以我的为准保存")
    assert not over.is_enabled()
    screen.one("[role=alert] summary").click()
    assert "leader" in screen.one("[role=alert] p").text
    assert [one.text for one in screen.all("[role=alert] mark")] == ["# theirs"]
    screen.picture("editor-collision-wide")
    screen.wide(WIDTHS["wide"])
    over.click()
    screen.until("[data-state]", "已保存")
    screen.go(draft)
    screen.until("ul.rows", "holidays.yaml")


def test_a_shift_leader_tries_a_menu_out_and_takes_it_back(screen: Desk) -> None:
    screen.log_in("leader")
    screen.go("/conf")
    screen.one("#draft-name").send_keys("营业厅改名")
    screen.button("开始").click()
    screen.until("#told", "草稿已建立")
    draft = screen.driver.current_url.partition("?")[0].rpartition(":")[2].partition("/")[2]
    editor = Editor(screen, f"/{draft}", HALL)
    editor.put("zh: 移动营业厅", "zh: 五号营业厅")
    screen.until("[data-state]", "未保存")
    editor.save()
    screen.until("[data-state]", "已保存")
    screen.go(f"/{draft}")
    screen.until(".note.good", "没有问题")
    screen.go(f"/{draft}/difference")
    assert "五号营业厅" in screen.one("main").text
    screen.go(f"/{draft}")
    screen.one("#why").send_keys("新名字")
    screen.button("定版,下一步发布").click()
    screen.until("#told", "已定版")
    screen.button("灰度试用").click()
    screen.until("#told", "已送审")
    assert "批准" not in [one.text for one in screen.all("button")]  # she may not
    screen.log_in("business")
    screen.go("/conf")
    screen.picture("conf-waiting-wide")
    screen.wide(WIDTHS["wide"])
    screen.button("批准").click()
    screen.driver.switch_to.alert.accept()
    screen.until("#told", "已批准")
    screen.until(".badge", "灰度中")
    screen.log_in("leader")
    screen.go("/conf")
    screen.button("结束灰度").click()
    screen.driver.switch_to.alert.accept()
    screen.until("#told", "已回退")
    assert "灰度中" not in screen.one("main").text
    assert "结束灰度" in screen.one("tbody").text
    screen.go(f"/{draft}")
    screen.one("main details summary").click()
    screen.button("丢弃").click()
    screen.driver.switch_to.alert.accept()
    screen.until("#told", "草稿已丢弃")


def test_a_call_to_a_draft_is_heard(screen: Desk, draft: str) -> None:
    """With the hall's own sounds; nothing of it happens to anybody."""
    screen.log_in("business")
    screen.go(f"{draft}/phone")
    Select(screen.one("#who")).select_by_index(1)
    screen.button("拿起").click()
    screen.until("#call")
    screen.one("#call").send_keys("10086")
    screen.button("呼叫").click()
    screen.until("[data-sound]", "♪")
    loaded = "return performance.getEntriesByType('resource').map((one) => one.name)"
    WebDriverWait(screen.driver, PATIENCE).until(
        lambda driver: any("/phone/sounds/" in name for name in driver.execute_script(loaded))
    )
    address = str(screen.one("[data-sound]").get_attribute("data-sound"))
    cookie = str(screen.driver.get_cookie("hallgate_session")["value"])  # type: ignore[index]
    heard = ask(screen.hall, "GET", address, by=Browser(cookie, None))
    assert (heard.status, heard.headers["content-type"]) == (200, "audio/wav")
    assert heard.body[:4] == b"RIFF"
    screen.one("#dial").send_keys("*139#")
    screen.button("拨").click()
    screen.until(".screen", "移动营业厅")
    screen.one("#sms").send_keys("YE")
    screen.button("发送").click()
    screen.until(".talk", "10086")
    assert screen.findings() == []
    assert screen.complaints() == []
    screen.picture("draft-phone-wide")
    screen.wide(WIDTHS["wide"])
    stranger = screen.hall.log_in("leader")
    assert ask(screen.hall, "GET", address, by=stranger).status == 404


def used(hall: Console) -> None:
    """The first screen was seen a hundred times, and sixty times somebody chose something."""
    counts = {"hall": 100, "hall/q.balance": 60}
    seen = {MenuUse("v1", MenuChannel.USSD, what): times for what, times in counts.items()}
    with hall.store.transaction() as connection:
        connection.execute(menu_use.delete())
        SqlUsage(connection).add(seen, int(time.time()) // 86_400)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_side_of_a_draft_can_be_used_by_everybody(
    screen: Desk, draft: str, width: str
) -> None:
    used(screen.hall)
    screen.wide(WIDTHS[width])
    screen.log_in("business")
    for name, path in {
        "conf": "/conf", "draft": draft, "draft-file": f"{draft}/file?name={HALL}&show=hall",
        "draft-preview": f"{draft}/preview?screen=hall&text=YE&who=2",
        "draft-picture": f"{draft}/picture", "draft-difference": f"{draft}/difference",
        "draft-phone": f"{draft}/phone", "conf-import": "/conf/import",
    }.items():  # fmt: skip
        screen.go(path)
        assert screen.findings() == [], name
        wide = screen.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= WIDTHS[width], name
        assert screen.complaints() == [], name
        screen.picture(f"{name}-{width}")
        if name == "draft-picture":
            assert "100 · 40%↯" in screen.one("svg").text
        screen.wide(WIDTHS[width])
    screen.wide(WIDTHS["wide"])
