"""The command line itself: what it knows of its verbs, and what it does not load for them."""

import subprocess
import sys
from importlib import import_module

import pytest

from gateway.cli import VERBS, main

ITS_OWN = ("phone", "simulate")  # verbs that read their arguments themselves


def test_help_names_every_verb(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [name for name in VERBS if f"\n    {name}" not in said] == []


@pytest.mark.parametrize("name", sorted(set(VERBS) - set(ITS_OWN)))
def test_each_verb_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"usage: hallgate {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ITS_OWN)
def test_the_other_side_explains_itself(name, capsys):
    assert hasattr(import_module(f"gateway.cli.{VERBS[name].module}"), "main")


@pytest.mark.parametrize("verb", ["run", "demo", "operators", "audit", "console"])
def test_only_a_console_that_serves_loads_the_web_framework(verb):
    program = (
        "import sys\n"
        f"import gateway.cli.{VERBS[verb].module}\n"
        "web = ('fastapi', 'starlette', 'uvicorn')\n"
        "print([name for name in web if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_simulate_names_every_simulator(capsys):
    assert main(["simulate", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in ("smsc", "ussd", "pbx", "boss"))


def test_an_unknown_verb_is_told_which_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["shine"])
    assert ended.value.code == 2
    assert "choose from 'run', 'demo'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "unloaded"),
    [
        (["--help"], ["twisted", "sqlalchemy", "jinja2", "pydantic", "pypinyin"]),
        (["phone", "--help"], ["sqlalchemy", "jinja2", "pydantic", "pypinyin"]),
    ],
)
def test_who_asks_for_help_does_not_wait_for_a_gateway_to_load(words, unloaded):
    program = (
        "import sys\n"
        "from gateway.cli import main\n"
        f"try: main({words!r})\n"
        "except SystemExit: pass\n"
        f"print([name for name in {unloaded!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stderr == "[]\n"
