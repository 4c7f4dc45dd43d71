"""A report: sections of figures over one day or one month, from what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from gateway.figures import basics, measures
from gateway.figures.basics import Basics, Value, parts
from gateway.figures.details import (
    boss_row,
    complaint_row,
    delivery_row,
    effect_rows,
    funnel_rows,
    offer_rows,
    offers_row,
    order_rows,
    refusal_rows,
    smsc_row,
    ticket_rows,
    time_rows,
    unasked_row,
    unasked_rows,
)
from gateway.figures.measures import Measure
from gateway.figures.names import FigureNames
from gateway.model.figures import Group, Tally, UnclearText

CHANNELS: Final = {"sms": "短信", "ussd": "USSD", "voice": "语音"}
UNKNOWN: Final = "未知"
MOST_TEXTS: Final = 50
_THEN: Final = 3  # of what people did next


@dataclass(frozen=True, slots=True)
class Period:
    """`last` is included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first:%Y-%m}"


def day_of(day: date) -> Period:
    return Period(day, day)


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """What was counted of a period. `steps` are its hours or days, by name, in order."""

    tally: Tally
    steps: Mapping[str, Tally]
    texts: Sequence[UnclearText]
    counted: bool  # anything was
    details: bool  # calls, refusals and offers were kept by then
    until: str  # how far it was counted
    returns_until: str  # the last day of which is known who came back; empty: none


