"""Errands at the desk, on both kinds of store: planned on what the BOSS said, settled once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from commands.model.accounts import Subscription
from commands.model.boss_jobs import BossJob
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Arguments, Channel, Secret
from gateway.boss.ports import BossRecord, SeenRecords
from gateway.model.address import Address
from gateway.model.boss_changes import Charge, Credit, OpenService, RedeemCard
from gateway.serving.boss_work import (
    DONE,
    DROPPED,
    REFUSED,
    Due,
    DueErrands,
    PlanErrand,
    PutOff,
    SettleErrand,
    Settlement,
)
from gateway.store.ports.boss_jobs import ErrandPlan, KeptErrand
from gateway.store.store import Store
from gateway.store.tables import errands, ledger, strikes
from tests.commands.fakes import own_sample
from tests.gateway.hall import Office
from tests.gateway.messages import LI, NOON, ZHANG

CARD = Secret("860000000000000001")
NOW = int(NOON)


@pytest.fixture
def office(store: Store) -> Office:
    """With a BOSS behind it."""
    office = Office(store)
    office.counter.placed = lambda: None
    return office


def there(number: str = ZHANG, balance_fen: int = 5_680) -> SeenRecords:
    """What the BOSS says of one of the sample's, with a good card."""
    (one,) = (p for p in own_sample().personas if p.account.msisdn == number)
    account = replace(one.account, balance_fen=balance_fen)
    record = BossRecord(7, account, (Subscription("LDXS", 1),))
    return SeenRecords({number: record}, {CARD: RechargeCard(5_000, "good")})


def an_errand(id: int, phone: str = ZHANG, **args: str | Secret) -> BossJob:
    given: Arguments = args or {"card": CARD}
    return BossJob(id, NOW, "rc.self", ZHANG, given, 0, phone, True, Channel.SMS, "10")


def place(office: Office, *placed: BossJob) -> None:
    with office.store.transaction() as connection:
        for errand in placed:
            office.store.ports(connection).errands.place(errand)


def due(office: Office, now: int = NOW) -> list[KeptErrand]:
    (found,) = office.serve(DueErrands(now, 10))
    assert isinstance(found, Due)
    return found.errands


def planned(office: Office, kept: KeptErrand, seen: SeenRecords) -> ErrandPlan | Settlement:
    (plan,) = office.serve(PlanErrand(kept, seen, office.bag.id(), NOW))
    assert isinstance(plan, ErrandPlan | Settlement)
    return plan


def settled(office: Office, errand: BossJob, result: str) -> Settlement:
    (settlement,) = office.serve(SettleErrand(errand, result, office.bag.id(), NOW))
    assert isinstance(settlement, Settlement)
    return settlement


def test_an_order_that_was_confirmed_becomes_an_errand(office: Office) -> None:
    """In the transaction of its yes; nothing is charged yet, and the yes is kept as consent."""
    office.hears("KTEDU40")
    assert "已受理" in office.hears("是")
    (kept,) = due(office)
    assert (kept.errand.action, kept.errand.subject, kept.plan) == ("sv.order", ZHANG, None)
    assert office.rows(ledger) == []
    assert office.journal()[-1] == ("sv.order", "accepted")


def test_what_is_planned_is_what_the_command_does_on_what_the_boss_says(office: Office) -> None:
    """With the version that was seen; and it is kept before anybody is asked to do it."""
    place(office, an_errand(8))
    (kept,) = due(office)
    plan = planned(office, kept, there())
    assert plan == ErrandPlan({ZHANG: 7}, [RedeemCard(ZHANG, CARD), Credit(ZHANG, 5_000, "card")])
    (again,) = due(office)
    assert again.plan == plan


def test_it_is_settled_once(office: Office) -> None:
    """With its changes in our own copy and its result in the outbox, in one transaction."""
    office.hears("KTEDU40")
    office.hears("是")
    (kept,) = due(office)
    plan = planned(office, kept, there(balance_fen=9_000))
    assert isinstance(plan, ErrandPlan)
    assert [type(change) for change in plan.changes] == [Charge, OpenService]
    office.deliver()
    (told,) = settled(office, kept.errand, DONE).answers
    assert "【办理成功】校园WLAN 40小时" in told.text
    assert (str(told.source), str(told.destination)) == ("0.0.10086", f"1.1.{ZHANG}")
    assert settled(office, kept.errand, DONE).answers == ()
    assert len(office.rows(ledger)) == 1
    assert [each.text for each in office.deliver()] == [told.text]
    assert due(office) == []


