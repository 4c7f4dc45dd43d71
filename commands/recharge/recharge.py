"""CZ: money from a recharge card, for one's own number or for another's.

A card that does not exist counts against the phone that tries it: three in a row close recharging
for a day. One that is used, too old or locked was no guess, and does not count. Whether another
number can be recharged is told only to somebody who has agreed to give a good card, and counts too:
nobody finds out by it for nothing which numbers exist.
"""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.recharge_cards import UNSEEN, RechargeCard
from commands.model.request import AuthLevel, Channel, Refusal, Reply, Request, Secret
from commands.model.subscriber_lookup import account

WRONG: Final = "card"  # a card that does not exist is counted as this
CARD: Final = "card"  # the reason in the ledger: how it was paid
_GONE: Final = (NumberState.TO_CANCEL, NumberState.CANCELLED)


def allowed(request: Request, hall: Hall) -> None:
    """Raises Refusal for one's own number if it is gone or none of ours, and from a phone that
    tried too many cards."""
    if request.own and account(request, hall).state in _GONE:
        raise Refusal("rc.err.range")
    _open(request, hall)


def own(request: Request, hall: Hall) -> tuple[Reply, ...]:
    facts = _redeemed(_good(request, hall), request, hall)
    if request.channel is Channel.DOOR and request.level is AuthLevel.A0:  # anybody stands there
        return _untold(facts, Reply("rc.ok", facts, to=request.subject))
    return (Reply("rc.ok", facts),)


def read_back(request: Request, hall: Hall) -> Reply:
    """For another number: nothing is used up until the number has been read back and agreed to."""
    card = _good(request, hall)
    return Reply("rc.read_back", {"number": request.subject, "fen": card.face_fen})


def others(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Who paid is not told the balance; it is told to whom it belongs."""
    if request.phone == request.subject:
        return own(request, hall)
    facts = _redeemed(_good(request, hall), request, hall)
    told = Reply("rc.received", {**facts, "payer": request.phone}, to=request.subject)
    if not request.phone:  # who paid is not known
        told = Reply("rc.ok", facts, to=request.subject)
    return _untold(facts, told)


def _untold(facts: dict[str, object], told: Reply) -> tuple[Reply, ...]:
    """`told` is for whom the money is; who paid hears nothing of the balance."""
    return (
        Reply("rc.ok.other", {n: fact for n, fact in facts.items() if n != "balance"}),
        told,
    )


def _redeemed(card: RechargeCard, request: Request, hall: Hall) -> dict[str, object]:
    """Used up and booked. Who was stopped for arrears may be back in service by it."""
    before = hall.accounts.find(request.subject)
    if before is None or before.state in _GONE:
        raise _one_more(request, hall) or Refusal("rc.err.range")
    if not hall.cards.redeem(_secret(request), request.subject, request.now):
        raise Refusal("rc.err.used")  # somebody was quicker
    hall.attempts.clear(WRONG, _from(request))
    after = hall.accounts.credit(request.subject, card.face_fen, CARD, request.id, request.now)
    return {
        "now": request.now,
        "number": request.subject,
        "fen": card.face_fen,
        "balance": after.balance_fen,
        "resumed": after.state is NumberState.NORMAL and before.state is not NumberState.NORMAL,
    }


def _good(request: Request, hall: Hall) -> RechargeCard:
    """The card, if it can be used now. Raises Refusal, and counts, if it cannot."""
    allowed(request, hall)
    card = hall.cards.find(_secret(request))
    if card is None:
        raise _one_more(request, hall) or Refusal("rc.err.secret", {"left": _left(request, hall)})
    if card.state not in ("good", UNSEEN):
        raise Refusal(_SPENT.get(card.state, "rc.err.state"))
    return card


_SPENT: Final = {"used": "rc.err.used", "expired": "rc.err.expired"}


def _secret(request: Request) -> Secret:
    secret = request.args["card"]
    assert isinstance(secret, Secret)  # its kind is one
    return secret


def _from(request: Request) -> str:
    """Whose wrong cards count together. Calls that show no number are told apart by the number they
    recharge, and so is what is typed at other interfaces; that does not close it for its owner."""
    own = "" if request.channel is Channel.DOOR else request.phone
    return own or f"?{request.subject}"


def _one_more(request: Request, hall: Hall) -> Refusal | None:
    """Count a guess. The refusal, if that closes recharging."""
    hall.attempts.add(WRONG, _from(request), request.now)
    if _left(request, hall) > 0:
        return None
    return _closed(request.now + hall.settings.card_closed, request)


def _left(request: Request, hall: Hall) -> int:
    rules = hall.settings
    made = hall.attempts.count(WRONG, _from(request), request.now - rules.card_closed)
    return rules.card_errors - made


def _open(request: Request, hall: Hall) -> None:
    """Raises Refusal if too many wrong cards came from this phone, until a day after the last."""
    rules, last = hall.settings, hall.attempts.last(WRONG, _from(request))
    until = last + rules.card_closed
    if until <= request.now:
        return
    if hall.attempts.count(WRONG, _from(request), last - rules.card_closed) >= rules.card_errors:
        raise _closed(until, request)


def _closed(until: int, request: Request) -> Refusal:
    return Refusal("rc.err.tries", {"hours": -(-(until - request.now) // 3600)})
