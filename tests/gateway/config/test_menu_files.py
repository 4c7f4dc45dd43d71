"""The shipped menus against everything else that is shipped, and the tools that show them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import cli
from gateway.cli.menus.simulate import Terminal, simulate
from gateway.cli.menus.verbs import schema
from gateway.config import business
from gateway.config.checked_yaml import BadFile
from gateway.config.menu_files import read_menus
from gateway.config.settings import ServiceSettings, Settings
from gateway.dialogue.caller_facts import caller_of
from gateway.dialogue.snapshot import open_snapshot
from menus.lint.all_checks import book_problems
from menus.model.conditions import MenuUser
from menus.model.wording import MenuChannel
from tests.commands.fakes import NOW, OWN_CONF, SIGNATURE, an_account
from tests.menus.books import own_world

OWN = OWN_CONF / "menus"


def test_the_schema_for_editors_is_true() -> None:
    """Made anew by `hallgate menus schema > conf/menus/schema.json`."""
    assert (OWN / "schema.json").read_text(encoding="utf-8") == schema() + "\n"


def test_the_service_code_of_the_settings_has_a_menu() -> None:
    """Or nobody could dial it."""
    assert "*139#" in read_menus(OWN).book.entries[MenuChannel.USSD]


def test_a_folder_without_menus_is_found(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(BadFile, match="has no menus"):
        read_menus(tmp_path)


def test_a_comma_that_ends_a_text_is_explained(tmp_path: Path) -> None:
    """It is what everybody stumbles over."""
    text = "screens:\n  hall: {say: {zh: 请稍候,马上就好, en: Wait}, end: true}\n"
    (tmp_path / "menu.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read_menus(tmp_path)
    (found,) = bad.value.findings
    assert found.line == 2
    assert "put it into quotes" in found.what


def test_a_caller_is_made_of_an_account() -> None:
    """What conditions and texts may know, and no more."""
    read = business.load(OWN_CONF, signature=SIGNATURE)
    caller = caller_of(an_account(), read.catalogue, NOW, offers=True)
    assert (caller.minute, caller.weekday) == (21 * 60 + 30, 6)
    assert caller.facts["en"]["brand"] == "GoTone"
    assert caller.facts["zh"]["phone"] == "138****8001"


@pytest.mark.slow
def test_a_vip_is_served_like_three_stars() -> None:
    """Whatever their own; who has more keeps them."""
    read = business.load(OWN_CONF, signature=SIGNATURE)

    def star(stars: int, *classes: str) -> int:
        account = an_account(star=stars, classes=frozenset(classes))
        known = read.register.settings.classes
        return caller_of(account, read.catalogue, NOW, classes=known).star

    assert (star(0), star(0, "vip"), star(5, "vip"), star(1, "red")) == (0, 3, 5, 1)


def test_the_service_code_must_have_a_menu() -> None:
    """Networks pass on what nobody here would answer."""
    with pytest.raises(BadFile, match=r"book\.yaml:6: no menu begins at \*138#"):
        open_snapshot(Settings(service=ServiceSettings(ussd_code="*138#")))


def run(*words: str) -> int:
    return cli.main(["menus", *words])


def test_tree_prints_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same menus as lines and as a picture."""
    assert run("tree") == 0
    assert "   ├─ 3 流量 → run q.data" in capsys.readouterr().out
    assert run("tree", "--channel", "voice", "--svg", str(tmp_path / "voice.svg")) == 0
    assert (tmp_path / "voice.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
def test_preview_shows_pages_with_their_room(capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly what goes out."""
    assert run("preview", "--channel", "ussd", "--language", "zh", "hall") == 0
    out = capsys.readouterr().out
    assert "── hall · ussd · zh\n   page 1 of 1, 49 of 79 UCS-2 units\n   │ 移动营业厅\n" in out
    assert "   │ 0退出\n" in out


@pytest.mark.slow
def test_preview_for_a_persona(capsys: pytest.CaptureFixture[str]) -> None:
    """With their brand, and only the options that are for them."""
    assert run("preview", "--as", "13800138002", "--language", "zh", "main") == 0
    out = capsys.readouterr().out
    assert "动感地带客户您好" in out
    assert "专席服务" not in out
    assert run("preview", "--as", "13800138001", "--language", "zh", "main") == 0
    assert "专席服务请按0。" in capsys.readouterr().out


def test_scripts_are_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What comes out differently is told with its line."""
    script = tmp_path / "mine.yaml"
    script.write_text(
        'scripts:\n  - name: wrong\n    channel: ussd\n    dial: "*139#"\n'
        '    steps:\n      - {}\n      - {type: "5", screen: wlan}\n',
        encoding="utf-8",
    )
    assert run("simulate", str(script)) == 1
    assert f"{script}:7: wrong: screen: expected 'wlan'" in capsys.readouterr().out


def test_a_dialogue_in_the_terminal() -> None:
    """The one at the keyboard says how commands end."""
    book = read_menus(OWN).book
    world = own_world()
    typed: Iterator[str] = iter(["1", "ok 余额86.50元。", "0", "0"])
    shown: list[str] = []
    terminal = Terminal(lambda prompt: next(typed), shown.append)
    simulate(book, world, MenuChannel.USSD, "*139#", "zh", MenuUser(), terminal)
    assert "── runs 'q.balance', args {}" in shown
    assert "   │ 余额86.50元。" in shown
    assert shown[-1] == "   │ 感谢使用,再见。"


@pytest.mark.slow
def test_diff_tells_what_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And that nothing does."""
    old = Path(shutil.copytree(OWN, tmp_path / "old"))
    assert run("diff", str(old)) == 0
    assert capsys.readouterr().out == "nothing changes for a subscriber\n"
    hall = old / "hall.yaml"
    hall.write_text(hall.read_text(encoding="utf-8").replace("run: q.data", "run: q.wlan"))
    assert run("diff", str(old)) == 0
    out = capsys.readouterr().out
    assert "~ ussd *139# 3: run q.wlan → run q.data" in out
    assert "~ dialling *139*3#: run q.wlan → run q.data" in out


def test_the_shipped_menus_hold_together() -> None:
    """With themselves, the commands, the catalogue and the longest words."""
    menus = read_menus(OWN)
    found = book_problems(menus.book, own_world())
    assert menus.findings(found) == []
