"""Mistakes in what operations people write: found before the start, each with its place."""

from __future__ import annotations

from shutil import rmtree

import pytest

from gateway.cli import main
from tests.stories.deployment import Deployment, change, link

pytestmark = pytest.mark.slow


def test_what_is_in_order_is_said_to_be(
    place: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure([link(2775)])
    assert main(["check", "--config", str(place.file)]) == 0
    assert "all is well" in capsys.readouterr().out


def test_what_a_package_has_left_is_a_note(
    place: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """An upgrade where both have changed a file must not keep the hall from starting."""
    conf = place.own_conf()
    place.configure([])
    (conf / "commands.yaml.dpkg-dist").write_text("junk: [", encoding="utf-8")
    (conf / "menus" / "hall.yaml.dpkg-old").write_text("junk: [", encoding="utf-8")
    assert main(["check", "--config", str(place.file)]) == 0
    said = capsys.readouterr().err
    assert "commands.yaml.dpkg-dist:1: was left by the package" in said
    assert "hall.yaml.dpkg-old:1: was left by the package" in said
    assert "Compare it with hall.yaml, then remove it" in said


def test_every_mistake_in_the_replies_is_found_at_once(
    place: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, with file, line and what to do; the status says that something is wrong."""
    words = place.own_conf() / "replies" / "zh"
    place.configure([])
    misnamed = change(words / "queries.yaml", "q.plan: ", "q.plam: ")
    unclosed = change(words / "passwords.yaml", "次。忘记密码", "次。{{ 忘记密码")
    assert main(["check", "--config", str(place.file)]) == 1
    said = capsys.readouterr().err
    assert f"queries.yaml:{misnamed}: nothing ever says the text 'q.plam'" in said
    assert "the text 'q.plan' is missing in 'zh'" in said
    assert f"passwords.yaml:{unclosed}: " in said


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("commands.yaml", "wrong_passwords: 3", "wrong_passwords: three", "wrong_passwords"),
        ("commands.yaml", "lock: 24 h", "lock: a day", "lock"),
        ("tariffs/services.yaml", "  EDU40:\n", "  EDU40: &twice\n  EDU40:\n", "twice"),
        ("replies/zh/queries.yaml", "q.refuse.nopw: ", "q.refuse.nopw ", "YAML"),
        ("replies/zh/help.yaml", "no_account: ", f"no_account: {'很长' * 100}", "Shorten it"),
        ("menus/hall.yaml", "run: q.data, ", "run: q.date, ", "Did you mean q.data"),
    ],
)
def test_a_mistake_is_found_at_its_line(
    place: Deployment, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, what: str
) -> None:
    conf = place.own_conf()
    place.configure([])
    line = change(conf / file, old, new)
    assert main(["check", "--config", str(place.file)]) == 1
    said = capsys.readouterr().err
    places = [f"{file.rpartition('/')[2]}:{n}: " for n in (line, line + 1)]
    assert any(place in said for place in places), said
    assert what in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("smpp: {links: [{name: a, prot: 2775}]}", "prot"),
        ("smpp: {links: [{name: a}, {name: a}]}", "'a'"),
        ("stor: {url: x}", "stor"),
        ("store: {url: mysql://x}", "sqlite:///"),
        ("sessions: {url: memcached://x}", "redis://"),
        ("http: {listen: nowhere}", "HOST:PORT"),
        ("limits: [", "YAML"),
        ("limits: {queries_per_hour: -1}", "queries_per_hour"),
        ("smpp: {links: [{name: a, password: {env: NOT_SET_ANYWHERE}}]}", "NOT_SET_ANYWHERE"),
        ("smpp: {links: [{name: a, password: {file: not-there}}]}", "not-there"),
        ("just words", "mapping"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_configuration_that_cannot_be_used_is_refused(
    place: Deployment, capsys: pytest.CaptureFixture[str], verb: str, text: str, what: str
) -> None:
    """In a sentence, by whichever verb."""
    place.file.write_text(text)
    assert main([verb, "--config", str(place.file)]) == 1
    said = capsys.readouterr().err
    assert f"{place.file.name}:1: " in said
    assert what in said


def test_a_setting_on_the_command_line_is_checked_too(
    place: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--config", str(place.file), "--set", "limits.desk=none"]) == 1
    assert "limits.desk" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("conf/sample/personas.yaml", "plan: QQT128", "plan: QQT129", "no plan 'QQT129'"),
        ("conf/replies", "", "", "there is no such folder"),
    ],
)
def test_what_the_gateway_reads_later_is_looked_at_too(
    place: Deployment, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, what: str
) -> None:
    """Sample data, and whole folders that are missing."""
    conf = place.own_conf()
    place.configure([])
    at = conf.parent / file
    if at.is_dir():
        rmtree(at)
    else:
        at.write_text(at.read_text().replace(old, new, 1))
    assert main(["check", "--config", str(place.file)]) == 1
    assert what in capsys.readouterr().err
