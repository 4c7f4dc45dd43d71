"""One-time links, on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from commands.model.one_time_links import OneTimeLink
from commands.model.request import Secret
from gateway.store.ports.one_time_links import SqlLinks
from gateway.store.retention import Retention, tidy
from gateway.store.store import Store
from gateway.store.tables import links
from tests.gateway.store.people import LI, NOW, ZHANG

TOKEN, OTHER = Secret("123456789012345678901234"), Secret("432109876543210987654321")
OCTOBER = OneTimeLink("detail", ZHANG, 202610)


@contextmanager
def kept(store: Store) -> Iterator[SqlLinks]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection).links


def test_a_link_opens_once(store: Store) -> None:
    """Also when the first look and the second are transactions of their own."""
    with kept(store) as ours:
        ours.issue(TOKEN, OCTOBER, NOW + 1800, NOW)
    with kept(store) as ours:
        assert ours.use(TOKEN, NOW + 5) == OCTOBER
    with kept(store) as ours:
        assert ours.use(TOKEN, NOW + 5) is None


def test_a_link_that_is_too_old_or_unknown_opens_nothing(store: Store) -> None:
    """To the second."""
    with kept(store) as ours:
        ours.issue(TOKEN, OCTOBER, NOW + 1800, NOW)
        assert ours.use(OTHER, NOW) is None
        assert ours.use(TOKEN, NOW + 1800) is None
        assert ours.use(TOKEN, NOW + 1799) == OCTOBER


def test_a_newer_link_ends_the_older(store: Store) -> None:
    """Of the same number only."""
    with kept(store) as ours:
        ours.issue(TOKEN, OCTOBER, NOW + 1800, NOW)
        ours.issue(OTHER, OneTimeLink("detail", LI, 202610), NOW + 1800, NOW)
        ours.issue(Secret("1" * 24), OneTimeLink("detail", ZHANG, 202609), NOW + 1800, NOW)
        assert ours.use(TOKEN, NOW) is None
        assert ours.use(OTHER, NOW) == OneTimeLink("detail", LI, 202610)


def test_the_token_is_not_kept_in_the_open(store: Store) -> None:
    """Who reads the table can open nothing."""
    with store.transaction() as connection:
        store.ports(connection).links.issue(TOKEN, OCTOBER, NOW + 1800, NOW)
        (row,) = connection.execute(select(links)).all()
    assert TOKEN.reveal() not in str(row)


def test_links_that_are_over_are_forgotten(store: Store) -> None:
    """The others stay."""
    with store.transaction() as connection:
        ours = store.ports(connection).links
        ours.issue(TOKEN, OCTOBER, NOW - 1, NOW - 1801)
        ours.issue(OTHER, OneTimeLink("detail", LI, 202610), NOW + 1, NOW)
        assert tidy(connection, NOW, Retention()) == 1
        (left,) = connection.execute(select(links.c.msisdn)).scalars()
    assert str(left) == LI
