"""Consent: what was shown and what was answered can be shown again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.consents import consents, lines
from gateway.store.store import Store
from tariffs.catalogue import SHANGHAI
from tests.gateway.mails import NOON
from tests.gateway.office import Office

CAMPUS = "13800138005"


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


def test_a_confirmed_order_keeps_the_words_and_the_answer(office: Office) -> None:
    """With time, channel and interface."""
    shown = office.hears("KTEDU40", CAMPUS)
    office.hears("是", CAMPUS)
    (found,) = consents(office.store, CAMPUS)
    assert (found.action, found.state, found.answer) == ("sv.order", "done", "是")
    assert (found.channel, found.interface) == ("sms", "10")
    assert found.shown == shown
    assert found.proposed_at <= found.answered_at
    told = "\n".join(lines([found], int(NOON), SHANGHAI))
    assert "confirmed" in told
    assert "operator" not in told
    staffed = "\n".join(lines([replace(found, operator="8001")], int(NOON), SHANGHAI))
    assert "interface 10, operator 8001" in staffed
    assert shown in told


def test_a_declined_order_and_one_that_waits(office: Office) -> None:
    """Newest first; what was never answered says so."""
    for text in ("KTEDU40", "不要", "KTEDU100"):
        office.hears(text, CAMPUS)
    waiting, declined = consents(office.store, CAMPUS)
    assert (waiting.state, waiting.answered_at) == ("waiting", 0)
    assert (declined.state, declined.answer) == ("declined", "不要")
    (outcome, *_) = lines([waiting], waiting.expires_at - 1, SHANGHAI)
    assert outcome.endswith("waiting for an answer")
    (outcome, *_) = lines([waiting], waiting.expires_at, SHANGHAI)
    assert outcome.endswith("expired unanswered")


def test_what_was_confirmed_from_another_phone_is_found_for_both(office: Office) -> None:
    """Whose number it was, and who said yes."""
    for text in ("BK#13800138001#739204", "Y"):
        office.hears(text, CAMPUS)
    (found,) = consents(office.store, "13800138001")
    assert (found.phone, found.subject, found.state) == (CAMPUS, "13800138001", "done")
    assert [found] == consents(office.store, CAMPUS)
    assert "asked from 138****8005" in "\n".join(lines([found], int(NOON), SHANGHAI))


def test_who_confirmed_nothing_has_none(office: Office) -> None:
    """A question is no order."""
    office.hears("YE")
    assert consents(office.store, "13800138001") == []


def test_the_command_line_shows_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of an empty store, none; of what is no number, nothing."""
    url = f"store.url=sqlite:///{tmp_path}/hall.db"
    assert main(["consent", "13800138001", "--set", url]) == 0
    assert capsys.readouterr().out == "0 orders\n"
    with pytest.raises(SystemExit):
        main(["consent", "10086", "--set", url])
    assert "is no mobile number" in capsys.readouterr().err
