"""The shipped menus, walked as subscribers walk them: scripts of inputs and expected screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config.checked_yaml import read
from menus.tools.scripts import MenuScript, MenuScripts, ScriptBeat, play
from tests.menus.books import own, own_tariff

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = [
    pytest.param(script, id=f"{path.stem}: {script.name}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for script in read(path, MenuScripts).value.scripts
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_shipped_menus_do_as_written(script: MenuScript) -> None:
    """Every screen, command and end."""
    assert list(play(own(), script, own_tariff)) == []


def test_a_script_that_comes_out_differently_says_where() -> None:
    """Which beat, what was expected, and what came."""
    beats = [
        ScriptBeat(),
        ScriptBeat(type="5", screen="wlan"),
        ScriptBeat(type="2", says="没有这样的话"),
    ]
    script = MenuScript(name="wrong", channel="ussd", dial="*139#", steps=beats)  # type: ignore[arg-type]
    (first, what), (second, said) = play(own(), script)
    assert (first, second) == (1, 2)
    assert "screen: expected 'wlan', came 'services'" in what
    assert "没有这样的话" in said
