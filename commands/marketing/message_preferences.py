"""JSYX, KQYX, SFTX, QXSFTX, QXTX, KTTX, QXYLTX …: what somebody wants to be sent. Done at once,
without a confirm: it costs nothing, and the way back is as short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account, from_own_phone

MARKETING: Final = "marketing"  # offers and campaigns
CHARGES: Final = "charge_reminder"  # 扣费提醒: told of every charge
DECLINED: Final = "reminders"  # off: none that come by default
OF_KIND: Final = "reminder "  # with the kind behind it: its own wish, which goes before DECLINED


def preference_command(
    name: str, value: str, text: str
) -> Callable[[Request, Hall], tuple[Reply, ...]]:
    """The command that keeps this wish and answers with this text."""

    def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
        from_own_phone(request)
        account(request, hall)
        hall.preferences.put(request.subject, name, value, request.interface, request.now)
        return (Reply(text),)

    return carry_out


stop_offers = preference_command(MARKETING, "off", "consent.off")
allow_offers = preference_command(MARKETING, "on", "consent.on")
start_charge_reminders = preference_command(CHARGES, "on", "charges.on")
stop_charge_reminders = preference_command(CHARGES, "off", "charges.off")
stop_reminders = preference_command(DECLINED, "off", "reminders.off")
allow_reminders = preference_command(DECLINED, "on", "reminders.on")


def stop_kind(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """One kind of reminder. Raises Refusal for what everybody is told, whatever they wish."""
    if _kind(request) in hall.settings.reminders_for_all:
        raise Refusal("reminders.kind.kept")
    return _keep(request, hall, "off")


def start_kind(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """One kind, also for somebody who has declined the others. Raises Refusal for what nobody is
    told."""
    if _kind(request) in hall.settings.reminders_for_nobody:
        raise Refusal("reminders.kind.none")
    return _keep(request, hall, "on")


def _kind(request: Request) -> str:
    return str(request.args["reminder"])


def _keep(request: Request, hall: Hall, value: str) -> tuple[Reply, ...]:
    from_own_phone(request)
    account(request, hall)
    name = OF_KIND + _kind(request)
    hall.preferences.put(request.subject, name, value, request.interface, request.now)
    return (Reply(f"reminders.kind.{value}", {"back": str(request.args["back"])}),)
