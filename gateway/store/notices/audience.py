"""Whom a notice concerns: subscribers as its conditions choose them, a step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, exists, false, or_, select

from commands.marketing.message_preferences import MARKETING
from commands.model.regions import Regions
from gateway.model.notices.notice import NoticeTarget
from gateway.store.lists.listed_classes import classes_of, is_listed_as
from gateway.store.ports.preferences import read_preferences
from gateway.store.tables import subscribers, subscriptions, usage

_RANGES: Final = 400  # of numbers in one query: SQLite takes no expression deeper than 1,000


class Concerned(NamedTuple):
    """A subscriber whom a notice concerns, with what its words may name."""

    phone: str
    language: str
    brand: str
    plan: str
    classes: frozenset[str]
    balance_fen: int
    points: int
    wish: str  # for advertising: on, off, or nothing was said
    region: str


class Step(NamedTuple):
    concerned: list[Concerned]
    upto: int  # numbers up to this one have been looked at; 0: there are no more


def concerned(
    connection: Connection,
    target: NoticeTarget,
    after: int,
    limit: int,
    now: int,
    month: int,
    regions: Regions,
    among: Sequence[int] | None = None,
) -> Step:
    """The next of them by number, out of so many that are looked at. `among`: only these, which
    are in order."""
    query = _chosen(target, now, month).where(subscribers.c.msisdn > after)
    if target.regions:
        ranges = regions.ranges_of(target.regions)
        if len(ranges) <= _RANGES:  # else all are looked at
            there = [subscribers.c.msisdn.between(first, last) for first, last in ranges]
            query = query.where(or_(false(), *there))
    if among is not None:
        query = query.where(subscribers.c.msisdn.in_(among))
    rows = connection.execute(query.order_by(subscribers.c.msisdn).limit(limit)).all()
    if among is not None:
        upto = among[-1] if among else 0
    else:
        upto = rows[-1].msisdn if len(rows) == limit else 0
    return Step(_in_regions(connection, rows, target, now, regions), upto)


def these(
    connection: Connection, phones: Sequence[int], now: int, regions: Regions
) -> list[Concerned]:
    """Subscribers as they stand now."""
    query = select(subscribers).where(subscribers.c.msisdn.in_(phones))
    rows = connection.execute(query.order_by(subscribers.c.msisdn)).all()
    return _in_regions(connection, rows, NoticeTarget(), now, regions)


def _chosen(target: NoticeTarget, now: int, month: int) -> Select[Any]:
    columns = subscribers.c
    query = select(subscribers).where(columns.state != "cancelled")
    if target.brands:
        query = query.where(columns.brand.in_(target.brands))
    if target.plans:
        query = query.where(columns.plan.in_(target.plans))
    if target.classes:
        own = "," + columns.classes + ","
        theirs = [own.contains(f",{each},") for each in target.classes]
        query = query.where(or_(*theirs, is_listed_as(target.classes, now)))
    if target.services:
        query = query.where(_has(target.services, now))
    if target.without:
        query = query.where(~_has(target.without, now))
    if target.used:
        used = and_(
            usage.c.msisdn == columns.msisdn,
            usage.c.month == month,
            usage.c.item == target.used,
            usage.c.used >= target.at_least,
        )
        query = query.where(exists(select(usage.c.msisdn).where(used)))
    return query


def _has(services: Sequence[str], now: int) -> Any:
    columns = subscriptions.c
    runs = or_(columns.until_at == 0, columns.until_at > now)
    mine = and_(columns.msisdn == subscribers.c.msisdn, columns.service.in_(services), runs)
    return exists(select(columns.id).where(mine))


def _in_regions(
    connection: Connection,
    rows: Sequence[Row[Any]],
    target: NoticeTarget,
    now: int,
    regions: Regions,
) -> list[Concerned]:
    places = {row.msisdn: _region(regions, row.msisdn) for row in rows}
    kept = [row for row in rows if not target.regions or places[row.msisdn] in target.regions]
    wishes = read_preferences(connection, [row.msisdn for row in kept])
    listed = classes_of(connection, [str(row.msisdn) for row in kept], now)
    return [_concerned(row, wishes, listed, places[row.msisdn]) for row in kept]


def _region(regions: Regions, msisdn: int) -> str:
    found = regions.of(str(msisdn))
    return str(found) if found is not None else ""


def _concerned(
    row: Row[Any],
    wishes: Mapping[tuple[str, str], str],
    listed: Mapping[str, frozenset[str]],
    region: str,
) -> Concerned:
    phone = str(row.msisdn)
    return Concerned(
        phone,
        row.language,
        row.brand,
        row.plan,
        frozenset(filter(None, row.classes.split(","))) | listed.get(phone, frozenset()),
        row.balance_fen,
        row.points,
        wishes.get((phone, MARKETING), ""),
        region,
    )
