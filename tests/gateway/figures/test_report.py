"""`hallgate report`: each figure beside its definition, in every form; nothing where nothing can be
had."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from gateway.cli import main
from gateway.figures import measures
from gateway.figures.forms import as_data
from gateway.figures.names import FigureNames
from gateway.figures.reading import read_period
from gateway.figures.report import Report, day_of, month_of, report
from gateway.model.figures import HOUR
from gateway.store.store import Store
from gateway.store.tables import outbox
from tests.gateway.figures.journal import (
    DAY,
    PEOPLE,
    Row,
    call,
    details_since,
    id_of,
    people,
    rolled,
    ticket,
    told,
    write,
)

ROOT = Path(__file__).parents[3]
ONE, TWO, THREE = PEOPLE
LENGTH = 24 * HOUR
NAMES = FigureNames(actions={"q.balance": "话费余额"}, brands={"QQT": "全球通"})
JOURNAL = [
    Row(60.0, ONE, "sms", "q.balance", "ok"),
    Row(61.0, ONE, "sms", "part", "kept"),
    Row(120.0, TWO, "sms", "sv.open", "asked"),
    Row(130.0, TWO, "sms", "sv.open", "ok"),
    Row(140.0, TWO, "ussd", "sv.open", "refused"),
    Row(2 * HOUR, THREE, "sms", "unknown", "unknown", "=SUM(A1)"),
    Row(2 * HOUR + 5.0, THREE, "sms", "q.balance", "ok"),
]


def made(store: Store, at: float, *, month: bool = False) -> Report:
    list(rolled(store, at).catch_up(open_hour=True))
    period = month_of(DAY) if month else day_of(DAY)
    with store.snapshot() as connection:
        return report(period, read_period(store, connection, period), NAMES)


def values(told: Report, section: str, of: tuple[str, ...] = ()) -> dict[str, object]:
    """A row's figures, by name."""
    data = next(one for one in as_data(told)["sections"] if one["title"] == section)
    row = next(row for row in data["rows"] if tuple(row["of"]) == of)
    names = [figure["name"] for figure in data["figures"]]
    return dict(zip(names, row["values"], strict=True))


def test_the_overview_of_a_day(store: Store) -> None:
    people(store)
    write(store, JOURNAL)
    call(store, 60, ONE, "answered", 10, 1)
    call(store, 90, TWO, "hung_up", 30, 2)
    call(store, 95, TWO, "", 0, 3)
    ticket(store, 100, ONE, "complaint", 5000, done=4000)
    ticket(store, 200, ONE, "complaint", 5000)
    found = values(made(store, 3 * HOUR), "总览")
    assert (found["消息数"], found["请求数"], found["完成数"]) == (7, 6, 3)
    assert (found["拒绝数"], found["未理解数"], found["自助完成率"]) == (1, 1, 60.0)
    assert (found["接通率"], found["放弃率"], found["平均等待"]) == (50.0, 50.0, 20.0)
    assert (found["通话数"], found["通话自助完成率"]) == (3, 33.33)
    assert (found["投诉数"], found["到期投诉数"], found["投诉按时率"]) == (2, 2, 50.0)
    assert (found["一次解决率"], found["接触数"]) == (None, None)  # nobody knows yet
    assert (found["满意度"], found["通知送达数"]) == (None, None)
    later = values(made(store, 3 * LENGTH), "总览")
    assert later["接触数"] == 3  # by command and number, whatever the channel
    assert later["消息数"] == 7


def test_what_arrived_is_told_of_notices_and_of_all(store: Store) -> None:
    """By what SMSCs have said for good: a message on its way is neither. What cannot be had is
    empty: of a day without notices, and of reminders, which ask for no receipt."""
    people(store)
    before = values(made(store, 60), "总览")
    assert (before["通知发出数"], before["通知送达数"], before["送达率"]) == (None, None, None)
    told(store, 60, "notice 7", 1, heard=90)
    told(store, 61, "notice 7", 2, heard=95, receipt="expired")
    told(store, 62, "notice 7", 3, heard=96, receipt="enroute")
    told(store, 63, "reminder", 4)
    report = made(store, 2 * HOUR)
    found = values(report, "总览")
    assert (found["通知发出数"], found["通知送达数"], found["通知存疑数"]) == (3, 1, 0)
    assert (found["送达率"], found["提醒发出数"]) == (50.0, 1)
    assert values(report, "通知与提醒", ("通知 7",)) == {
        "发出数": 3, "送达数": 1, "存疑数": 0, "失败数": 0,
    }  # fmt: skip
    assert values(report, "通知与提醒", ("提醒",))["送达数"] is None


def took(store: Store, place: int, left_as: str) -> None:
    """How the message that was told first left."""
    with store.transaction() as connection:
        id = id_of(store, 60 + place, place + 4_000)
        connection.execute(update(outbox).where(outbox.c.id == id).values(left_as=left_as))


