"""Sections that count one kind of thing: refusals, orders, offers, tickets, menus, times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

from gateway.figures import measures
from gateway.figures.basics import Value, share
from gateway.figures.measures import Measure
from gateway.model import figures
from gateway.model.figures import BUCKETS, Tally

Rows = list[tuple[Value, ...]]
KINDS: Final = {
    "complaint": "投诉", "suggestion": "建议", "fault": "报障", "spam": "举报", "sim": "补卡",
    "callback": "人工回拨", "card": "充值卡核实", "repair": "预约维修", "reservation": "预约办理",
    "entrust": "委托受理", "hold": "物品预留", "terminal": "终端支撑", "other": "其他",
}  # fmt: skip
ON_ITS_WAY: Final = ("enroute", "accepted")
"""Receipts that another follows (SMPP 3.4 §5.2.28)."""
SOURCES: Final = {"notice": "通知", "trial": "试发通知", "reminder": "提醒"}
_TIMED: Final = (
    (figures.ANSWER_TIME, "sms", "短信:从收到请求到短信中心接受答复"),
    (figures.ANSWER_TIME, "ussd", "USSD:从收到按键到对端接受屏幕"),
    (figures.PEER_TIME, "sms", "短信中心:从提交到回应"),
    (figures.PEER_TIME, "ussd", "USSD中心:从提交到回应"),
    (figures.BOSS_TIME, "", "BOSS:从受理到办成"),
)


def _apart(tally: Tally, figure: str) -> dict[str, Counter[str]]:
    """By `what`: how often each detail."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group, times in tally.times.items():
        if group.figure == figure:
            found[group.what][group.detail] += times
    return found


def _all(tally: Tally, figure: str) -> Counter[str]:
    """How often each detail, whatever it was of."""
    return sum(_apart(tally, figure).values(), Counter())


def complaint_row(tally: Tally) -> dict[Measure, Value]:
    mine = _apart(tally, figures.TICKET).get("complaint", Counter())
    due = mine["due_on_time"] + mine["due_late"]
    return {
        measures.COMPLAINTS: mine["opened"],
        measures.COMPLAINTS_DUE: due,
        measures.COMPLAINTS_ON_TIME: share(mine["due_on_time"], due),
    }


def offers_row(tally: Tally, *, known: bool) -> dict[Measure, Value]:
    values = _offer(_all(tally, figures.OFFER)) if known else (None,) * 4
    shown = (measures.SHOWN, measures.TAKEN, measures.DECLINED, measures.TAKE_RATE)
    return dict(zip(shown, values, strict=True))


def delivery_row(tally: Tally) -> dict[Measure, Value]:
    sent, told = _all(tally, figures.SENT), _all(tally, figures.RECEIPT)
    ended = sent["accepted"] + sent["failed"]
    final = sum(times for state, times in told.items() if state not in ON_ITS_WAY)
    return {
        measures.SENT: sent.total(),
        measures.ACCEPTED: share(sent["accepted"], ended),
        measures.DELIVERED: share(told["delivered"], final),
    }


def smsc_row(tally: Tally) -> dict[Measure, Value]:
    """Nothing, where no time is known."""
    mine = [g for g in tally.times if g.figure == figures.PEER_TIME and g.channel == "sms"]
    times = sum(tally.times[group] for group in mine)
    took = sum(tally.amounts[group] for group in mine)
    return {measures.SMSC_TIME: round(took / times) if times else None}


def boss_row(tally: Tally) -> dict[Measure, Value]:
    """Nothing, where no BOSS was asked: most likely there is none."""
    ended = _all(tally, figures.BOSS)
    settled = ended.total() - ended["waiting"]
    return {
        measures.ERRANDS: ended.total() or None,
        measures.ERRANDS_DONE: share(ended["done"], settled),
    }


def refusal_rows(tally: Tally, actions: Mapping[str, str]) -> Rows:
    """The most frequent first."""
    found: list[tuple[str, str, str, int]] = [
        (actions.get(what, what), what, reason, times)
        for what, reasons in _apart(tally, figures.REFUSAL).items()
        for reason, times in reasons.items()
    ]
    return [*sorted(found, key=lambda row: (-row[3], row[1], row[2]))]


def order_rows(tally: Tally, actions: Mapping[str, str]) -> Rows:
    rows: Rows = []
    for what, states in sorted(_apart(tally, figures.ORDER).items()):
        proposed, done, declined = states.total(), states["done"], states["declined"]
        rest = proposed - done - declined
        name = actions.get(what, what)
        rows.append((name, what, proposed, done, declined, rest, share(done, proposed)))
    return rows


