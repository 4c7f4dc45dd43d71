"""0000: everything one has, in two lists; a number, or several, ends what stands at it.

Numbers stay: a list that is asked for again while the first is open calls every service by the
number it had, so that a late answer cannot hit another one. There is no "all".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from commands.model.accounts import Subscription
from commands.model.hall import Hall
from commands.model.numbered_list import numbered_meanings, row_numbers
from commands.model.request import Channel, Refusal, Reply, Request
from commands.model.subscriber_lookup import running
from commands.number.suspend import KEEPING
from commands.services.cancel_service import ends_all_the_same
from commands.services.service_fees import ServiceFees, service_fees
from tariffs import rules
from tariffs.catalogue import Service

PICK: Final = "QXYW#"  # what a number stands for, before the service's code
_CODES: Final = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Held:
    service: Service
    fee_fen: int
    since: int
    until: int
    bundled: bool  # it comes with the plan, or somebody else pays: nothing to give up here


def both_lists(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """What was ordered, numbered; and what comes with something else, to be known."""
    held = _held(request, hall)
    separate = [one for one in held if not one.bundled]
    bundled = [one.service.name for one in held if one.bundled]
    codes = [one.service.code for one in separate]
    places = _places(codes, request.listed, request.channel)
    lines = sorted((_line(one, places[one.service.code]) for one in separate), key=_number)
    replies = (
        [Reply("un.list.1", {"lines": lines}, opens=_items(places), several=True)] if lines else []
    )
    if bundled:
        # a message of its own: it is for reading, nothing in it can be picked
        to = request.phone if replies else ""
        replies.append(Reply("un.list.2", {"names": bundled}, to=to))
    return tuple(replies) or (Reply("un.none"),)


def _number(line: dict[str, object]) -> int:
    return int(str(line["number"]))


def _places(codes: Iterable[str], before: Sequence[str], channel: Channel) -> dict[str, int]:
    """A number for each service: the one it had in the open list, or the next that is free."""
    had = {item.removeprefix(PICK): n for n, item in enumerate(before, 1) if item.startswith(PICK)}
    places = {code: had[code] for code in codes if code in had}
    following = row_numbers(channel, max(had.values(), default=0) + 1)
    for code in codes:
        if code not in places:
            places[code] = next(following)
    return places


def _items(places: dict[str, int]) -> tuple[str, ...]:
    """Gaps stay empty: what was there is gone."""
    return numbered_meanings({number: PICK + code for code, number in places.items()})


def _line(one: _Held, number: int) -> dict[str, object]:
    service = one.service
    return {
        "number": number,
        "name": service.name,
        "provider": service.provider,
        "fee": one.fee_fen,
        "until": one.until,
    }


def propose(request: Request, hall: Hall) -> Reply:
    return Reply("un.confirm", _facts(_picked(request, hall), request, hall))


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    picked = _picked(request, hall)
    facts = _facts(picked, request, hall)
    for one in picked:
        until = rules.ends(one.service, request.now, hall.catalogue)
        hall.services.close(request.subject, one.service.code, until, request.id)
    return (Reply("un.ok", facts),)


def _facts(picked: Sequence[_Held], request: Request, hall: Hall) -> dict[str, object]:
    ends = [rules.ends(one.service, request.now, hall.catalogue) for one in picked]
    lines = [{"name": one.service.name, "fee": one.fee_fen} for one in picked]
    ahead = all(one.since > request.now for one in picked)
    until = {"until": max(ends), "at_once": max(ends) <= request.now}
    ending = ends_all_the_same([one.service for one in picked if ahead], request, hall)
    return {"lines": lines, "ahead": ahead, **until, **ending}


def _picked(request: Request, hall: Hall) -> list[_Held]:
    """The services that are named, each once, in the order they were. Raises Refusal."""
    named = dict.fromkeys(_CODES.findall(str(request.args["services"]).upper()))
    mine = {one.service.code: one for one in _held(request, hall)}
    if not named or not named.keys() <= mine.keys():
        raise Refusal("un.gone")
    picked = [mine[code] for code in named]
    for one in picked:
        if one.service.code == KEEPING:
            raise Refusal("un.kept", {"name": one.service.name})
        if one.bundled:
            raise Refusal("un.bundled", {"name": one.service.name})
        if one.until:
            raise Refusal("sv.err.ending", {"name": one.service.name, "until": one.until})
    return picked


def _held(request: Request, hall: Hall) -> list[_Held]:
    prices, held = service_fees(request, hall), running(request, hall)
    pairs = [(one, service) for one in held if (service := hall.catalogue.service(one.service))]
    return [_one(one, service, prices) for one, service in pairs]


def _one(one: Subscription, service: Service, prices: ServiceFees) -> _Held:
    comes_along = service.paid_by_group or service.fee_by_brand.get(prices.brand) == 0
    return _Held(service, prices.of(service), one.since, one.until, comes_along)
