"""What changes in the store is told once, to who wants it, at an hour at which one may disturb."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import insert, select

from gateway.config.sample.people import subscriber
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.serving.jobs.reminding import ReminderSweep
from gateway.store.reminders.marks import TakenByAnother
from gateway.store.sample.people import put_personas
from gateway.store.store import Store
from gateway.store.tables import bill_lines, payments, reminder_marks, reminders
from tests.gateway.hall import own_book
from tests.gateway.reminders.sweeping import Hall, moment
from tests.gateway.store.people import LI, ZHANG, admit, somebody

HOUR, DAY = 3600, 24 * 3600


class Killed(Exception):
    pass


class Killing(ReminderSweep):
    """Killed just before its commit."""

    def _keep(self, *given: Any) -> tuple[tuple[str, str], ...]:
        super()._keep(*given)
        raise Killed


@pytest.fixture
def hall(store: Store) -> Hall:
    hall = Hall(store)
    admit(store)  # 56.80 yuan, plan QQT128: 600 minutes, 400 MB, 100 messages
    return hall


def test_who_is_put_in_is_not_told_anything(hall: Hall) -> None:
    """What is loaded is no news."""
    admit(hall.store, somebody(balance_fen=100))
    assert hall.sweep() == []


# -- balance ---------------------------------------------------------------------------------------


def test_a_balance_below_the_amount_of_the_rule_is_told_once(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=999)
    (said,) = hall.sweep()
    assert "9.99元" in said
    assert "CZ" in said
    hall.account(ZHANG, balance_fen=500)
    hall.now += 3 * DAY
    hall.account(ZHANG, balance_fen=400)
    assert hall.sweep() == []


def test_when_it_has_risen_and_falls_again_it_is_told_again(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=999)
    assert len(hall.sweep()) == 1
    hall.now += 2 * DAY
    hall.account(ZHANG, balance_fen=5000)
    assert hall.sweep() == []
    hall.account(ZHANG, balance_fen=700)
    (said,) = hall.sweep()
    assert "7.00元" in said


def test_within_a_day_it_is_not_told_twice_but_after_it_if_it_is_still_so(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=999)
    assert len(hall.sweep()) == 1
    for balance in (5000, 700):
        hall.now += HOUR
        hall.account(ZHANG, balance_fen=balance)
        assert hall.sweep() == []
    hall.now += DAY
    (said,) = hall.sweep()
    assert "7.00元" in said


def test_the_amount_that_somebody_has_named_counts(hall: Hall) -> None:
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "3000")
    hall.account(ZHANG, balance_fen=3000)
    assert hall.sweep() == []
    hall.account(ZHANG, balance_fen=2999)
    (said,) = hall.sweep()
    assert "您设定的30元" in said
    assert "QXYETX" in said


def test_who_names_an_amount_below_which_he_is_already_is_told(hall: Hall) -> None:
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "10000")
    (said,) = hall.sweep()
    assert "100元" in said


def test_who_has_given_it_up_is_told_nothing_not_even_by_default(hall: Hall) -> None:
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "3000")
    hall.closes(ZHANG, "YETX")
    hall.account(ZHANG, balance_fen=100)
    assert hall.sweep() == []


def test_postpaid_numbers_have_no_balance_to_watch(hall: Hall) -> None:
    hall.account(ZHANG, prepaid=False)
    hall.account(ZHANG, balance_fen=100)
    assert hall.sweep() == []


def test_who_has_declined_is_told_what_he_asked_for_and_what_everybody_is(hall: Hall) -> None:
    hall.wishes(ZHANG, "reminders", "off")
    hall.uses(ZHANG, "sms", 100)
    hall.account(ZHANG, balance_fen=900)
    assert hall.sweep() == []
    hall.account(ZHANG, past_due_fen=1200)
    (said,) = hall.sweep()
    assert "欠费12.00元" in said
    hall.wishes(ZHANG, "charge_reminder", "on")
    hall.charges(ZHANG, 500, "LDXS", 7)
    (said,) = hall.sweep()
    assert "扣费5.00元" in said


def test_who_chose_english_is_told_in_english(hall: Hall) -> None:
    hall.account(ZHANG, language="en", balance_fen=999)
    (said,) = hall.sweep()
    assert said.startswith("Your balance is 9.99 yuan")
    assert said.endswith("(China Mobile)")


# -- money that moves ------------------------------------------------------------------------------


def test_every_charge_is_told_to_who_wants_it(hall: Hall) -> None:
    """Also two alike within a moment."""
    hall.wishes(ZHANG, "charge_reminder", "on")
    hall.charges(ZHANG, 100, "LDXS", 7)
    hall.charges(ZHANG, 100, "LDXS", 8)
    one, two = hall.sweep()
    assert "扣费1.00元(来电显示)" in one == two
    hall.wishes(ZHANG, "charge_reminder", "off")
    hall.charges(ZHANG, 100, "LDXS", 9)
    assert hall.sweep() == []


def test_nobody_is_told_of_charges_who_has_not_asked(hall: Hall) -> None:
    hall.charges(ZHANG, 100, "LDXS", 7)
    assert hall.sweep() == []


def test_a_recharge_from_elsewhere_is_told_and_one_made_here_is_not(hall: Hall) -> None:
    """The hall's own is answered by the command."""
    hall.credits(ZHANG, 5000, "card", 7)
    assert hall.sweep() == []
    with hall.store.transaction() as connection:
        row = {"msisdn": int(ZHANG), "paid_at": hall.now, "way": "bank", "fen": 10_000}
        connection.execute(insert(payments), row)
    (said,) = hall.sweep()
    assert "充值100.00元" in said


