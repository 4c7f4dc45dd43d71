"""Service passwords, kept as keyed hashes, and the count of wrong ones, on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from commands.model.credentials import PasswordState, PasswordTries
from commands.model.request import Secret
from gateway.security.encryption import Seal
from gateway.store.ports.passwords import SqlPasswords
from gateway.store.store import Store
from gateway.store.tables import subscribers
from tests.gateway.store.people import CERTIFICATE, LI, NOW, WANG, ZHANG, admit, somebody

OLD, NEW = Secret("739204"), Secret("528461")


@contextmanager
def passwords(store: Store) -> Iterator[SqlPasswords]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection).passwords


def test_only_the_right_password_fits(store: Store) -> None:
    """Of the right number."""
    admit(store, somebody(), somebody(LI, password=NEW))
    with passwords(store) as kept:
        assert kept.matches(ZHANG, OLD)
        assert not kept.matches(ZHANG, NEW)
        assert not kept.matches(LI, OLD)


def test_no_password_opens_nothing(store: Store) -> None:
    """Neither a number that is not ours nor an empty entry finds an empty mark equal."""
    with passwords(store) as kept:
        assert not kept.matches(WANG, OLD)
        assert not kept.matches(WANG, Secret(""))


def test_a_new_password_takes_the_place_of_the_old(store: Store) -> None:
    """With what is to be reminded of, for this number alone."""
    admit(store, somebody(weak=True, initial=True), somebody(LI, weak=True))
    with passwords(store) as kept:
        assert kept.state(ZHANG) == PasswordState(weak=True, initial=True)
        kept.change(ZHANG, NEW, weak=False, initial=True, now=NOW)
    with passwords(store) as kept:
        assert (kept.matches(ZHANG, NEW), kept.matches(ZHANG, OLD)) == (True, False)
        assert kept.state(ZHANG) == PasswordState(weak=False, initial=True)
        assert kept.state(LI) == PasswordState(weak=True, initial=False)
        assert kept.matches(LI, OLD)


def test_what_is_kept_tells_nothing_without_the_key(store: Store) -> None:
    """A million six-digit codes fall to any hash that needs no key; equal ones do not even show."""
    admit(store, somebody(), somebody(LI))
    with store.transaction() as connection:
        marks = connection.execute(select(subscribers.c.password_mark)).scalars().all()
        stranger = SqlPasswords(connection, Seal(bytes(32)))
        assert not stranger.matches(ZHANG, OLD)
        assert not SqlPasswords(connection, Seal(b"k" * 32)).matches(ZHANG, Secret(marks[0]))
    assert len(set(marks)) == 2


def test_the_certificates_digits_are_read_back_for_the_rules(store: Store) -> None:
    """They are sealed, and there may be none."""
    admit(store, somebody(), somebody(LI, certificate=Secret("")))
    with passwords(store) as kept:
        assert kept.forbidden_digits(ZHANG) == [Secret(CERTIFICATE)]
        assert kept.forbidden_digits(LI) == []
        assert kept.forbidden_digits(WANG) == []


def test_a_mark_stands_for_a_password_in_a_dialogue(store: Store) -> None:
    """Equal for equal digits, whoever typed them, and another than the one in the table."""
    admit(store)
    with passwords(store) as kept:
        assert kept.mark(NEW) == kept.mark(Secret("528461")) != kept.mark(OLD)
    with store.transaction() as connection:
        (mark,) = connection.execute(select(subscribers.c.password_mark)).scalars()
    assert mark != kept.mark(OLD)


def test_wrong_tries_are_counted_for_a_number(store: Store) -> None:
    """Replaced as they grow, gone with a success; a number need not be ours."""
    with passwords(store) as kept:
        assert kept.tries(ZHANG) == PasswordTries()
        kept.record_tries(ZHANG, PasswordTries(1))
        kept.record_tries(ZHANG, PasswordTries(3, NOW + 86_400))
        kept.record_tries(LI, PasswordTries(1))
    with passwords(store) as kept:
        assert kept.tries(ZHANG) == PasswordTries(3, NOW + 86_400)
        kept.record_tries(ZHANG, PasswordTries())
        assert kept.tries(ZHANG) == PasswordTries()
        assert kept.tries(LI) == PasswordTries(1)
