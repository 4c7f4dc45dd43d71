"""What holds for every verb: an example, the configuration, little time to start."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli import ITS_OWN, VERBS, main
from gateway.store.migrations.schema_version import newest
from tests.catalogues.verbs import children, every_parser

PARSERS = {
    parser.prog: parser for parser in every_parser() if parser.prog.split()[1] not in ITS_OWN
}
ALONE = {"hallgate completion"}  # needs no configuration
PROGRAM = Path(sys.executable).with_name("hallgate")
STEPS = {name: parser for name, parser in PARSERS.items() if not children(parser)}
SECOND = 1.0  # of the processor, however busy the machine is


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {word for action in parser._actions for word in action.option_strings}


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_its_help_has_an_example(name: str) -> None:
    """That begins as the verb is called; a verb with steps shows those of its steps."""
    told = PARSERS[name].format_help()
    _, found, examples = told.partition("\nexample")
    assert found, told
    assert re.search(rf"^  {name}\b", examples, re.MULTILINE), examples


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_its_description_is_as_it_was_written(name: str) -> None:
    """SMS and 工号 stay what they are; it begins like a sentence."""
    description = PARSERS[name].description
    assert description is not None
    assert not description[0].islower()
    verb = VERBS[name.split()[1]]
    if len(name.split()) == 2:
        assert description[1:].rstrip(".") == verb.help[1:]


@pytest.mark.parametrize("name", sorted(set(STEPS) - ALONE))
def test_it_takes_a_configuration(name: str) -> None:
    assert {"--config", "--set"} <= options(STEPS[name])


def test_a_configuration_may_stand_before_the_verb(tmp_path: Path) -> None:
    """Or be named by the environment, for a whole machine."""
    file = tmp_path / "own.yaml"
    file.write_text("store: {url: sqlite:///a.db}\n")
    assert main(["--config", str(file), "db", "upgrade"]) == 0
    assert (tmp_path / "a.db").exists()
    named = os.environ | {"HALLGATE_CONFIG": str(file)}
    words = [str(PROGRAM), "db", "upgrade", "--set", "store.url=sqlite:///b.db"]
    subprocess.run(words, env=named, cwd="/", check=True, capture_output=True)
    assert (tmp_path / "b.db").exists()


def test_the_version_tells_the_commit_and_the_schema() -> None:
    """So that a report of a mistake says what it is about."""
    told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    wanted = rf"hallgate \d+\.\d+\.\d+\S*, commit ([0-9a-f]{{12}}\+?|unknown), schema {newest()}\n"
    assert re.fullmatch(wanted, told.stdout), told.stdout


HEAVY = ("fastapi", "uvicorn", "alembic", "shtab", "pypinyin", "gateway.app", "gateway.channels")
WHOLE = {"run", "demo", "check", "prompts", "sentences", "menus"}
"""Verbs that read all of conf/, or are the gateway."""
STARTED = """
import resource, sys
from gateway.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
told = [each for each in HEAVY if each in sys.modules]
print(used.ru_utime + used.ru_stime, *told, file=sys.stderr)
"""


def started(*words: str) -> tuple[float, set[str]]:
    """Seconds of the processor until its arguments were read, and which of HEAVY were loaded.
    Modules are compiled before, as an installation has them."""
    program = STARTED.replace("HEAVY", repr(HEAVY))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run(
        [sys.executable, "-c", program, *words], env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    seconds, *loaded = ran.stderr.split()
    return float(seconds), set(loaded)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({name.split()[1] for name in PARSERS}))
def test_it_starts_within_a_second_of_the_processor(name: str) -> None:
    """And has loaded only what it may need. The first look may have had to compile it."""
    words = [*next(step.split()[1:] for step in STEPS if step.split()[1] == name), "--help"]
    seconds, loaded = started(*words)
    if name in WHOLE:
        return
    assert loaded == set()
    assert seconds < SECOND or started(*words)[0] < SECOND


# -- completion ----------------------------------------------------------------------------------

COMPLETED = """
source {script}
COMP_WORDS=({words}) COMP_CWORD={last}
_shtab_hallgate
echo "${{COMPREPLY[@]}}"
"""


def completed(tmp_path: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    script = tmp_path / "hallgate.bash"
    with script.open("w") as out:
        subprocess.run([PROGRAM, "completion", "bash"], stdout=out, check=True)
    told = " ".join(f"'{word}'" for word in words)
    program = COMPLETED.format(script=script, words=told, last=len(words) - 1)
    ran = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    return ran.stdout.split()


@pytest.mark.slow
def test_bash_completes_verbs_steps_and_options(tmp_path: Path) -> None:
    """From the same parsers that read them."""
    assert completed(tmp_path, "hallgate", "rest") == ["restore"]
    assert "done" in completed(tmp_path, "hallgate", "tickets", "do")
    assert completed(tmp_path, "hallgate", "backup", "--ver") == ["--verify"]


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_are_told_as_well(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "hallgate" in capsys.readouterr().out