def test_what_was_booked_long_ago_is_no_news(hall: Hall) -> None:
    with hall.store.transaction() as connection:
        row = {"msisdn": int(ZHANG), "paid_at": hall.now - 3 * DAY, "way": "bank", "fen": 10_000}
        connection.execute(insert(payments), row)
    assert hall.sweep() == []


# -- allowance -------------------------------------------------------------------------------------


def test_eighty_and_a_hundred_per_cent_are_told_once_each(hall: Hall) -> None:
    hall.uses(ZHANG, "data_mb", 319)
    assert hall.sweep() == []
    hall.uses(ZHANG, "data_mb", 320)
    (said,) = hall.sweep()
    assert "已用80%,剩余80MB" in said
    assert "KTLL30" in said
    hall.uses(ZHANG, "data_mb", 399)
    assert hall.sweep() == []
    hall.uses(ZHANG, "data_mb", 400)
    (said,) = hall.sweep()
    assert "已用完" in said


def test_at_once_used_up_is_told_as_used_up(hall: Hall) -> None:
    hall.uses(ZHANG, "data_mb", 900)
    (said,) = hall.sweep()
    assert "已用完" in said


def test_what_was_bought_since_counts(hall: Hall) -> None:
    hall.opens(ZHANG, "LL30")  # 500 MB more
    hall.uses(ZHANG, "data_mb", 400)
    assert hall.sweep() == []
    hall.uses(ZHANG, "data_mb", 720)
    (said,) = hall.sweep()
    assert "KTLL10" in said  # LL30 is there already
    assert "KTLL30" not in said


def test_no_pack_is_offered_that_would_be_refused(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=1_050)
    hall.uses(ZHANG, "data_mb", 400)
    (said,) = hall.sweep()
    assert "KTLL10" in said
    hall.account(ZHANG, classes="black")
    hall.uses(ZHANG, "sms", 100)
    (said,) = hall.sweep()
    assert "KT" not in said
    assert "CXYL" in said


def test_a_new_month_begins_anew(hall: Hall) -> None:
    hall.uses(ZHANG, "data_mb", 320)
    assert len(hall.sweep()) == 1
    hall.now = moment("2026-12-02 10:00")
    hall.uses(ZHANG, "data_mb", 330, 202612)
    assert len(hall.sweep()) == 1


def test_what_may_be_used_without_end_is_not_told(hall: Hall) -> None:
    hall.opens(ZHANG, "BXL")
    hall.uses(ZHANG, "data_mb", 5000)
    assert hall.sweep() == []