def test_how_soon_the_smsc_answers(store: Store) -> None:
    """In the mean and within bounds; nothing of what left before that was kept, or of what it took
    late."""
    people(store)
    for place in range(4):
        told(store, 60 + place, "reminder", place)
    assert values(made(store, HOUR), "总览")["短信中心往返"] is None
    for place, left_as in enumerate(["1/1/40\tA", "2/3/160\tB\tC", "1/1\tD", ""]):
        took(store, place, left_as)
    report = made(store, 2 * HOUR)
    assert values(report, "总览")["短信中心往返"] == 100
    found = values(report, "时长", ("短信中心:从提交到回应",))
    assert (found["计时数"], found["平均"], found["95%在内"]) == (2, 100, 200)


def test_parts_of_a_day(store: Store) -> None:
    """By channel, brand, region, interface, command and hour; texts with what came next."""
    people(store)
    write(store, JOURNAL)
    told = made(store, 3 * HOUR)
    assert values(told, "分渠道", ("短信",))["请求数"] == 5
    assert values(told, "分渠道", ("USSD",))["自助完成率"] == 0.0
    assert values(told, "分品牌", ("全球通",))["请求数"] == 1
    assert values(told, "分品牌", ("未知",))["请求数"] == 2
    assert values(told, "分归属地", ("上海",))["拒绝数"] == 1
    assert values(told, "分接口", ("18",))["请求数"] == 1
    assert values(told, "分业务", ("话费余额", "q.balance"))["完成数"] == 2
    assert values(told, "分小时", ("02",))["请求数"] == 2
    assert values(told, "未理解的短信", ("=sum(a1)",)) == {"次数": 1, "随后": "话费余额 1"}


def test_a_month_has_its_days(store: Store) -> None:
    """Those that are final and those that are not; both in the sum."""
    people(store)
    write(store, [*JOURNAL, Row(LENGTH + 60.0, ONE, "sms", "q.balance", "ok")])
    told = made(store, 2 * LENGTH + 600, month=True)  # the first day is final, the second not
    assert told.period == "2026-11"
    assert told.returns_until == "2026-11-20"
    assert values(told, "总览")["请求数"] == 7
    assert values(told, "分日期", ("11-20",))["请求数"] == 6
    assert values(told, "分日期", ("11-21",))["请求数"] == 1


def test_what_was_not_counted_is_nothing_and_not_none_at_all(store: Store) -> None:
    """A day of which nothing is known has no zeros."""
    told = made(store, 60)
    found = values(told, "总览")
    assert found
    assert set(found.values()) == {None}
    assert told.until == ""


def test_the_forms_of_the_verb(store: Store, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The same figures in each; a formula of a subscriber's is no formula in a sheet."""
    key = bytes(range(32)).hex()
    url = store.engine.url.render_as_string(hide_password=False)
    options = ["--set", f"store.url={url}", "--set", f"secrets.key={key}"]
    write(store, JOURNAL)

    def told(*words: str) -> bytes:
        assert main(["report", *words, "--at", DAY.isoformat(), *options]) == 0
        return capfdbinary.readouterr().out

    data = json.loads(told("day", "--json"))
    overview = data["sections"][0]
    place = [figure["name"] for figure in overview["figures"]].index("请求数")
    assert overview["rows"][0]["values"][place] == 6
    assert overview["figures"][place]["definition"] == measures.REQUESTS.definition
    rows = list(csv.DictReader(io.StringIO(told("month", "--csv").decode("utf-8-sig"))))
    row = next(row for row in rows if (row["表"], row["指标"]) == ("总览", "请求数"))
    assert (row["数值"], row["单位"]) == ("6", "次")
    assert row["定义"] == measures.REQUESTS.definition
    assert next(row for row in rows if row["指标"] == "次数" and "sum" in row["对象"])[
        "对象"
    ].startswith("'=")
    with ZipFile(io.BytesIO(told("day", "--xlsx"))) as book:
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in sheets.iter() if sheet.tag.endswith("}sheet")]
        assert names[0] == "总览"
        first = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        words = [text.text for text in first.iter() if text.tag.endswith("}t")]
        assert measures.REQUESTS.definition in words
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
    text = told("day").decode()
    assert "请求数          6" in text
    assert measures.SEEN.definition not in text  # of a section that is empty


@pytest.mark.parametrize("written", ["2026-13", "29.11.2026", "x"])
def test_a_date_that_is_none(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "day", "--at", written])
    assert "2026-11-28" in capsys.readouterr().err


def test_definitions_stand_in_the_document() -> None:
    """Word for word, each beside its name."""
    document = (ROOT / "docs" / "figures.md").read_text()
    missing = [
        one.name for one in measures.ALL if f"| {one.name} | {one.definition} |" not in document
    ]
    assert missing == []
    assert len(measures.ALL) == len({one.name for one in measures.ALL})


def test_days_before_details_were_kept_have_none(store: Store) -> None:
    """Calls, refusals and offers of those days are not known; messages are."""
    people(store)
    write(store, JOURNAL)
    list(rolled(store, 3 * HOUR).catch_up())
    details_since(store, int(datetime(2026, 12, 1, tzinfo=UTC).timestamp()))
    found = values(made(store, 3 * HOUR), "总览")
    assert (found["通话数"], found["推荐展示数"]) == (None, None)
    assert found["请求数"] == 6
