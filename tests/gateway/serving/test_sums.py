"""Whatever is sent, the money in the store is what was there and what the ledger says has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gateway.store.sample.people import put_cards, put_personas
from gateway.store.store import Store
from gateway.store.tables import cards, ledger, subscribers
from tests.commands.command_texts import (
    KNOWING,
    RIGHT_CERTIFICATE,
    RIGHT_CODES,
    RIGHT_PASSWORD,
    ZHANG,
    command_texts,
)
from tests.commands.fakes import own_sample
from tests.gateway.hall import Office

DAY: Final = 24 * 3600
SENTENCES: Final = command_texts(KNOWING)
# Where money moves, or might.
ACTIONS: Final = [
    "rc.self", "rc.other", "pt.exchange", "sv.order", "sv.order.data", "sv.order.tone", "un.pick",
    "sv.plan_change", "st.suspend", "st.resume", "sv.cancel", "sv.change", "sv.overdraft",
]  # fmt: skip
ANSWERS: Final = ["是", "Y", "是", "Y", "N", RIGHT_PASSWORD, *RIGHT_CODES, RIGHT_CERTIFICATE]
turns = st.tuples(
    st.sampled_from(ACTIONS).flatmap(lambda action: st.sampled_from(SENTENCES[action])),
    st.lists(st.sampled_from(ANSWERS), max_size=3),
)
talks = st.lists(turns, max_size=5).map(
    lambda said: [t for ask, rest in said for t in (ask, *rest)]
)


@dataclass
class Known:
    """Chance that a test knows."""

    drawn: int = 0

    def digits(self, count: int) -> str:
        self.drawn += 1
        return RIGHT_CODES[self.drawn % 2][:count]


@pytest.mark.slow
def test_money_changes_by_the_ledger_alone(sqlite_store: Store) -> None:
    """For each subscriber, in batches of any size; and a card is in it once."""
    office = Office(sqlite_store)
    office.counter.chance = Known()

    @settings(max_examples=40)
    @given(talks, st.integers(1, 4))
    def it_does(texts: list[str], batch: int) -> None:
        office.bag.now += 2 * DAY  # what was counted or waited in the last example is over
        put_personas(sqlite_store, own_sample().personas, int(office.bag.now))
        put_cards(sqlite_store, own_sample().cards)
        said = [office.arrived(text, ZHANG) for text in texts]
        for start in range(0, len(said), batch):
            office.serve(*said[start : start + batch])
        _holds_together(sqlite_store)

    it_does()


def _holds_together(store: Store) -> None:
    booked = _booked(store)
    for persona in own_sample().personas:
        account = persona.account
        expected = account.balance_fen + booked.get(account.msisdn, 0)
        assert _balance(store, account.msisdn) == expected
    _every_row_is_what_it_says(store)


def _booked(store: Store) -> dict[str, int]:
    query = select(ledger.c.msisdn, func.sum(ledger.c.fen)).group_by(ledger.c.msisdn)
    with store.transaction() as connection:
        return {str(msisdn): int(fen) for msisdn, fen in connection.execute(query)}


def _balance(store: Store, msisdn: str) -> int:
    query = select(subscribers.c.balance_fen).where(subscribers.c.msisdn == int(msisdn))
    with store.transaction() as connection:
        return int(connection.execute(query).scalar_one())


def _every_row_is_what_it_says(store: Store) -> None:
    """Fees take, recharges and refunds give; what came by card are the faces of the cards used."""
    with store.transaction() as connection:
        rows = connection.execute(select(ledger.c.kind, ledger.c.fen, ledger.c.reason)).all()
        used = connection.execute(
            select(cards.c.face_fen).where(cards.c.state == "used", cards.c.used_by > 0)
        )
        faces = sorted(used.scalars())
    assert all((fen < 0) == (kind == "fee") for kind, fen, _ in rows)
    assert {kind for kind, _, _ in rows} <= {"fee", "recharge", "refund"}
    assert sorted(fen for _, fen, reason in rows if reason == "card") == faces
