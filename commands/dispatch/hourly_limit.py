"""How much a phone may say in an hour. Two machines that answer each other never stop by
themselves; so whatever they say, its hour has an end, and then we are silent.

What only answers ends first (`limits.queries_per_hour`), understood or not. What changes something
has a count of its own, and what protects its sender another: who has asked too much, or whose phone
has gone mad, can still order, say yes or no, type a password, cancel, and have it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.dispatch.command_kinds import ChangeCommand, QueryCommand, ResendCode
from commands.dispatch.command_table import ACTIONS
from commands.model.hall import Hall
from commands.model.request import Channel, Reply
from commands.model.request_quota import QuotaCategory
from commands.model.turn import TurnContext
from commands.parser.parsed_message import ConfirmAnswer, ParsedCommand, ParsedMessage, TypedInput


def quota_category(said: ParsedMessage) -> QuotaCategory:
    if isinstance(said, ParsedCommand):  # nearly every message
        return QuotaCategory.UNCLEAR if said.guessed else _MATTERS[said.spec.action]
    if isinstance(said, ConfirmAnswer | TypedInput):
        return QuotaCategory.SAFETY  # there is only so much that waits for an answer
    return QuotaCategory.UNCLEAR


def counts_as(action: str) -> QuotaCategory | None:
    """What a message of this action took of its number's hour, as the journal has it; None: nothing
    that can be said."""
    return QuotaCategory.UNCLEAR if action == "unknown" else _MATTERS.get(action)


def refuse_over_limit(
    context: TurnContext, matter: QuotaCategory, hall: Hall
) -> tuple[Reply, ...] | None:
    """What is said to somebody who has asked too much: once that it was, then nothing. None: go on.

    On calls and screens only questions are counted, and who listens or looks is told every time."""
    on_sms = context.channel is Channel.SMS
    if not on_sms and matter is not QuotaCategory.QUESTION:
        return None
    if not (whose := context.phone or context.proved):
        return None  # a call that shows no number: nothing is told before a password is right
    if not context.asserted and context.phone:
        whose = f"?{whose}"  # a forged sender takes nothing from its owner's hour
    verdict = hall.quota.take(whose, context.now, matter)
    if verdict.allowed or (matter is QuotaCategory.QUESTION and _unlimited(whose, context, hall)):
        return None
    if not (verdict.tell or not on_sms):
        return ()
    return (Reply("help.many", {"minutes": verdict.minutes}),)


def _unlimited(phone: str, context: TurnContext, hall: Hall) -> bool:
    """Some customer classes may ask as much as they like, if it is they who ask."""
    account = hall.accounts.find(phone) if context.asserted or context.proved else None
    names = account.classes_at(context.now) if account else ()
    return any(one.unlimited for one in hall.settings.classes.among(names))


def _matter(action: QueryCommand | ChangeCommand | ResendCode) -> QuotaCategory:
    if isinstance(action, QueryCommand) or (isinstance(action, ChangeCommand) and action.counted):
        return QuotaCategory.QUESTION
    protects = isinstance(action, ChangeCommand) and (action.protects or action.gives_up)
    return QuotaCategory.SAFETY if protects else QuotaCategory.CHANGE


_MATTERS: Final[Mapping[str, QuotaCategory]] = {
    name: _matter(each) for name, each in ACTIONS.items()
}
