"""The book as a tree of lines and as a picture."""

from __future__ import annotations

from xml.etree import ElementTree

from menus.model.wording import MenuChannel
from menus.tools.drawing import picture, tree
from tests.menus.books import own


def test_the_tree_has_every_key_and_each_screen_once() -> None:
    """With what each key runs."""
    lines = tree(own(), MenuChannel.USSD, "zh")
    assert lines[0] == "ussd *139#"
    assert "   ├─ 3 流量 → run q.data" in lines
    boxes = [line for line in lines if "[wlan]" in line]
    assert len(boxes) == 1
    assert any("run sv.order service=EDU40" in line for line in lines)


def test_the_picture_is_sound_svg() -> None:
    """A box for each screen that keys lead to, and arrows with their keys."""
    drawn = ElementTree.fromstring(picture(own(), MenuChannel.VOICE, "en"))
    space = "{http://www.w3.org/2000/svg}"
    names = {text.text for text in drawn.iter(f"{space}text")}
    assert {"welcome", "main", "bills", "recharge_call", "1"} <= names
    assert len(list(drawn.iter(f"{space}path"))) > 10
