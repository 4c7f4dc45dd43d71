"""A gateway that is alone, and has several binds to an SMSC: of whom it asks the store."""

from __future__ import annotations

import pytest

from gateway.model.address import Address
from gateway.model.messages import ShortMessage
from gateway.model.smsc_groups import SmscGroups
from gateway.serving.redelivery import Redelivery
from gateway.store.store import Store

PHONE = "13900000001"
ZHANG, HALL = Address.parse(f"1.1.{PHONE}"), Address.parse("0.1.10086")
FIRST = ShortMessage(64, 1, "a", b"1", PHONE, ZHANG, HALL, "YE")
AGAIN = FIRST._replace(id=128, bind=2)


@pytest.fixture
def lasting() -> Redelivery:
    return Redelivery(3600, lambda: 1.0, SmscGroups({}))


def test_what_comes_by_another_bind_is_asked_about_until_the_first_was_read(
    sqlite_store: Store, lasting: Redelivery
) -> None:
    """The SMSC knows sooner than we that a bind is lost."""
    with sqlite_store.reading() as connection:
        assert lasting.of({PHONE}, connection, [FIRST]) == set()
        lasting.served(FIRST)
        for _ in range(2):  # it waits, and is asked about again
            assert lasting.of({PHONE}, connection, [AGAIN]) == {PHONE}
        lasting.proven(1, FIRST.id)
        assert lasting.of({PHONE}, connection, [AGAIN]) == set()


def test_two_that_come_together_by_two_binds(sqlite_store: Store, lasting: Redelivery) -> None:
    with sqlite_store.reading() as connection:
        assert lasting.of({PHONE}, connection, [FIRST, AGAIN]) == {PHONE}


def test_what_comes_by_the_same_bind_before_its_like_was_answered_is_asked_about(
    sqlite_store: Store, lasting: Redelivery
) -> None:
    """The SMSC had waited for too long."""
    again = FIRST._replace(id=128, like_is_unanswered=True)
    with sqlite_store.reading() as connection:
        assert lasting.of({PHONE}, connection, [again]) == {PHONE}


def test_by_the_same_bind_nobody_is_asked_about(sqlite_store: Store, lasting: Redelivery) -> None:
    with sqlite_store.reading() as connection:
        lasting.served(FIRST)
        assert lasting.of({PHONE}, connection, [AGAIN._replace(bind=1)]) == set()
