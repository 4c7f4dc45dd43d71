"""Mistakes that only show where several gateways serve one store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.channels.smpp.standstill import Standstill
from gateway.cluster.membership import Membership
from gateway.model import redelivery as redelivery_rules
from gateway.model.cluster_view import SLOTS
from gateway.serving import batch
from gateway.serving.redelivery import Redelivery, RepetitionCheck
from gateway.serving.sharing import Sharing
from gateway.store.members import SqlMembers
from gateway.store.message_parts import SqlParts
from gateway.store.messages import Messages
from smpp.keepalive import Keepalive

Change = tuple[Any, str, Any]
Plant = Callable[[], list[Change]]
"""What is changed: of whom, which name, to what."""


def _no_fence() -> list[Change]:
    """Who was stopped, and comes back, takes the store for his own until he hears otherwise."""
    return [
        (Membership, "holds", lambda membership, connection, view, used: True),
        (Membership, "ours", lambda membership: True),
    ]


def _nobody_asks_who_has_the_waiting_rows() -> list[Change]:
    return [(batch, "placed", lambda connection, messages, view, *, sends: {})]


def _the_view_is_not_waited_for() -> list[Change]:
    return [(Membership, "silent", lambda membership: [])]


def _handed_rows_forgotten() -> list[Change]:
    """Their holder has marked them as read by then."""
    return [(Sharing, "_read", lambda sharing, found: setattr(sharing, "_polling", False))]


def _handed_rows_not_looked_for() -> list[Change]:
    return [(Sharing, "_poll", lambda sharing: None)]


def _everybody_sends_all() -> list[Change]:
    kept = Messages.waiting

    def waiting(messages: Any, connection: Any, slots: Any, limit: int, now_ms: int) -> Any:
        return kept(messages, connection, range(SLOTS), limit, now_ms)

    return [(Messages, "waiting", waiting)]


def _turns_ignored() -> list[Change]:
    kept = Messages.waiting

    def waiting(messages: Any, connection: Any, slots: Any, limit: int, now_ms: int) -> Any:
        return sorted(kept(messages, connection, slots, limit, now_ms), key=lambda one: one.id)

    return [(Messages, "waiting", waiting)]


def _redelivery_by_another_gateway_not_recognised() -> list[Change]:
    def of(redelivery: Any, phones: set[str], connection: Any, arrived: Any = ()) -> set[str]:
        return phones.intersection(redelivery._suspects)

    return [(Redelivery, "of", of)]


def _nobody_waits_for_the_verdict() -> list[Change]:
    return [(redelivery_rules, "_is_open", lambda one, message: False)]


def _late_answers_forgotten() -> list[Change]:
    return [
        (RepetitionCheck, "late", lambda check, ids: None),
        (redelivery_rules, "_crossed", lambda one, message, late_at, past: False),
    ]


def _overtaking_is_not_thought_of() -> list[Change]:
    return [(redelivery_rules, "_has_overtaken", lambda one, message, past, now: False)]


def _doubt_is_not_noted() -> list[Change]:
    return [(RepetitionCheck, "refused", lambda check, ids: None)]


def _standing_still_is_not_noticed() -> list[Change]:
    return [(Standstill, "just_over", lambda standstill: False)]


def _the_dead_are_left_alone() -> list[Change]:
    return [(Membership, "_take_over", lambda membership, other: None)]


def _binds_of_the_dead_stay_up() -> list[Change]:
    return [(SqlMembers, "_end_binds", lambda members, whose, now_ms: None)]


def _what_waits_is_new() -> list[Change]:
    """It came again by its own bind, because we had not answered yet."""
    return [(redelivery_rules, "_is_waited_for", lambda one, message, past: False)]


def _parts_of_each_bind_apart() -> list[Change]:
    keep = SqlParts.keep

    def by_one_bind(parts: Any, part: Any, fragment: Any) -> Any:
        return keep(parts, part._replace(source=f"{part.source} {part.bind}"), fragment)

    return [(SqlParts, "keep", by_one_bind)]


def _what_waited_on_a_link_is_new() -> list[Change]:
    return [(Keepalive, "may_be_old", lambda keepalive, now: False)]


OF_SEVERAL: Final[dict[str, Plant]] = {
    "no fence": _no_fence,
    "nobody asks who has the waiting rows": _nobody_asks_who_has_the_waiting_rows,
    "handed rows forgotten": _handed_rows_forgotten,
    "handed rows not looked for": _handed_rows_not_looked_for,
    "everybody sends all": _everybody_sends_all,
    "the dead are left alone": _the_dead_are_left_alone,
    "redelivery by another gateway not recognised": _redelivery_by_another_gateway_not_recognised,
    "turns ignored": _turns_ignored,
    "the view is not waited for": _the_view_is_not_waited_for,
    "nobody waits for the verdict": _nobody_waits_for_the_verdict,
    "late answers forgotten": _late_answers_forgotten,
    "overtaking is not thought of": _overtaking_is_not_thought_of,
    "doubt is not noted": _doubt_is_not_noted,
    "standing still is not noticed": _standing_still_is_not_noticed,
    "binds of the dead stay up": _binds_of_the_dead_stay_up,
    "what waits for its answer is taken for new": _what_waits_is_new,
    "parts of each bind apart": _parts_of_each_bind_apart,
    "what waited on a link is taken for new": _what_waited_on_a_link_is_new,
}
