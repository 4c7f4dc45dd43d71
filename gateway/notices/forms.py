"""Notices as facts by name, for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from gateway.model.notices.notice import Notice
from gateway.notices.campaigns import Preview
from gateway.store.notices.results import NoticeResults, OrderedThing, Reaction
from gateway.wording.told_moments import minute_told


def as_row(notice: Notice, zone: tzinfo, *, whole: bool = False) -> Mapping[str, object]:
    draft = notice.draft
    row: dict[str, object] = {
        "notice": notice.number,
        "name": draft.name,
        "kind": draft.kind.value,
        "state": notice.state.value,
        "starts": minute_told(draft.start_at, zone),
        "ends": minute_told(draft.ends_at, zone),
        "written_by": notice.written_by,
        "approved_by": notice.approved_by,
    }
    if not whole:
        return row
    target = {
        name: " ".join(value) if isinstance(value, tuple) else value
        for name, value in draft.target.as_data().items()
    }
    return row | {
        "zh": draft.zh,
        "en": draft.en,
        "for": ", ".join(f"{name} {value}" for name, value in target.items()) or "everybody",
        "control": f"{draft.control} %",
        "orders": draft.orders,
        "happens": minute_told(draft.happens_at, zone),
        "started": minute_told(notice.started_at, zone),
        "ended": minute_told(notice.ended_at, zone),
        "mark": notice.mark,
    }


def preview_rows(seen: Preview) -> Mapping[str, object]:
    drawn = seen.drawn
    row: dict[str, object] = {
        "concerned": drawn.concerned,
        "told": drawn.told,
        "control": drawn.control,
    }
    row |= {f"left out: {why}": count for why, count in sorted(drawn.left_out.items())}
    for size in seen.sizes:
        row[f"text {size.language}"] = f"{size.units} {size.alphabet}, {size.parts} parts"
    row["cost, yuan"] = f"{seen.cost_fen / 100:.2f}"
    row["minutes, at least"] = -(-seen.seconds // 60)
    if seen.too_late:
        row["cannot be approved now"] = seen.too_late
    return row


def result_rows(found: NoticeResults) -> Mapping[str, object]:
    return {
        "drawn": found.drawn,
        "to be told": found.to_be_told,
        "left out": found.left_out,
        "waiting": found.waiting,
        "sent": found.sent,
        "delivered": found.delivered,
        "failed": found.failed,
        "unknown whether it arrived": found.unknown,
        "dropped by a stop": found.dropped,
        **_reaction("told", found.told),
        **_reaction("control", found.control),
        **{_ordered(one): f"told {one.told}, control {one.control}" for one in found.orders},
    }


def _ordered(one: OrderedThing) -> str:
    return f"ordered: {one.action} {one.what}".strip()


def _reaction(group: str, found: Reaction) -> Mapping[str, object]:
    return {
        f"{group}: people": found.people,
        f"{group}: answered": found.answered,
        f"{group}: ordered": found.ordered,
    }
