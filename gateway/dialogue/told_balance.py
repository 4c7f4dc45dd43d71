"""The balance as a call's menus say it, before anybody asks: {balance} and {arrears}.

A sentence each, and empty where it may not be told, so that a screen can leave it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.classes.customer_classes import CustomerClasses
from commands.model.accounts import SubscriberAccount
from commands.model.command_register import CommandRegister
from commands.model.request import AuthLevel, Channel
from gateway.dialogue.responder import Responder
from menus.model.wording import LANGUAGES

MoneyFacts = Mapping[str, Mapping[str, str]]
"""By language."""
_COMMAND: Final = "q.balance"
_TEXT, _OWING = "q.balance.menu", "q.balance.menu.owe"
_BEHIND: Final = {"zh": "", "en": " "}  # a sentence, before the next


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


def money_facts(account: SubscriberAccount, responder: Responder) -> MoneyFacts:
    owes = account.balance_fen < 0
    facts = {"balance": account.balance_fen, "owed": max(0, -account.balance_fen)}
    said = {
        language: responder.own(Channel.VOICE, _OWING if owes else _TEXT, language, facts)
        for language in LANGUAGES
    }
    return {
        language: {"balance": words, "arrears": words + _BEHIND[language] if owes else ""}
        for language, words in said.items()
    }
