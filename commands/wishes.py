"""JSYX, KQYX, SFTX, QXSFTX: what somebody wants to be sent. Done at once, without a confirm: it
costs nothing, and the way back is as short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from commands.ports import Hall
from commands.subscribers import account, from_own_phone
from commands.vocabulary import Reply, Request

MARKETING: Final = "marketing"  # offers and campaigns
CHARGES: Final = "charge_reminder"  # 扣费提醒: told of every charge


def wish(name: str, value: str, text: str) -> Callable[[Request, Hall], tuple[Reply, ...]]:
    """The command that keeps this wish and answers with this text."""

    def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
        from_own_phone(request)
        account(request, hall)
        hall.preferences.put(request.subject, name, value, request.interface, request.now)
        return (Reply(text),)

    return carry_out


no_offers = wish(MARKETING, "off", "consent.off")
offers = wish(MARKETING, "on", "consent.on")
charges_told = wish(CHARGES, "on", "charges.on")
charges_untold = wish(CHARGES, "off", "charges.off")
