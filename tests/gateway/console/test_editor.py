"""Somebody changes a menu in the console: seen wrong at the line, seen as it goes out, saved
beside a colleague, proposed, tried out, taken back."""

from __future__ import annotations

import pytest

from tests.gateway.api.console import Browser, Console
from tests.gateway.console.visitors import WIDTHS, Desk, send

pytestmark = pytest.mark.service
HALL = "menus/hall.yaml"


@pytest.fixture
def draft(hall: Console, logged_in: dict[str, Browser]) -> str:
    """The address of one that nothing is changed in."""
    made = send(hall, "/conf/drafts/new", logged_in["business"], name="一月校园套餐")
    assert made.status == 303, made.body.decode()
    return made.headers["location"].partition("?")[0]


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

    def marks(self) -> list[str]:
        """The lines that are marked as wrong."""
        found = self._ask(
            "return Array.from(view.dom.querySelectorAll('.cm-lintRange-error'),"
            " (one) => one.closest('.cm-line').textContent)"
        )
        assert isinstance(found, list)
        return found

    def save(self) -> None:
        self._screen.one("[data-save]").click()

    def _ask(self, script: str, *words: str) -> object:
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
