"""A month of figures for a sample store: days that nobody lived, the same every time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Final

from sqlalchemy import delete, insert

from gateway.model import figures
from gateway.model.figures import BUCKETS, Group, LocalDays, Tally, UnclearText
from gateway.store.figures.kept import DAY_SPAN, HOUR_SPAN, SINCE, Counted, KeptFigures
from gateway.store.figures.roll_up import oldest
from gateway.store.store import Store
from gateway.store.tables import meta

DAYS: Final = 30
_BUSY: Final = (
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    8,
    12,
    14,
    14,
    12,
    10,
    10,
    11,
    11,
    11,
    12,
    13,
    14,
    13,
    10,
    6,
    3,
)
_PLACES: Final = (
    ("sms", "10", "QQT", "北京"), ("sms", "10", "MZ", "上海"), ("sms", "10", "SZX", "北京"),
    ("ussd", "18", "QQT", "上海"), ("ussd", "18", "SZX", ""), ("voice", "15", "QQT", "北京"),
)  # fmt: skip
_COMMANDS: Final = {"q.balance": 9, "q.allowance": 6, "q.bill": 3, "rc.self": 3, "sv.order": 2}
_RESULTS: Final = ("ok",) * 17 + ("asked",) * 2 + ("refused",)
_REFUSALS: Final = ("auth.pw_wrong", "sv.err.balance", "sv.err.status")
_RETURNS: Final = ("solved",) * 16 + ("again",) * 2 + ("person", "complaint", "unanswered")
_QUEUE: Final = ("answered",) * 8 + ("hung_up", "left_by_key", "nobody_there")
_TEXTS: Final = {
    "怎么查话费": {"q.balance": 3, "": 1}, "流量用完了吗": {"q.allowance": 2},
    "人工": {"hu.callback": 2},
    "你好": {"": 3, "menu.main": 1}, "宽带故障": {"tk.fault": 1, "": 1},
}  # fmt: skip


def put_figures(store: Store, now: float) -> int:
    """For the days before there is anything in the store; how many. Days that have figures keep
    them."""
    days = LocalDays(store.calendar.zone)
    with store.reading() as connection:
        first = days.day_of(min(now, oldest(connection) or now))
    made = 0
    for ago in range(DAYS, 0, -1):
        made += _put_day(store, days, first - timedelta(days=ago))
    return made


def _put_day(store: Store, days: LocalDays, day: date) -> bool:
    begins = days.begins(day)
    counted = Counted(days.ends(day) * 1000, True)
    with store.transaction() as connection:
        kept = KeptFigures(connection, store.seal)
        if not kept.claim(DAY_SPAN, begins, counted):
            return False
        if kept.since() > begins:
            connection.execute(delete(meta).where(meta.c.name == SINCE))
            connection.execute(insert(meta), {"name": SINCE, "value": str(begins)})
        total, chance = Tally(), Random(day.toordinal())
        for hour, start in enumerate(days.hours(day)):
            tally = _hour(chance, _BUSY[hour % 24] * (3 if day.day in (1, 2, 28, 29, 30) else 2))
            total.include(tally)
            kept.claim(HOUR_SPAN, start, counted)
            kept.replace(HOUR_SPAN, start, tally)
        _screens(chance, total)
        kept.replace(DAY_SPAN, begins, total)
        texts = [UnclearText(text, sum(then.values()), then) for text, then in _TEXTS.items()]
        kept.replace_texts(begins, days.ends(day), texts)
    return True


def _hour(chance: Random, busy: int) -> Tally:
    tally = Tally()
    for channel, interface, brand, region in _PLACES:
        where = (channel, brand, region, interface)
        for action, weight in _COMMANDS.items():
            for _ in range(round(chance.random() * busy * weight / 8)):
                _request(chance, tally, where, action)
        if channel == "voice":
            for _ in range(round(chance.random() * busy)):
                _call(chance, tally, where)
    if chance.random() < busy / 60:
        _ticket(chance, tally)
    if reminded := round(chance.random() * busy / 3):
        tally.add(Group(figures.UNASKED, "sms", what="reminder", detail="sent"), reminded)
        tally.add(Group(figures.SENT, "sms", what="demo", detail="accepted"), reminded)
    return tally


def _request(chance: Random, tally: Tally, where: tuple[str, str, str, str], action: str) -> None:
    result, channel = chance.choice(_RESULTS), where[0]
    tally.add(Group(figures.MESSAGE, *where, action, result))
    tally.add(Group(figures.CONTACT, *where, action, chance.choice(_RETURNS)))
    if result == "refused":
        tally.add(Group(figures.REFUSAL, *where, action, chance.choice(_REFUSALS)))
    if channel == "voice":
        return
    took = BUCKETS[min(int(chance.expovariate(1.2)), len(BUCKETS) - 1)]
    tally.add(Group(figures.ANSWER_TIME, channel, what=str(took)), 1, took * 3 // 4)
    tally.add(Group(figures.SENT, channel, what="demo", detail="accepted"))
    if chance.random() < 0.04:
        tally.add(Group(figures.MESSAGE, *where, "unknown", "unknown"))
    if channel == "sms" and chance.random() < 0.05:
        score = chance.choice(("10",) * 8 + ("9", "8"))
        tally.add(Group(figures.MESSAGE, *where, "fb.rate", "ok"))
        tally.add(Group(figures.RATING, *where, "", score))
    if action == "q.allowance" and chance.random() < 0.2:
        tally.add(Group(figures.OFFER, *where, "KTLL30", "shown"))
        if chance.random() < 0.15:
            tally.add(Group(figures.OFFER, *where, "KTLL30", "taken"))
    if action == "sv.order":
        state = chance.choice(("done", "done", "done", "declined", "waiting"))
        tally.add(Group(figures.ORDER, *where, action, state))


def _call(chance: Random, tally: Tally, where: tuple[str, str, str, str]) -> None:
    tally.add(Group(figures.CALL, *where, "", "ended"), 1, chance.randrange(20_000, 240_000))
    if chance.random() < 0.7:
        tally.add(Group(figures.CALL, *where, "", "self_service"))
        return
    queue, waited = chance.choice(_QUEUE), int(chance.expovariate(1 / 12_000))
    for detail in ("wanted", queue):
        tally.add(Group(figures.CALL, *where, "", detail), 1, waited)
    if queue == "answered" and waited <= 15_000:
        tally.add(Group(figures.CALL, *where, "", "in_15"))


def _ticket(chance: Random, tally: Tally) -> None:
    kind = chance.choice(("complaint", "complaint", "fault", "suggestion", "callback"))
    for detail in ("opened", "due_on_time" if chance.random() < 0.9 else "due_late"):
        tally.add(Group(figures.TICKET, "", "QQT", "北京", "", kind, detail))


def _screens(chance: Random, total: Tally) -> None:
    """A funnel through the menu of USSD: fewer at each step."""
    seen = defaultdict[str, int](int)
    seen["hall"] = chance.randrange(200, 300)
    for option, share in (("hall/q.balance", 0.4), ("hall/services", 0.25), ("services", 0.25)):
        seen[option] = round(seen["hall"] * share)
    for what, times in seen.items():
        total.add(Group(figures.SCREEN, "ussd", what=what, detail="sample"), times)
