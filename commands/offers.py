"""One recommendation beside an answer, as marketing writes it in conf/offers.yaml, for who may want
it.

None for who has said no, for the red list, or where something was refused or is secret; one a day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from commands.counter import Counter, Outcome
from commands.dialogue import Asked, Understood
from commands.ports import Account, Hall, State
from commands.vocabulary import Channel, Reply, Secret
from commands.windows import Hours, minute_of_day
from tariffs import rules
from tariffs.catalogue import Catalogue
from tariffs.label import Label

SHOWN: Final = "offer.shown"  # the strike of the day's offer
REFUSAL: Final = "consent.off"
REMEMBERED: Final = 7 * 24 * 3600  # an order after that had another reason
WISH: Final = "marketing"  # the preference: off for who wants none
_UNWANTED: Final = frozenset({"red", "black"})  # classes that are left alone


@dataclass(frozen=True, slots=True)
class Offer:
    """One recommendation. Empty sets: no matter which."""

    pitch: Label
    code: str  # what to send for it
    service: str = ""  # what that orders
    after: frozenset[str] = frozenset()  # the actions beside whose answers it stands
    brands: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    since: int = 0
    until: int = 0  # 0: until it is taken out
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Offers:
    offers: tuple[Offer, ...] = ()
    every: int = 24 * 3600  # seconds between two offers to one subscriber
    # when one may be sent to who has not asked anything
    hours: Hours = field(default_factory=lambda: Hours(8 * 60, 21 * 60))
    beside: frozenset[str] = field(init=False)  # all actions that any of them stands beside

    def __post_init__(self) -> None:
        actions = frozenset(action for offer in self.offers for action in offer.after)
        object.__setattr__(self, "beside", actions)


NO_OFFERS: Final = Offers()


def fitting(
    offers: Sequence[Offer],
    action: str,
    account: Account,
    held: Collection[str],
    catalogue: Catalogue,
    now: int,
) -> list[Offer]:
    """Those that this subscriber could take up at once beside the answer to this action."""
    return [
        offer
        for offer in offers
        if action in offer.after
        and offer.since <= now
        and (not offer.until or now < offer.until)
        and (not offer.brands or account.brand in offer.brands)
        and (not offer.plans or account.plan in offer.plans)
        and _open_to(offer, account, held, catalogue)
    ]


def _open_to(offer: Offer, account: Account, held: Collection[str], catalogue: Catalogue) -> bool:
    """What somebody has, or could only have instead of something else, is not recommended."""
    service = catalogue.service(offer.service)
    return service is None or rules.hindrance(service, account.brand, held, catalogue) is None


def drawn(fit: Sequence[Offer], msisdn: str, now: int) -> Offer | None:
    """One of them, by weight: another each day, another for each subscriber, and no dice."""
    total = sum(offer.weight for offer in fit)
    place = (int(msisdn) + now // 86400 * 7919) % total if total else 0
    for offer in fit:
        if place < offer.weight:
            return offer
        place -= offer.weight
    return None


def slot(here: Counter, said: Understood, outcome: Outcome, offers: Offers) -> Reply | None:
    """What may stand beside this answer. What is looked up costs least first: most answers have no
    offer."""
    visit, hall = here.visit, here.hall
    if outcome.action not in offers.beside or not _plain_answer(here, said, outcome):
        return None
    account = hall.accounts.find(visit.phone)
    if account is None or not wanted(account, hall) or _had_one(here, offers):
        return None
    held = [subscription.service for subscription in hall.services.of(visit.phone, visit.now)]
    fit = fitting(offers.offers, outcome.action, account, held, hall.catalogue, visit.now)
    offer = drawn(fit, visit.phone, visit.now)
    return Reply("offer.slot", {"pitch": offer.pitch, "code": offer.code}) if offer else None


def wanted(account: Account, hall: Hall) -> bool:
    """May this subscriber be recommended anything at all?"""
    if account.state is not State.NORMAL or account.classes & _UNWANTED:
        return False
    return hall.preferences.of(account.msisdn, WISH) != "off"


def may_push(offers: Offers, now: int, zone: tzinfo) -> bool:
    """Is it an hour at which an advertisement may be sent that answers nothing?"""
    return offers.hours.at(minute_of_day(now, zone))


def shown(phone: str, hall: Hall, now: int, code: str = "") -> None:
    """It found room in the answer: this was the day's."""
    hall.strikes.add(SHOWN, phone, now)
    if code:
        hall.strikes.add(_mark(code), phone, now)
        hall.tally.offer(code, "shown")


def answered(here: Counter, outcome: Outcome, offers: Offers) -> None:
    """Count what became of a recommendation: its service was ordered, whatever the way, or no
    more of them are wanted. The first answer is the one that counts."""
    wanted, result = outcome.service, "taken"
    if outcome.action == REFUSAL and outcome.changed:
        result = "refused"
    elif not wanted:
        return
    phone, strikes = here.visit.phone, here.hall.strikes
    for offer in offers.offers:
        mark = _mark(offer.code)
        meant = result == "refused" or offer.service == wanted
        if meant and strikes.count(mark, phone, here.visit.now - REMEMBERED):
            strikes.clear(mark, phone)
            here.hall.tally.offer(offer.code, result)


def _mark(code: str) -> str:
    return f"offer {code}"


def _had_one(here: Counter, offers: Offers) -> bool:
    since = here.visit.now - offers.every
    return here.hall.strikes.count(SHOWN, here.visit.phone, since) > 0


def _plain_answer(here: Counter, said: Understood, outcome: Outcome) -> bool:
    """An answer to a question of one's own, from one's own phone, with no secret on either side."""
    visit = here.visit
    if not isinstance(said, Asked) or not visit.asserted or visit.channel is not Channel.SMS:
        return False
    if outcome.result != "ok" or outcome.changed or any(r.secret for r in outcome.replies):
        return False
    own = said.args.get("subject", visit.phone) == visit.phone
    return own and not any(isinstance(value, Secret) for value in said.args.values())
