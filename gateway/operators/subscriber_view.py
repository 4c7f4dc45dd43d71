"""A subscriber as an operator sees them: masked, or in full for a reason."""

from __future__ import annotations

from dataclasses import dataclass

from commands.model.accounts import SubscriberAccount, Subscription
from commands.model.tickets import OVER
from commands.parser.masking import masked_number
from gateway.store.connection import Connection
from gateway.store.consents import Consent, consents
from gateway.store.operators.history import TicketOfSubscriber, tickets_of
from gateway.store.ports.accounts import SqlAccounts
from gateway.store.ports.services import SqlServices
from gateway.store.store import Store


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """What everybody may see who may look; the rest is in `full`, None while masked."""

    number: str
    brand: str
    plan: str
    state: str
    star: int
    classes: tuple[str, ...]
    services: tuple[str, ...]
    open_tickets: int
    full: FullView | None


@dataclass(frozen=True, slots=True)
class FullView:
    """Money is fen."""

    balance_fen: int
    used_fen: int
    past_due_fen: int
    points: int
    real_named: bool
    prepaid: bool
    language: str
    services: tuple[Subscription, ...]
    tickets: tuple[TicketOfSubscriber, ...]
    consents: tuple[Consent, ...]


def subscriber_view(
    store: Store, connection: Connection, msisdn: str, now: int, *, full: bool
) -> SubscriberView | None:
    """None for a number that is nobody's."""
    account = SqlAccounts(connection, store.calendar, lock=False).find(msisdn)
    if account is None:
        return None
    services = tuple(SqlServices(connection, store.calendar).of(msisdn, now))
    found = tickets_of(connection, store.seal, msisdn)
    return SubscriberView(
        number=msisdn if full else masked_number(msisdn),
        brand=account.brand,
        plan=_plan(account, now),
        state=account.state.value,
        star=account.star,
        classes=tuple(sorted(account.classes_at(now))),
        services=tuple(held.service for held in services),
        open_tickets=sum(ticket.state not in OVER for ticket in found),
        full=_full(store, connection, account, services, found) if full else None,
    )


def _plan(account: SubscriberAccount, now: int) -> str:
    """One that was ordered for this month is the plan already."""
    due = account.next_plan and 0 < account.next_plan_at <= now
    return account.next_plan if due else account.plan


def _full(
    store: Store,
    connection: Connection,
    account: SubscriberAccount,
    services: tuple[Subscription, ...],
    found: list[TicketOfSubscriber],
) -> FullView:
    return FullView(
        account.balance_fen,
        account.used_fen,
        account.past_due_fen,
        account.points,
        account.real_named,
        account.prepaid,
        account.language,
        services,
        tuple(found),
        tuple(consents(connection, store.seal, account.msisdn)),
    )
