"""What people did after a notice is in the figures of the hour in which each first did so: as a
plain count finds it, and, over all days, as many as the notice's own results say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from gateway.figures.forms import as_data
from gateway.figures.names import FigureNames
from gateway.figures.reading import read_period
from gateway.figures.report import day_of, month_of, report
from gateway.model import figures
from gateway.model.figures import HOUR
from gateway.model.notices.notice import NoticeDraft, NoticeKind, NoticeState
from gateway.store.figures.roll_up import RollUp
from gateway.store.messages import ACCEPTED, FAILED, UNKNOWN
from gateway.store.notices.people import CONTROL, TOLD
from gateway.store.notices.results import results
from gateway.store.notices.rows import SqlNotices
from gateway.store.store import Store
from gateway.store.tables import notice_people, orders
from tests.gateway.figures.journal import DAY, GROUPS, Row, begins, id_of, people, told, write
from tests.gateway.figures.test_roll_up import fresh, of_day

LENGTH = 24 * HOUR
EFFECT = 30 * HOUR  # over midnight, and longer than a day lasts until it is final
PHONES = [13800138001 + place for place in range(6)]
DRAFT = NoticeDraft("流量包", NoticeKind.ADVERTISING, "办理流量包。", control=20, orders="sv.open")


class Did(NamedTuple):
    """A message, or an order that was `done` or not; `at` in seconds since the day began."""

    at: float
    phone: int
    what: str  # sms, ussd, or the action of an order
    done: bool = True


class Campaign(NamedTuple):
    """Who was told when, and how that ended; who was not told; what all of them did."""

    begun: int
    told: Sequence[tuple[int, int]]  # after so many seconds, state; of the first phones
    apart: int  # so many of the others
    did: Sequence[Did]

    @property
    def groups(self) -> tuple[dict[int, int], dict[int, int]]:
        """By number: from when what they do counts; the told, and the others."""
        reached = {
            phone: self.begun + after
            for phone, (after, state) in zip(PHONES, self.told, strict=False)
            if state == ACCEPTED
        }
        others = PHONES[len(self.told) : len(self.told) + self.apart]
        return reached, dict.fromkeys(others, self.begun)


def moments(last: int) -> st.SearchStrategy[float]:
    return st.integers(0, last).map(lambda at: at + 0.5)  # never at the very end of the time


campaigns = st.builds(
    Campaign,
    st.integers(0, LENGTH),
    st.lists(
        st.tuples(st.integers(0, 3 * HOUR), st.sampled_from([ACCEPTED, ACCEPTED, FAILED, UNKNOWN])),
        max_size=4,
    ),
    st.integers(0, 2),
    st.lists(
        st.builds(
            Did,
            moments(3 * LENGTH - 1),
            st.sampled_from(PHONES),
            st.sampled_from(["sms", "ussd", "sv.open", "sv.open", "q.plan"]),
            st.booleans(),
        ),
        max_size=25,
    ).map(sorted),
)


def begin(store: Store, campaign: Campaign) -> int:
    """It is kept, with whom it told; its number."""
    zero = begins(store)
    write(store, [Row(0.0, 13700000003, "ussd", "q.balance", "ok")], 900)  # the store is older
    with store.transaction() as connection:
        notices = SqlNotices(connection)
        number = notices.add(DRAFT, "8001", zero).number
        notices.set_state(
            number,
            NoticeState.DONE,
            zero,
            started_at=zero + campaign.begun,
            ended_at=zero + campaign.begun + 4 * HOUR,
        )
        whole = len(campaign.told)
        drawn = [(phone, TOLD) for phone in PHONES[:whole]]
        drawn += [(phone, CONTROL) for phone in PHONES[whole : whole + campaign.apart]]
        rows = [{"notice": number, "phone": phone, "state": state} for phone, state in drawn]
        if rows:
            connection.execute(insert(notice_people), rows)
    for place, (phone, (after, state)) in enumerate(zip(PHONES, campaign.told, strict=False)):
        told(store, campaign.begun + after, f"notice {number}", place, state, phone=phone)
    return number


def do(store: Store, did: Iterable[Did], begun: int) -> None:
    for place, one in enumerate(did, begun):
        if one.what in ("sms", "ussd"):
            write(store, [Row(one.at, one.phone, one.what, "q.balance", "ok")], place)
            continue
        row = {
            "id": id_of(store, one.at, place), "action": one.what, "phone": one.phone,
            "subject": one.phone, "args_sealed": store.seal.seal("{}"), "channel": "sms",
            "interface": "10", "level": 1, "proposed_at": begins(store) + int(one.at),
            "expires_at": 0, "state": "done" if one.done else "declined",
        }  # fmt: skip
        with store.transaction() as connection:
            connection.execute(insert(orders), row)


def plain(campaign: Campaign, first: float, last: float) -> Counter[str]:
    """Between these seconds, in the plainest way."""
    counts: Counter[str] = Counter()
    for group, answered, ordered in zip(
        campaign.groups, ("answered", "control_answered"), ("ordered", "control_ordered"),
        strict=True,
    ):  # fmt: skip
        for phone, since in group.items():
            mine = [d for d in campaign.did if d.phone == phone and since <= d.at <= since + EFFECT]
            wrote = [d.at for d in mine if d.what == "sms"]
            bought = [d.at for d in mine if d.what == "sv.open" and d.done]
            counts[answered] += bool(wrote) and first <= wrote[0] < last
            counts[ordered] += bool(bought) and first <= bought[0] < last
    counts["control"] = campaign.apart * (first <= campaign.begun < last)
    return +counts


def rolled(store: Store, at: float) -> RollUp:
    return RollUp(store, replace(GROUPS, effect=EFFECT), lambda: begins(store) + at)


def counted(store: Store, day: int) -> Counter[str]:
    known = ("answered", "ordered", "control", "control_answered", "control_ordered")
    found = of_day(store, day, figures.UNASKED)
    return +Counter({g.detail: n for g, n in found.items() if g.detail in known})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    campaigns,
    st.lists(st.tuples(st.integers(0, 4 * LENGTH), st.integers(0, 30)), max_size=4).map(sorted),
)
def test_effects_are_a_plain_count_and_add_up(
    sqlite_template: Path, campaign: Campaign, stops: list[tuple[int, int]]
) -> None:
    """Counting begins at any moment, and may be killed after any piece of it."""
    with fresh(sqlite_template) as store:
        number, done = begin(store, campaign), 0
        for moment, pieces in stops:
            come = [one for one in campaign.did[done:] if one.at <= moment]
            do(store, come, done)
            done += len(come)
            for _ in islice(rolled(store, moment).catch_up(open_hour=True), pieces):
                pass
        do(store, campaign.did[done:], done)
        for _ in rolled(store, 6 * LENGTH).catch_up():
            pass
        total: Counter[str] = Counter()
        for day in range(4):
            assert counted(store, day) == plain(campaign, day * LENGTH, (day + 1) * LENGTH), day
            total += counted(store, day)
        with store.reading() as connection:
            notice = SqlNotices(connection).find(number)
            assert notice is not None
            found = results(connection, store.seal, notice, EFFECT)
    assert (found.told.answered, found.told.ordered) == (total["answered"], total["ordered"])
    assert (found.control.people, found.control.answered, found.control.ordered) == (
        total["control"], total["control_answered"], total["control_ordered"],
    )  # fmt: skip


def shown(store: Store, day: int, *, month: bool = False) -> list[dict[str, object]]:
    """The rows of 通知效果, and the overview's last."""
    at = DAY.replace(day=DAY.day + day)
    period = month_of(at) if month else day_of(at)
    with store.snapshot() as connection:
        data = as_data(report(period, read_period(store, connection, period), FigureNames()))
    found = []
    for title in ("通知效果", "总览"):
        section = next(one for one in data["sections"] if one["title"] == title)
        names = [figure["name"] for figure in section["figures"]]
        found += [dict(zip(names, row["values"], strict=True)) for row in section["rows"]]
    return found


