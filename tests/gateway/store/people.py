"""Subscribers for stores: ordinary ones, and what is special about them."""

from __future__ import annotations

from commands.model.accounts import MonthUsage, NumberState, SubscriberAccount, Subscription
from commands.model.request import Secret
from gateway.config.sample.people import Persona
from gateway.store.sample.people import put_personas
from gateway.store.store import Store

NOW = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
ZHANG, LI, WANG = "13800138001", "13800138002", "13800138003"
CERTIFICATE = "110101199003078515"


def somebody(number: str = ZHANG, balance_fen: int = 5_680, **special: object) -> Persona:
    """Prepaid, with a name, a service and some use."""
    account = SubscriberAccount(
        number, "QQT", "QQT128", True, True, NumberState.NORMAL, balance_fen, 7_120
    )
    plain = Persona(
        account,
        Secret("739204"),
        weak=False,
        name="张三",
        certificate=Secret(CERTIFICATE),
        subscriptions=(Subscription("LDXS", NOW - 1000),),
        usage=(MonthUsage("voice_min", 236),),
    )
    fields = {name: getattr(plain, name) for name in plain.__slots__}
    return Persona(**fields | special)


def admit(store: Store, *personas: Persona) -> None:
    put_personas(store, personas or [somebody()], NOW)
