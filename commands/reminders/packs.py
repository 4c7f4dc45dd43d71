"""A pack that somebody who has used up what is included could order at once."""

from __future__ import annotations

from collections.abc import Iterable

from commands.model.accounts import NumberState
from commands.reminders.model import SubscriberNow
from tariffs import rules
from tariffs.catalogue import Catalogue, EffectiveFrom, Service


def pack_for(codes: Iterable[str], now: SubscriberNow, catalogue: Catalogue) -> Service | None:
    """The first of these that nothing stands in the way of, not even the balance. None: whoever
    asked for one would be refused."""
    account = now.account
    if account.state is not NumberState.NORMAL or not account.real_named:
        return None
    if "black" in account.classes:
        return None
    held = [one.service for one in now.services]
    plan = catalogue.plans.get(account.plan)
    excluded = plan.excludes if plan else frozenset()
    for code in codes:
        service = catalogue.service(code)
        if service is None or code in excluded or service.effect is not EffectiveFrom.AT_ONCE:
            continue
        if rules.order_obstacle(service, account.brand, held, catalogue) is not None:
            continue
        if not account.prepaid or account.balance_fen >= rules.fee(service, account.brand, held):
            return service
    return None
