"""Whether a notice can be said as it is written: each mistake in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from gateway.model.notices.notice import NoticeDraft, NoticeKind, NoticeTarget
from gateway.notices.world import NoticeWorld
from tariffs.file_problem import one_of

MOST_CONTROL: Final = 50  # percent
LONGEST_NAME: Final = 60
_SENSIBLE: Final = (946_684_800, 4_102_444_800)  # seconds since 1970


def problems(draft: NoticeDraft, world: NoticeWorld) -> Iterator[str]:
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        yield f"a notice has a name of up to {LONGEST_NAME} characters"
    yield from world.words.problems(draft)
    yield from _target(draft.target, world)
    if not 0 <= draft.control <= MOST_CONTROL:
        yield f"the control group has 0 to {MOST_CONTROL} percent"
    if draft.control and draft.kind is not NoticeKind.ADVERTISING:
        yield "what a service tells about itself concerns everybody: it has no control group"
    if draft.orders and draft.orders not in world.actions:
        yield f"no command is named '{draft.orders}'. {one_of(world.actions, draft.orders)}"
    yield from _moments(draft)


def _target(target: NoticeTarget, world: NoticeWorld) -> Iterator[str]:
    catalogue = world.catalogue
    regions = sorted({str(region) for region in world.regions.by_prefix.values()})
    yield from _unknown("brand", target.brands, catalogue.brands)
    yield from _unknown("plan", target.plans, catalogue.plans)
    yield from _unknown("class", target.classes, [one.code for one in world.classes.known])
    yield from _unknown("region", target.regions, regions)
    yield from _unknown("service", (*target.services, *target.without), catalogue.services)
    if target.used:
        yield from _unknown("item", (target.used,), catalogue.items)
        if target.at_least < 1:
            yield "of what was used, at least 1 is asked for"
    if target.list and target.numbers:
        yield "a notice is for a customer list or for the numbers of a file, not for both"


def _unknown(what: str, written: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    names = list(known)
    for each in written:
        if each not in names:
            yield f"no {what} is named '{each}'. {one_of(names, each)}"


def moments_of(draft: NoticeDraft) -> tuple[int, int, int]:
    return draft.start_at, draft.happens_at, draft.ends_at


def _moments(draft: NoticeDraft) -> Iterator[str]:
    kind = draft.kind
    if any(each and not _SENSIBLE[0] <= each < _SENSIBLE[1] for each in moments_of(draft)):
        yield "moments lie between the years 2000 and 2100"
    if draft.ends_at and kind is NoticeKind.ADVERTISING:
        yield "calls and screens say no advertising: leave out when it ends"
    if draft.ends_at and "{" in draft.zh + draft.en:
        yield "what calls and screens say too names no facts"
    if draft.ends_at and draft.ends_at <= max(draft.start_at, draft.happens_at):
        yield "it ends before it begins"
    if not kind.has_event:
        if draft.happens_at:
            yield f"{kind.value} announces no event: leave its moment out"
        return
    if not draft.happens_at:
        yield f"{kind.value} says when it happens"
    elif not draft.ends_at:
        yield f"{kind.value} says when it ends: until then calls and screens say it"
    elif draft.ends_at < draft.happens_at + kind.after:
        yield f"calls and screens say it for {kind.after // 86400} days after it happened"


def too_late(draft: NoticeDraft, now: int, world: NoticeWorld) -> str:
    """Why people would hear of it too late; empty: they would not."""
    latest = draft.happens_at - draft.kind.before
    begins = world.hours.next(max(draft.start_at, now))
    if not draft.kind.has_event or begins <= latest:
        return ""
    moment = datetime.fromtimestamp(latest, world.hours.zone)
    hours = draft.kind.before // 3600
    return (
        f"{draft.kind.value} is told at least {hours} hours before:"
        f" it must begin by {moment:%Y-%m-%d %H:%M}"
    )
