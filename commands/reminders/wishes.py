"""Who wants which reminder: by their own wish, else by the rule of conf/reminders.yaml."""

from __future__ import annotations

from typing import Final

from commands.marketing.message_preferences import CHARGES, DECLINED, OF_KIND
from commands.reminders.model import (
    ReminderKind,
    ReminderRule,
    SentTo,
    SubscriberNow,
)
from commands.services.balance_reminder import BELOW, REMINDER

_OFF: Final = "off"


def wanted(kind: ReminderKind, rule: ReminderRule, now: SubscriberNow) -> bool:
    """Whether somebody is told of such things at all."""
    if rule.to is SentTo.NOBODY:
        return False
    own = _own_wish(kind, now)
    if rule.to is SentTo.ALL or own is True:
        return True
    if own is False or rule.to is SentTo.WISH:
        return False
    return now.wishes.get(DECLINED) != _OFF


def _own_wish(kind: ReminderKind, now: SubscriberNow) -> bool | None:
    """None: nothing was ever said of this kind."""
    balance = kind is ReminderKind.BALANCE_LOW
    if balance and own_threshold_fen(now):
        return True
    name = CHARGES if kind is ReminderKind.CHARGE else OF_KIND + kind.value
    if said := now.wishes.get(name):
        return said != _OFF
    return False if balance and now.wishes.get(BELOW) else None  # their own amount has ended


def own_threshold_fen(now: SubscriberNow) -> int:
    """The amount of KTYETX, while the service goes on; else 0."""
    held = any(one.service == REMINDER for one in now.services)
    said = now.wishes.get(BELOW, "")
    return int(said) if held and said.isdecimal() else 0