def offer_rows(tally: Tally) -> Rows:
    return [(what, *_offer(of)) for what, of in sorted(_apart(tally, figures.OFFER).items())]


def _offer(of: Counter[str]) -> tuple[Value, ...]:
    return of["shown"], of["taken"], of["refused"], share(of["taken"], of["shown"])


def unasked_row(tally: Tally) -> dict[Measure, Value]:
    """Nothing of what nobody was told."""
    ended: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source, of in _apart(tally, figures.UNASKED).items():
        ended[source.partition(" ")[0]].update(of)
    notices, reminders = ended["notice"], ended["reminder"]
    return {
        measures.NOTICES_SENT: notices["sent"] if _left(notices) else None,
        measures.NOTICES: _arrived(tally, notices),
        measures.NOTICES_UNKNOWN: notices["unknown"] if _left(notices) else None,
        measures.REPLIES: notices.get("answered"),
        measures.BOUGHT: notices.get("ordered"),
        measures.REMINDERS: reminders["sent"] if reminders else None,
    }


def _left(of: Counter[str]) -> bool:
    """Anything was said, however it ended."""
    return any(of[ended] for ended in ("sent", "failed", "unknown", "waiting"))


def unasked_rows(tally: Tally) -> Rows:
    """Each notice by its number."""
    rows: Rows = []
    for source, of in sorted(_apart(tally, figures.UNASKED).items()):
        if not _left(of):
            continue
        arrived = _arrived(tally, of) if source.startswith("notice") else None
        rows.append((_source_name(source), of["sent"], arrived, of["unknown"], of["failed"]))
    return rows


def effect_rows(tally: Tally) -> Rows:
    """Of each notice that people could still act upon, by its number."""
    shown = ("answered", "ordered", "control", "control_answered", "control_ordered")
    return [
        (_source_name(source), *[of.get(detail) for detail in shown])
        for source, of in sorted(_apart(tally, figures.UNASKED).items())
        if "answered" in of
    ]


def _source_name(source: str) -> str:
    kind, _, number = source.partition(" ")
    return f"{SOURCES.get(kind, kind)} {number}".rstrip()


def _arrived(tally: Tally, notices: Counter[str]) -> int | None:
    """Nothing, if no SMSC tells what arrives; of reminders none is asked to."""
    heard = bool(_all(tally, figures.RECEIPT))
    return notices["delivered"] if _left(notices) and heard else None


def ticket_rows(tally: Tally) -> Rows:
    rows: Rows = []
    for kind, of in sorted(_apart(tally, figures.TICKET).items()):
        due = of["due_on_time"] + of["due_late"]
        rows.append((KINDS.get(kind, kind), of["opened"], due, share(of["due_on_time"], due)))
    return rows


def funnel_rows(tally: Tally, channels: Mapping[str, str]) -> Rows:
    """Each screen, and below it its options, as far as anybody saw or took them."""
    seen: Counter[tuple[str, str, str]] = Counter()
    taken: Counter[tuple[str, str, str, str]] = Counter()
    for group, times in tally.times.items():
        if group.figure == figures.SCREEN:
            screen, _, option = group.what.partition("/")
            place = (group.detail, channels.get(group.channel, group.channel), screen)
            if option:
                taken[*place, option] += times
                seen[place] += 0
            else:
                seen[place] += times
    rows: Rows = []
    for place, shown in sorted(seen.items()):
        rows.append((*place, "", shown, None, None))
        mine = sorted(
            (option, times) for (*where, option), times in taken.items() if tuple(where) == place
        )
        rows += [(*place, option, shown, times, share(times, shown)) for option, times in mine]
    return rows


def time_rows(tally: Tally) -> Rows:
    """A row for each that was timed at all."""
    rows: Rows = []
    for figure, channel, name in _TIMED:
        buckets: Counter[int] = Counter()
        total = 0
        for group, times in tally.times.items():
            if group.figure == figure and channel in ("", group.channel):
                buckets[int(group.what)] += times
                total += tally.amounts[group]
        if count := buckets.total():
            within = [_within(buckets, count, part) for part in (50, 95, 99)]
            rows.append((name, count, round(total / count), *within))
    return rows


def _within(buckets: Counter[int], count: int, percent: int) -> int | None:
    """The bound that so many are not above; None: above all bounds."""
    below = 0
    for most in BUCKETS:
        below += buckets[most]
        if below * 100 >= count * percent:
            return most
    return None