def test_its_secrets_go_with_it(office: Office) -> None:
    """Sealed while it waits, and then gone."""
    place(office, an_errand(8))
    (kept,) = due(office)
    planned(office, kept, there())
    (row,) = office.rows(errands)
    sealed = [row[name] for name in ("args_sealed", "plan_sealed", "said_sealed")]
    assert all(isinstance(each, bytes) and CARD.reveal().encode() not in each for each in sealed)
    settled(office, kept.errand, DONE)
    (row,) = office.rows(errands)
    assert [row[name] for name in ("args_sealed", "plan_sealed", "said_sealed")] == [None] * 3


def test_what_the_command_refuses_is_settled_at_once(office: Office) -> None:
    """A card that the BOSS does not know counts against the phone, as everywhere."""
    place(office, an_errand(8, card=Secret("860000000000009999")))
    (kept,) = due(office)
    over = planned(office, kept, there())
    assert isinstance(over, Settlement)
    assert over.result == REFUSED
    assert "充值卡密码错误,还可尝试2次" in over.answers[0].text
    assert len(office.rows(strikes, strikes.c.kind == "card")) == 1
    assert due(office) == []


@pytest.mark.parametrize("result", [REFUSED, DROPPED])
def test_what_was_not_done_is_told_and_leaves_nothing(office: Office, result: str) -> None:
    """Neither here nor in the ledger."""
    place(office, an_errand(8))
    (kept,) = due(office)
    planned(office, kept, there())
    (told,) = settled(office, kept.errand, result).answers
    assert "未能办理,未产生费用" in told.text
    assert settled(office, kept.errand, result).answers == ()
    assert office.rows(ledger) == []


def test_of_one_number_only_the_oldest_is_due(office: Office) -> None:
    """Also while it is put off; others go on."""
    other = BossJob(24, NOW, "rc.self", LI, {"card": CARD}, 0, LI, True, Channel.SMS, "10")
    place(office, an_errand(8), an_errand(16, phone=LI), other)
    assert [kept.errand.id for kept in due(office)] == [8, 24]
    office.serve(PutOff(8, NOW + 60))
    assert [kept.errand.id for kept in due(office)] == [24]
    (first, _) = due(office, NOW + 60)
    assert (first.errand.id, first.tries) == (8, 1)
    settled(office, first.errand, DROPPED)
    assert [kept.errand.id for kept in due(office)] == [16, 24]


def test_who_withholds_their_number_is_served_and_told_nothing(office: Office) -> None:
    """The owner of the number that was recharged is; and two of them are not one."""
    place(office, an_errand(8, phone=""))
    with office.store.transaction() as connection:
        assert not office.store.ports(connection).errands.waiting("", "rc.self")
    (kept,) = due(office)
    assert kept.errand.phone == ""
    planned(office, kept, there())
    assert settled(office, kept.errand, DONE).answers == ()
    assert len(office.rows(ledger)) == 1


def test_a_copy_that_does_not_know_somebody_changes_nothing(office: Office) -> None:
    """The BOSS has more subscribers than we do."""
    stranger = "13800138111"
    errand = BossJob(
        8, NOW, "rc.other", stranger, {"card": CARD}, 0, ZHANG, True, Channel.SMS, "10"
    )
    place(office, errand)
    (kept,) = due(office)
    account = there().records[ZHANG].account
    seen = SeenRecords(
        {stranger: BossRecord(1, replace(account, msisdn=stranger))},
        {CARD: RechargeCard(5_000, "good")},
    )
    assert isinstance(planned(office, kept, seen), ErrandPlan)
    mine, theirs = settled(office, kept.errand, DONE).answers
    assert mine.destination == Address.international(ZHANG)
    assert theirs.destination == Address.international(stranger)
    with office.store.transaction() as connection:
        assert connection.execute(select(ledger)).all() == []


def test_what_is_only_looked_at_is_over_at_once(office: Office) -> None:
    """Nothing is ordered for it; and it was one of the day's questions."""
    serial = own_sample().cards[0].serial
    asked = {"serial": serial}
    errand = BossJob(8, NOW, "q.card", ZHANG, asked, 0, ZHANG, True, Channel.SMS, "10")
    place(office, errand)
    (kept,) = due(office)
    over = planned(office, kept, SeenRecords({}, serials={serial: RechargeCard(5_000, "good")}))
    assert isinstance(over, Settlement)
    assert over.result == DONE
    assert "目前可以使用" in over.answers[0].text
    assert len(office.rows(strikes, strikes.c.kind == "card_check")) == 1
    assert due(office) == []
