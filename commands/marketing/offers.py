"""One recommendation beside an answer, as marketing writes it in conf/offers.yaml.

One a day. None for somebody who has said no, for customer classes without advertising, or where
something was refused or is secret.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from commands.model.accounts import NumberState, SubscriberAccount
from commands.model.daily_hours import DailyHours, minute_of_day
from commands.model.hall import Hall
from commands.model.request import Channel, Reply, Secret
from commands.model.turn import TurnOutcome, TurnState
from commands.parser.parsed_message import ParsedCommand, ParsedMessage
from tariffs import rules
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Catalogue

SHOWN: Final = "offer.shown"  # the day's offer is counted as this
REFUSAL: Final = "consent.off"
REMEMBERED: Final = 7 * 24 * 3600  # an order after that had another reason
WISH: Final = "marketing"  # the preference: off for somebody who wants none


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation. Empty sets: no matter which."""

    pitch: BilingualName
    code: str  # what to send for it
    service: str = ""  # what that orders
    after: frozenset[str] = frozenset()  # the actions beside whose answers it stands
    brands: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()  # of customers
    since: int = 0
    until: int = 0  # 0: until it is taken out
    weight: int = 1
    name: str = ""  # as conf/offers.yaml has it


@dataclass(frozen=True, slots=True)
class Recommendations:
    offers: tuple[Recommendation, ...] = ()
    every: int = 24 * 3600  # seconds between two offers to one subscriber
    # when one may be sent to somebody who has not asked anything
    hours: DailyHours = field(default_factory=lambda: DailyHours(8 * 60, 21 * 60))
    beside: frozenset[str] = field(init=False)  # all actions that any of them stands beside

    def __post_init__(self) -> None:
        actions = frozenset(action for offer in self.offers for action in offer.after)
        object.__setattr__(self, "beside", actions)


NO_OFFERS: Final = Recommendations()


def fitting_offers(
    offers: Sequence[Recommendation],
    action: str,
    account: SubscriberAccount,
    held: Collection[str],
    catalogue: Catalogue,
    now: int,
) -> list[Recommendation]:
    """Those that this subscriber could take up at once beside the answer to this action."""
    return [
        offer
        for offer in offers
        if action in offer.after
        and offer.since <= now
        and (not offer.until or now < offer.until)
        and (not offer.brands or account.brand in offer.brands)
        and (not offer.plans or account.plan in offer.plans)
        and (not offer.classes or offer.classes & account.classes_at(now))
        and _open_to(offer, account, held, catalogue)
    ]


def _open_to(
    offer: Recommendation, account: SubscriberAccount, held: Collection[str], catalogue: Catalogue
) -> bool:
    """What somebody has, or could only have instead of something else, is not recommended."""
    service = catalogue.service(offer.service)
    return service is None or rules.order_obstacle(service, account.brand, held, catalogue) is None


def draw_offer(fit: Sequence[Recommendation], msisdn: str, now: int) -> Recommendation | None:
    """One of them, by weight: another each day, another for each subscriber, and no dice."""
    total = sum(offer.weight for offer in fit)
    place = (int(msisdn) + now // 86400 * 7919) % total if total else 0
    for offer in fit:
        if place < offer.weight:
            return offer
        place -= offer.weight
    return None


def recommendation_for(
    turn: TurnState, said: ParsedMessage, outcome: TurnOutcome, offers: Recommendations
) -> Reply | None:
    """What may stand beside this answer. What is looked up costs least first: most answers have no
    offer."""
    context, hall = turn.context, turn.hall
    if outcome.action not in offers.beside or not _plain_answer(turn, said, outcome):
        return None
    account = hall.accounts.find(context.phone)
    if account is None or not accepts_offers(account, hall, context.now) or _had_one(turn, offers):
        return None
    held = [subscription.service for subscription in hall.services.of(context.phone, context.now)]
    fit = fitting_offers(offers.offers, outcome.action, account, held, hall.catalogue, context.now)
    offer = draw_offer(fit, context.phone, context.now)
    return Reply("offer.slot", {"pitch": offer.pitch, "code": offer.code}) if offer else None


def accepts_offers(account: SubscriberAccount, hall: Hall, now: int) -> bool:
    """May this subscriber be recommended anything at all?"""
    if account.state is not NumberState.NORMAL:
        return False
    if not hall.settings.classes.may_be_advertised_to(account.classes_at(now)):
        return False
    return hall.preferences.of(account.msisdn, WISH) != "off"


def may_push(offers: Recommendations, now: int, zone: tzinfo) -> bool:
    """Is it an hour at which an advertisement may be sent that answers nothing?"""
    return offers.hours.at(minute_of_day(now, zone))


def record_shown(phone: str, hall: Hall, now: int, code: str = "") -> None:
    """It found room in the answer: this was the day's."""
    hall.attempts.add(SHOWN, phone, now)
    if code:
        hall.attempts.add(_mark(code), phone, now)
        hall.business_counts.offer(code, "shown")


def record_answer(turn: TurnState, outcome: TurnOutcome, offers: Recommendations) -> None:
    """Count what became of a recommendation: its service was ordered, whatever the way, or no
    more of them are wanted. The first answer is the one that counts."""
    wanted, result = outcome.service, "taken"
    if outcome.action == REFUSAL and outcome.changed:
        result = "refused"
    elif not wanted:
        return
    phone, attempts = turn.context.phone, turn.hall.attempts
    for offer in offers.offers:
        mark = _mark(offer.code)
        meant = result == "refused" or offer.service == wanted
        if meant and attempts.count(mark, phone, turn.context.now - REMEMBERED):
            attempts.clear(mark, phone)
            turn.hall.business_counts.offer(offer.code, result)


def _mark(code: str) -> str:
    return f"offer {code}"


def _had_one(turn: TurnState, offers: Recommendations) -> bool:
    since = turn.context.now - offers.every
    return turn.hall.attempts.count(SHOWN, turn.context.phone, since) > 0


def _plain_answer(turn: TurnState, said: ParsedMessage, outcome: TurnOutcome) -> bool:
    """An answer to a question of one's own, from one's own phone, with no secret on either side."""
    context = turn.context
    if (
        not isinstance(said, ParsedCommand)
        or not context.asserted
        or context.channel is not Channel.SMS
    ):
        return False
    if outcome.result != "ok" or outcome.changed or any(r.secret for r in outcome.replies):
        return False
    own = said.args.get("subject", context.phone) == context.phone
    return own and not any(isinstance(value, Secret) for value in said.args.values())