def test_a_report_shows_a_notice_beside_who_was_not_told(store: Store) -> None:
    """On the days on which people could still act upon it, also with noughts; and what there cannot
    be, without a control group or after that time, is empty."""
    people(store)
    did = [
        Did(HOUR + 60.5, PHONES[0], "sms"),
        Did(HOUR + 90.5, PHONES[0], "sms"),
        Did(HOUR + 120.5, PHONES[0], "sv.open"),
        Did(LENGTH + 60.5, PHONES[3], "sms"),
    ]
    campaign = Campaign(HOUR, [(0, ACCEPTED), (1, ACCEPTED), (2, FAILED)], 2, did)
    begin(store, campaign)
    do(store, did, 0)
    list(rolled(store, 5 * LENGTH).catch_up())
    of_notice, of_all = shown(store, 0)
    assert of_notice == {
        "回复数": 1, "办理数": 1, "对照人数": 2, "对照回复数": 0, "对照办理数": 0,
    }  # fmt: skip
    assert (of_all["通知发出数"], of_all["通知回复数"], of_all["通知办理数"]) == (2, 1, 1)
    of_notice, of_all = shown(store, 1)
    assert of_notice == {
        "回复数": 0, "办理数": 0, "对照人数": None, "对照回复数": 1, "对照办理数": 0,
    }  # fmt: skip
    assert (of_all["通知发出数"], of_all["通知回复数"]) == (None, 0)
    (of_all,) = shown(store, 3)
    assert (of_all["通知回复数"], of_all["通知办理数"]) == (None, None)
    of_notice, _ = shown(store, 0, month=True)
    assert of_notice["对照回复数"] == 1
