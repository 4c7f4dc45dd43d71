"""What a BOSS will do is accepted: with its proof and confirm, once, and nothing is done here."""

from __future__ import annotations

import pytest

from commands.dispatch.command_kinds import ChangeCommand, ResendCode
from commands.dispatch.command_table import ACTIONS
from commands.model.request import AuthLevel, Secret
from tests.commands.fake_records import FakeBossJobs
from tests.commands.fakes import HallWorld, world
from tests.commands.phone import Phone

ME, POOR, STOPPED = "13800138001", "13800138003", "13800138008"
CARD = "860000000000000001"


@pytest.fixture
def boss_jobs() -> FakeBossJobs:
    return FakeBossJobs()


@pytest.fixture
def hall(boss_jobs: FakeBossJobs) -> HallWorld:
    """One with a BOSS."""
    made = world()
    made.boss_jobs = boss_jobs
    return made


def test_changes_and_cards_go_to_the_boss() -> None:
    """Other queries are answered from our own copy; passwords and tickets are the hall's."""
    at_boss = {n for n, a in ACTIONS.items() if not isinstance(a, ResendCode) and a.at_boss}
    changes = {action for action in at_boss if isinstance(ACTIONS[action], ChangeCommand)}
    assert at_boss - changes == {"q.card"}
    assert {name.partition(".")[0] for name in changes} == {"rc", "st", "sv", "pt", "un", "gp"}


def test_an_order_is_accepted_after_its_yes(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Nothing is opened or charged here; the job is the order as it was agreed to."""
    phone = Phone(hall, ME)
    phone.sends("KTEDU40")
    assert boss_jobs.placed == []
    said = phone.sends("是")
    (job,) = boss_jobs.placed
    assert f"编号{job.id}" in said
    assert (job.action, job.phone, job.subject) == ("sv.order", ME, ME)
    assert job.args == {"service": "EDU40", "fee": "1000", "replaces": ""}
    assert hall.running(ME) == ["LDXS"]
    assert hall.accounts.charges == []
    assert phone.last is not None
    assert (phone.last.result, phone.last.changed) == ("accepted", False)


def test_without_its_confirm_nothing_is_accepted(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """No, silence, and another word."""
    phone = Phone(hall, ME)
    for text in ("KTEDU40", "不", "TCBG#QQT58#739204", "Y", "TJ#739204", "否"):
        phone.sends(text)
    assert boss_jobs.placed == []


def test_without_its_proof_nothing_is_accepted(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """No password, a wrong one, no random code."""
    for text in ("TJ", "TJ#111222", "Y", "TCBG#QQT58", "是", f"FJ#{STOPPED}"):
        Phone(hall, ME).sends(text)
    assert boss_jobs.placed == []


def test_the_proof_goes_along(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Not the password itself."""
    phone = Phone(hall, ME)
    phone.sends("TJ#739204")
    phone.sends("Y")
    (job,) = boss_jobs.placed
    assert (job.action, job.level, job.args) == ("st.suspend", AuthLevel.A2, {})


def test_a_card_is_taken_unseen(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Only the BOSS knows whether it is good; it goes there as a secret."""
    phone = Phone(hall, ME)
    phone.sends(f"CZ#{CARD}")
    assert phone.texts == ["sys.accepted", "auth.delete_tip"]
    assert boss_jobs.placed[0].args == {"card": Secret(CARD)}
    assert hall.accounts.credits == []


def test_a_printed_number_is_looked_up_there(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """The tries of the day are counted when it is."""
    phone = Phone(hall, ME)
    phone.sends("CXCZK#20260100000000001")
    assert phone.texts == ["sys.accepted"]
    assert boss_jobs.placed[0].args == {"serial": "20260100000000001"}
    assert hall.attempts.struck == []


def test_another_wish_of_the_same_kind_waits_for_the_first(
    hall: HallWorld, boss_jobs: FakeBossJobs
) -> None:
    """Who is impatient does not get it twice, nor tries card after card."""
    phone = Phone(hall, ME)
    phone.sends(f"CZ#{CARD}")
    phone.sends("CZ#860000000000000002")
    assert phone.texts == ["sv.err.pending", "auth.delete_tip"]
    boss_jobs.placed.clear()
    phone.sends("CZ#860000000000000002")
    assert phone.texts == ["sys.accepted", "auth.delete_tip"]


def test_what_our_copy_forbids_is_refused_at_once(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Between the proposal and the yes the money went, or the service came."""
    phone = Phone(hall, ME)
    phone.sends("KTEDU40")
    hall.alter(ME, balance_fen=999)
    phone.sends("是")
    assert phone.texts == ["sv.err.balance"]
    assert boss_jobs.placed == []


def test_who_tried_too_many_cards_is_not_accepted(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Strikes are the hall's own."""
    phone = Phone(hall, ME)
    for _ in range(3):
        hall.attempts.add("card", ME, phone.now)
    phone.sends(f"CZ#{CARD}")
    assert phone.texts == ["rc.err.tries", "auth.delete_tip"]
    assert boss_jobs.placed == []


def test_what_is_the_halls_own_is_done_at_once(hall: HallWorld, boss_jobs: FakeBossJobs) -> None:
    """Whoever the BOSS is."""
    phone = Phone(hall, ME)
    for text in ("EN", "JSYX", "TS#信号不好", "MMXG#739204#528461#528461"):
        phone.sends(text)
        assert phone.last is not None
        assert phone.last.result == "ok"
    assert boss_jobs.placed == []
