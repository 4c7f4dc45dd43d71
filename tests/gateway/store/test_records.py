"""Records, bills, payments and certificates' neighbours, on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from commands.model.bills import BillLine, Payment, ProviderFee, Rebate
from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord
from gateway.config.sample import people as sample_people
from gateway.config.sample.history import FeeRow, PaymentRow, RebateRow, SampleHistory
from gateway.store.sample.people import put_cards
from gateway.store.store import Store, TransactionPorts
from gateway.store.tables import profiles
from tests.commands.fakes import own_sample
from tests.gateway.store.people import LI, NOW, WANG, ZHANG, admit, somebody

OCTOBER_5, SEPTEMBER_1 = 1_791_172_800, 1_788_235_200  # noon in Shanghai, 2026
PAST = SampleHistory(
    bills={0: {"plan": 6400, "voice": 720}, 1: {"plan": 12800}},
    payments=(
        PaymentRow(ago=2, day=1, way="hall", yuan=20),
        PaymentRow(ago=1, day=5, way="card", yuan=50),
    ),
    fees=(FeeRow(provider="华风气象", service="天气预报", yuan=2, months=[0, 1]),),
    rebates=(RebateRow(ago=1, day=5, name="预存返还", yuan=10),),
    profile=SubscriberRecord(
        credit_fen=10_000,
        joined_at=NOW - 1000,
        star_until=NOW + 1000,
        points_expiring=40,
        group="兴达集团",
        short_number="6101",
        group_pays=frozenset({"CL", "YX5"}),
        contract_until=NOW + 5,
        ported_at=NOW - 5,
        email="zhang@example.com",
        joint_account="one",
    ),
    puk=Secret("48120375"),
)


@contextmanager
def ports(store: Store) -> Iterator[TransactionPorts]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection)


def test_a_record_comes_back_as_it_was_put(store: Store) -> None:
    """Every field; who has none has an empty one."""
    admit(store, somebody(past=PAST), somebody(LI))
    with ports(store) as kept:
        found = kept.profiles.of(ZHANG)
        assert found == PAST.at(NOW, store.calendar.zone).profile
        assert kept.profiles.of(LI) == SubscriberRecord()
        assert kept.people.puk(ZHANG) == Secret("48120375")
        assert kept.people.puk(LI) is None


def test_a_puk_is_not_kept_in_the_open(store: Store) -> None:
    """Only sealed."""
    admit(store, somebody(past=PAST))
    with store.transaction() as connection:
        (sealed,) = connection.execute(select(profiles.c.puk_sealed)).scalars()
    assert b"48120375" not in sealed


def test_short_numbers_are_found_within_their_group(store: Store) -> None:
    """Not in another, and not where there is none."""
    admit(store, somebody(past=PAST), somebody(LI))
    with ports(store) as kept:
        assert kept.profiles.by_short_number("兴达集团", "6101") == ZHANG
        assert kept.profiles.by_short_number("别家集团", "6101") is None
        assert kept.profiles.by_short_number("", "") is None


def test_numbers_that_are_billed_together(store: Store) -> None:
    """In order; no joint account is nobody's."""
    alone = SampleHistory(profile=SubscriberRecord(credit_fen=1))
    admit(store, somebody(LI, past=PAST), somebody(past=PAST), somebody(WANG, past=alone))
    with ports(store) as kept:
        assert kept.profiles.billed_together("one") == [ZHANG, LI]
        assert kept.profiles.billed_together("") == []


def test_bills_by_month(store: Store) -> None:
    """With what is charged for others as a line of its own."""
    admit(store, somebody(past=PAST), somebody(LI))
    with ports(store) as kept:
        now = {line.item: line.fen for line in kept.bills.of(ZHANG, 202611)}
        assert now == {"plan": 6400, "voice": 720, "provider": 200}
        assert set(kept.bills.of(ZHANG, 202610)) == {
            BillLine("plan", 12800),
            BillLine("provider", 200),
        }
        assert kept.bills.of(ZHANG, 202609) == []
        assert kept.bills.of(LI, 202611) == []
        assert kept.bills.provider_fees(ZHANG, 202610) == [ProviderFee("华风气象", "天气预报", 200)]
        assert kept.bills.provider_fees(ZHANG, 202609) == []


def test_payments_newest_first_since_a_moment(store: Store) -> None:
    """Those of the number, and none older."""
    admit(store, somebody(past=PAST), somebody(LI))
    newest, older = Payment(OCTOBER_5, "card", 5000), Payment(SEPTEMBER_1, "hall", 2000)
    with ports(store) as kept:
        assert kept.bills.payments(ZHANG, 0) == [newest, older]
        assert kept.bills.payments(ZHANG, SEPTEMBER_1 + 1) == [newest]
        assert kept.bills.payments(LI, 0) == []
        assert kept.bills.rebates(ZHANG, 0) == [Rebate(OCTOBER_5, "预存返还", 1000)]
        assert kept.bills.rebates(ZHANG, OCTOBER_5 + 1) == []


def test_a_sample_that_is_loaded_again_is_as_new(store: Store) -> None:
    """Nothing is there twice, and what is gone from it is gone."""
    admit(store, somebody(past=PAST))
    admit(store, somebody(past=PAST))
    with ports(store) as kept:
        assert len(kept.bills.payments(ZHANG, 0)) == 2
    admit(store, somebody())
    with ports(store) as kept:
        assert kept.bills.payments(ZHANG, 0) == []
        assert kept.profiles.of(ZHANG) == SubscriberRecord()


def test_the_whole_sample_can_be_put(store: Store) -> None:
    """And its bills add up to what each has used."""
    personas = own_sample().personas
    admit(store, *personas)
    with ports(store) as kept:
        for persona in personas:
            lines = kept.bills.of(persona.account.msisdn, 202611)
            assert sum(line.fen for line in lines) == persona.account.used_fen


def test_cards_are_found_by_the_number_printed_on_them(store: Store) -> None:
    """Those of the sample and those made by rule; no number is nobody's."""
    put_cards(store, [*own_sample().cards, sample_people.card(7)])
    with ports(store) as kept:
        states = {
            serial: card.state
            for serial in ("20261010000000001", "20261010000000003", "20261000000000007")
            if (card := kept.cards.by_serial(serial))
        }
        assert list(states.values()) == ["good", "used", "good"]
        assert kept.cards.by_serial("") is None
        assert kept.cards.by_serial("20261019999999999") is None