@dataclass(frozen=True, slots=True)
class Section:
    """`keys` head the words that a row begins with; values follow, one for each measure."""

    title: str
    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    rows: Sequence[tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    period: str
    until: str
    returns_until: str
    sections: Sequence[Section]


def report(period: Period, counts: PeriodCounts, names: FigureNames) -> Report:
    kind = "日报" if period.first == period.last else "月报"
    return Report(
        f"自助营业厅{kind} {period.name}",
        period.name,
        counts.until,
        counts.returns_until,
        list(_sections(period, counts, names)),
    )


def _sections(period: Period, counts: PeriodCounts, names: FigureNames) -> Iterator[Section]:
    yield _overview(counts)
    if not counts.counted:
        return
    yield _steps(period, counts)
    yield from _apart(counts, names)
    yield from _in_detail(counts, names)


def _overview(counts: PeriodCounts) -> Section:
    row: dict[Measure, Value] = {}
    one = parts(counts.tally, lambda _: "").get("", Basics())
    general = (measures.MESSAGES, *basics.OF_MESSAGES)
    row |= {measure: one.value(measure) for measure in general}
    row |= {measure: _returns(one, measure, counts) for measure in basics.OF_CONTACTS}
    row |= {measure: one.value(measure) for measure in basics.OF_RATINGS}
    row |= {m: one.value(m) if counts.details else None for m in basics.OF_CALLS}
    row |= complaint_row(counts.tally)
    row |= offers_row(counts.tally, known=counts.details)
    row |= delivery_row(counts.tally) | boss_row(counts.tally)
    row |= unasked_row(counts.tally) | smsc_row(counts.tally)
    values = tuple(row.values()) if counts.counted else (None,) * len(row)
    return Section("总览", (), tuple(row), [values])


def _steps(period: Period, counts: PeriodCounts) -> Section:
    by = "小时" if period.first == period.last else "日期"
    shown = (*basics.OF_MESSAGES, *basics.OF_CALLS[:1], *basics.OF_CALLS[3:7])
    rows = []
    for name, tally in counts.steps.items():
        one = parts(tally, lambda _: "").get("", Basics())
        rows.append((name, *[_known(one, measure, counts) for measure in shown]))
    return Section(f"分{by}", (by,), shown, rows)


def _apart(counts: PeriodCounts, names: FigureNames) -> Iterator[Section]:
    brands = names.brands
    yield _by("分渠道", "渠道", counts, lambda g: CHANNELS.get(g.channel, g.channel))
    yield _by("分品牌", "品牌", counts, lambda g: brands.get(g.brand, g.brand) or UNKNOWN)
    yield _by("分归属地", "归属地", counts, lambda g: g.region or UNKNOWN)
    yield _by("分接口", "接口", counts, lambda g: g.interface or UNKNOWN)
    yield _by_command(counts, names)


def _by(title: str, key: str, counts: PeriodCounts, of: Callable[[Group], str]) -> Section:
    shown = (
        *basics.OF_MESSAGES, *basics.OF_CONTACTS, *basics.OF_RATINGS, *basics.OF_CALLS,
    )  # fmt: skip
    rows = [
        (name, *[_known(one, measure, counts) for measure in shown])
        for name, one in parts(counts.tally, of).items()
    ]
    return Section(title, (key,), shown, rows)


def _by_command(counts: PeriodCounts, names: FigureNames) -> Section:
    shown = (*basics.OF_MESSAGES, *basics.OF_CONTACTS)
    found = parts(counts.tally, lambda group: group.what)
    rows = [
        (names.actions.get(action, action), action, *[_known(one, m, counts) for m in shown])
        for action, one in sorted(found.items(), key=lambda pair: (-pair[1].requests, pair[0]))
        if action and one.requests
    ]
    return Section("分业务", ("业务", "代码"), shown, rows)


def _in_detail(counts: PeriodCounts, names: FigureNames) -> Iterator[Section]:
    tally, actions = counts.tally, names.actions
    refused = refusal_rows(tally, actions) if counts.details else []
    yield Section("拒绝原因", ("业务", "代码", "原因"), (measures.TIMES,), refused)
    then = (measures.TIMES, measures.THEN)
    yield Section("未理解的短信", ("内容",), then, [_text(one, actions) for one in counts.texts])
    orders = (
        measures.PROPOSED, measures.CONFIRMED, measures.TURNED_DOWN, measures.UNANSWERED,
        measures.CONFIRM_RATE,
    )  # fmt: skip
    yield Section("办理确认", ("业务", "代码"), orders, order_rows(tally, actions))
    offers = (measures.SHOWN, measures.TAKEN, measures.DECLINED, measures.TAKE_RATE)
    offered = offer_rows(tally) if counts.details else []
    yield Section("推荐", ("代码",), offers, offered)
    told = (measures.TOLD, measures.ARRIVED, measures.DOUBTFUL, measures.UNSENT)
    yield Section("通知与提醒", ("来源",), told, unasked_rows(tally))
    effects = (
        measures.REPLIED, measures.ORDERED, measures.APART, measures.APART_REPLIED,
        measures.APART_ORDERED,
    )  # fmt: skip
    yield Section("通知效果", ("来源",), effects, effect_rows(tally))
    tickets = (measures.OPENED, measures.DUE, measures.ON_TIME)
    yield Section("工单", ("类别",), tickets, ticket_rows(tally))
    funnel = (measures.SEEN, measures.CHOSEN, measures.SHARE)
    yield Section(
        "菜单漏斗", ("版本", "渠道", "菜单页", "选项"), funnel, funnel_rows(tally, CHANNELS)
    )
    times = (measures.TIMED, measures.AVERAGE, measures.HALF, measures.MOST, measures.NEARLY_ALL)
    yield Section("时长", ("过程",), times, time_rows(tally))


def _known(one: Basics, measure: Measure, counts: PeriodCounts) -> Value:
    if measure in basics.OF_CONTACTS:
        return _returns(one, measure, counts)
    if measure in basics.OF_CALLS and not counts.details:
        return None
    return one.value(measure)


def _returns(one: Basics, measure: Measure, counts: PeriodCounts) -> Value:
    """Of who came back nothing is known before a day has passed."""
    return one.value(measure) if counts.returns_until else None


def _text(one: UnclearText, actions: Mapping[str, str]) -> tuple[Value, ...]:
    most = sorted(one.then.items(), key=lambda pair: (-pair[1], pair[0]))[:_THEN]
    then = "、".join(f"{actions.get(what, what) or '无'} {times}" for what, times in most)
    return (one.text, one.times, then)