# -- arrears, bill, endings ------------------------------------------------------------------------


def test_arrears_are_told_at_any_hour_before_the_number_is_stopped(hall: Hall) -> None:
    hall.now = moment("2026-11-20 23:30")
    hall.account(ZHANG, past_due_fen=1200)
    (said,) = hall.sweep()
    assert "欠费12.00元" in said
    hall.account(ZHANG, state="arrears")
    assert hall.sweep() == []


def test_who_owes_is_not_also_told_that_the_balance_is_low(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=-300)
    (said,) = hall.sweep()
    assert "欠费3.00元" in said


def test_a_bill_far_above_the_usual_is_told_once_a_month(hall: Hall) -> None:
    with hall.store.transaction() as connection:
        for month, fen in ((202608, 9000), (202609, 10_000), (202610, 11_000)):
            row = {"msisdn": int(ZHANG), "month": month, "item": "plan", "fen": fen}
            connection.execute(insert(bill_lines), row)
    hall.account(ZHANG, used_fen=19_999)
    assert hall.sweep() == []
    hall.account(ZHANG, used_fen=20_000)
    (said,) = hall.sweep()
    assert "200.00元" in said
    assert "100.00元" in said
    hall.now += 3 * DAY
    hall.account(ZHANG, used_fen=40_000)
    assert hall.sweep() == []


def test_without_earlier_bills_nobody_knows_what_is_much(hall: Hall) -> None:
    hall.account(ZHANG, used_fen=500_000)
    assert hall.sweep() == []


def test_an_end_is_told_the_days_before_that_its_rule_says(hall: Hall) -> None:
    until = hall.now + 40 * DAY
    hall.profile(ZHANG, contract_until=until)
    assert hall.sweep() == []
    hall.now += 10 * DAY - 60
    assert hall.sweep() == []
    hall.now += 60
    (said,) = hall.sweep()
    assert "2026年12月30日" in said
    hall.now += 5 * DAY
    assert hall.sweep() == []


def test_points_and_plans_end_too(hall: Hall) -> None:
    hall.profile(ZHANG, points_expiring=800, points_expire_at=hall.now + 3 * DAY)
    hall.account(ZHANG, plan_until=hall.now + 2 * DAY)
    plan, points = hall.sweep()
    assert "800积分" in points
    assert "TCBG" in plan


def test_a_number_about_to_be_closed_is_told(hall: Hall) -> None:
    hall.account(ZHANG, state="to_cancel")
    (said,) = hall.sweep()
    assert "销户" in said


# -- hours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-20 20:00", "2026-11-21 10:00"),  # Friday evening; Saturday
        ("2026-11-22 20:30", "2026-11-23 09:00"),  # Sunday evening; Monday
        ("2026-11-23 00:10", "2026-11-23 09:00"),
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-09-30 21:30", "2026-10-01 10:00"),  # the national holiday
    ],
)
def test_what_is_not_urgent_waits_for_polite_hours(hall: Hall, at: str, opens: str) -> None:
    hall.now = moment(at)
    hall.account(ZHANG, balance_fen=999)
    assert hall.sweep() == []
    hall.now = moment(opens) - 1
    assert hall.sweep() == []
    hall.now = moment(opens)
    assert len(hall.sweep()) == 1


def test_what_is_no_longer_so_in_the_morning_is_not_told(hall: Hall) -> None:
    hall.now = moment("2026-11-20 22:00")
    hall.account(ZHANG, balance_fen=999)
    assert hall.sweep() == []
    hall.account(ZHANG, balance_fen=9999)
    hall.now = moment("2026-11-21 12:00")
    assert hall.sweep() == []


def test_charges_of_the_night_are_told_in_the_morning(hall: Hall) -> None:
    hall.wishes(ZHANG, "charge_reminder", "on")
    hall.now = moment("2026-11-20 22:00")
    hall.charges(ZHANG, 100, "LDXS", 7)
    hall.charges(ZHANG, 200, "LDXS", 8)
    assert hall.sweep() == []
    hall.now = moment("2026-11-21 12:00")
    assert len(hall.sweep()) == 2


