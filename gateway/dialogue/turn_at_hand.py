"""A turn of a call that needs no store: the caller is known already, and nothing of it must be kept
before it is said. It only leads him on through the menu, or asks him for something.

Whatever else a menu or a command wants is not at hand, and is refused here as a whole: then the
turn takes place in a transaction, as if this had never been tried."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from commands.marketing.offers import WISH
from commands.model.accounts import SubscriberAccount
from commands.model.credentials import PasswordTries
from commands.model.hall import Hall, RandomSource
from commands.model.request import Secret
from commands.model.request_quota import RequestQuota
from gateway.dialogue.call_routing import called
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.menu_run import SealsSecrets
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.known_caller import KnownCaller
from gateway.model.messages import CallInput, ScreenAct
from gateway.model.session_state import SessionState
from menus.model.book import CommandEnding
from menus.model.steps import TransferCall

_ASKS: Final = {CommandEnding.PASSWORD, CommandEnding.INPUT}
"""How a command may have ended that has done nothing yet."""


class NeedsStore(Exception):
    """Only the store can tell, or it must be kept before it is said."""


class TurnAtHand(NamedTuple):
    """What the call is to do, where its caller stands then, and the turn in a menu, if any."""

    said: RoutedTurn
    after: SessionState
    walked: MenuTurn | None


class _NotAtHand:
    """Of a port, all that is not written into it."""

    def __getattr__(self, name: str) -> Any:
        raise NeedsStore(name)


class _Caller(_NotAtHand):
    """The ports' answers about the one caller; of any other number nothing is at hand."""

    def __init__(self, caller: KnownCaller) -> None:
        self._caller = caller

    def _known(self, msisdn: str) -> KnownCaller:
        if msisdn != self._caller.phone:
            raise NeedsStore("another number")
        return self._caller


class _Accounts(_Caller):
    def find(self, msisdn: str) -> SubscriberAccount | None:
        return self._known(msisdn).account if msisdn else None


class _Preferences(_Caller):
    def of(self, msisdn: str, name: str) -> str:
        if name != WISH:
            raise NeedsStore(name)
        return self._known(msisdn).wish


class _Passwords(_Caller):
    def tries(self, msisdn: str) -> PasswordTries:
        return self._known(msisdn).tries

    def mark(self, password: Secret) -> str:
        raise NeedsStore("a secret was typed")


_ABSENT: Final[Any] = _NotAtHand()


def leads_on(message: CallInput) -> bool:
    """Whether it is worth trying: it answers nothing that a command has asked."""
    before = message.stands
    if before is None or message.back is not None:
        return False
    return message.act is not ScreenAct.ON or before.dialogue.empty


def turn_at_hand(
    editions: EditionsInForce,
    message: CallInput,
    caller: KnownCaller,
    quota: RequestQuota,
    chance: RandomSource,
    secrets: SealsSecrets,
) -> TurnAtHand:
    """Raises NeedsStore; then nothing has happened but what `quota` counted."""
    before = message.stands
    if before is None:
        raise NeedsStore("where he stands")
    base = editions.base
    hall = _hall(base, caller, quota, chance)
    shared = SharedContext(editions, base, hall, secrets).at_number(message.port.digits)
    said, after, walked = called(shared, message, before)
    if said.letters or said.changed or said.asks_for:
        raise NeedsStore("it has an effect")
    if walked is not None and (
        isinstance(walked.step, TransferCall) or not _ASKS.issuperset(walked.trace.endings)
    ):
        raise NeedsStore("a command has answered, or a person is to")
    return TurnAtHand(said, after, walked)


def _hall(
    snapshot: HallSnapshot, caller: KnownCaller, quota: RequestQuota, chance: RandomSource
) -> Hall:
    accounts: Any = _Accounts(caller)
    passwords: Any = _Passwords(caller)
    preferences: Any = _Preferences(caller)
    return Hall(
        accounts, _ABSENT, passwords, _ABSENT, snapshot.catalogue, chance, quota, _ABSENT, _ABSENT,
        _ABSENT, _ABSENT, _ABSENT, _ABSENT, _ABSENT, preferences, _ABSENT,
        snapshot.register.settings, snapshot.regions, snapshot.holidays, _ABSENT, _ABSENT,
    )  # fmt: skip
