"""The balance as a call's menus say it, before anybody asks: {balance} and {arrears}.

A sentence each, and empty where it may not be told, so that a screen can leave it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from commands.classes.customer_classes import CustomerClasses
from commands.model.accounts import SubscriberAccount
from commands.model.command_register import CommandRegister
from commands.model.request import AuthLevel, Channel
from commands.model.turn import TurnContext
from gateway.dialogue.caller_facts import NO_MONEY, TellsMoney, no_money
from gateway.dialogue.responder import Responder

_COMMAND: Final = "q.balance"
_TEXT, _OWING = "q.balance.menu", "q.balance.menu.owe"
_BEHIND: Final = {"zh": "", "en": " "}  # a sentence, before the next


class SaysBalance(Protocol):
    """gateway.dialogue.menu_run.MenuServices."""

    @property
    def responder(self) -> Responder: ...
    @property
    def register(self) -> CommandRegister: ...


def money_told(
    account: SubscriberAccount,
    level: AuthLevel,
    context: TurnContext,
    classes: CustomerClasses,
    services: SaysBalance,
) -> TellsMoney:
    """On a call, what its menus say of it without being asked."""

    def told(language: str) -> Mapping[str, str]:
        if may_hear_balance(account, level, services.register, classes, context.now):
            return money_facts(account, services.responder, language)
        return NO_MONEY

    return told if context.channel is Channel.VOICE else no_money


def may_hear_balance(
    account: SubscriberAccount,
    level: AuthLevel,
    register: CommandRegister,
    classes: CustomerClasses,
    now: int,
) -> bool:
    """To whom the command would tell it without a further word."""
    spec = register.specs.get(_COMMAND)
    listed = register.rights.get((spec.operation, Channel.VOICE.value)) if spec else None
    if spec is None or listed is None:
        return False
    mine = classes.proof(spec.operation, account.classes_at(now))
    return level >= max(listed, AuthLevel(mine))


def money_facts(
    account: SubscriberAccount, responder: Responder, language: str
) -> Mapping[str, str]:
    owes = account.balance_fen < 0
    facts = {"balance": account.balance_fen, "owed": max(0, -account.balance_fen)}
    words = responder.own(Channel.VOICE, _OWING if owes else _TEXT, language, facts)
    return {"balance": words, "arrears": words + _BEHIND[language] if owes else ""}