# -- once ------------------------------------------------------------------------------------------


def test_two_that_sweep_at_once_tell_it_once(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=999)
    slow = ReminderSweep(hall.store, lambda: EditionsInForce(own_book()), lambda: hall.now)
    found = slow.look()
    assert len(hall.sweep()) == 1
    with pytest.raises(TakenByAnother):
        slow.tell(found)
    assert len(hall.said()) == 1
    assert hall.sweep() == []


def test_a_sweep_that_is_killed_has_told_nothing_and_lost_nothing(hall: Hall) -> None:
    hall.account(ZHANG, balance_fen=999)

    with pytest.raises(Killed):
        Killing(hall.store, lambda: EditionsInForce(own_book()), lambda: hall.now).step()
    assert hall.said() == []
    assert len(hall.sweep()) == 1


def test_a_change_that_is_taken_back_is_none(hall: Hall) -> None:
    with suppress(ZeroDivisionError), hall.store.transaction() as connection:
        hall.store.ports(connection).accounts.charge(ZHANG, 5000, "LDXS", 7, hall.now)
        raise ZeroDivisionError
    assert hall.step().looked == 0


def test_who_only_looks_marks_nothing(hall: Hall) -> None:
    """Nor what has nothing to do with reminders."""
    hall.account(ZHANG, points=5, language="en", balance_fen=5_680)
    with hall.store.transaction() as connection:
        assert connection.execute(select(reminder_marks)).all() == []


def test_a_sweep_costs_by_what_has_changed(hall: Hall) -> None:
    """Others are not read, however many there are."""
    put_personas(hall.store, map(subscriber, range(3_000)), hall.now)
    assert hall.step().looked == 0
    hall.account("13900000007", balance_fen=1)
    hall.account("13900000007", used_fen=1)
    assert hall.step().looked == 2
    with hall.store.transaction() as connection:
        assert connection.execute(select(reminders.c.msisdn)).scalars().all() == [13900000007]


def test_one_of_whom_nothing_can_be_made_keeps_nobody_else_from_being_told(hall: Hall) -> None:
    admit(hall.store, somebody(LI))
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "9" * 5_000)  # more digits than Python reads
    hall.account(LI, balance_fen=999)
    swept = hall.step()
    assert [number for number, _ in swept.failed] == [ZHANG]
    assert swept.told == (("balance_low", "told"),)
    assert hall.step().looked == 0


# -- one kind each ---------------------------------------------------------------------------------


def test_who_has_stopped_one_kind_hears_the_others(hall: Hall) -> None:
    hall.wishes(ZHANG, "reminder balance_low", "off")
    hall.account(ZHANG, balance_fen=999)
    assert hall.sweep() == []
    hall.uses(ZHANG, "voice_min", 480)
    assert len(hall.sweep()) == 1


def test_one_kind_goes_before_all(hall: Hall) -> None:
    """Also when all were stopped later."""
    hall.wishes(ZHANG, "reminder balance_low", "on")
    hall.wishes(ZHANG, "reminders", "off")
    hall.account(ZHANG, balance_fen=999)
    assert len(hall.sweep()) == 1
    hall.uses(ZHANG, "voice_min", 480)
    assert hall.sweep() == []


def test_started_again_it_is_told_again(hall: Hall) -> None:
    hall.wishes(ZHANG, "reminder balance_low", "off")
    hall.wishes(ZHANG, "reminder balance_low", "on")
    hall.account(ZHANG, balance_fen=999)
    assert len(hall.sweep()) == 1


def test_an_amount_of_ones_own_is_for_itself(hall: Hall) -> None:
    """KTYETX has its own code to end it."""
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "2000")
    hall.wishes(ZHANG, "reminder balance_low", "off")
    hall.account(ZHANG, balance_fen=1999)
    assert len(hall.sweep()) == 1


def test_who_is_told_whatever_they_wish(hall: Hall) -> None:
    """A wish from before the rule said so."""
    hall.wishes(ZHANG, "reminder arrears", "off")
    hall.account(ZHANG, past_due_fen=500)
    assert len(hall.sweep()) == 1
