"""What holds for a time, and which number is asked: at the desk, with its clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.model.address import Address
from gateway.model.messages import OutgoingMessage, ScreenAct
from gateway.serving.boss_work import DONE, REFUSED
from gateway.store.ports.boss_jobs import ErrandPlan
from gateway.store.store import Store
from gateway.store.tables import subscribers, subscriptions
from tariffs.catalogue import SHANGHAI
from tests.commands.fakes import OWN_CONF
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG
from tests.gateway.serving.test_boss_work import due, planned, settled
from tests.gateway.serving.test_boss_work import there as at_boss

pytestmark = pytest.mark.slow

SERVICES, COMMANDS, BOOK = "tariffs/services.yaml", "commands.yaml", "menus/book.yaml"
PACKS, NUMBERS = "menus/services.yaml", "numbers.yaml"
RICHER = """    cancel_code: QXLL10
    changes: [{from: 2027-01-01, fee: 12, name: {zh: 流量包, en: Data}}]
"""
BALANCE = "q.balance.pre.ok:\n  sms: "
Change = tuple[str, str, str]  # of a file: what stands there, and what is written instead
Opens = Callable[..., Office]


def at(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI).timestamp()


@pytest.fixture
def opens(sqlite_store: Store, tmp_path: Path) -> Opens:
    def opened(moment: str, *changes: Change) -> Office:
        """An office with a conf/ of its own, at a moment."""
        conf = Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))
        for name, there, instead in changes:
            path = conf / name
            text = path.read_text(encoding="utf-8")
            assert there in text
            path.write_text(text.replace(there, instead, 1), encoding="utf-8")
        office = Office(sqlite_store)
        office.bag.now = at(moment)
        office.counter.book = open_snapshot(Settings(conf=conf))
        return office

    return opened


def balance(office: Office) -> object:
    (row,) = office.rows(subscribers, subscribers.c.msisdn == int(ZHANG))
    return row["balance_fen"]


def test_a_price_changes_at_its_moment_without_anybody_doing_anything(opens: Opens) -> None:
    """In the tariff, and in whatever text takes it from there."""
    pitch = ("replies/zh/queries.yaml", BALANCE, f"{BALANCE}LL{{price:LL10}}")
    office = opens("2026-12-31 23:59:58", (SERVICES, "    cancel_code: QXLL10\n", RICHER), pitch)
    assert "10元流量包,10元/月" in office.hears("KTLL10")
    assert office.hears("YE", LI).startswith("LL10")
    office.bag.now = at("2027-01-01 00:00:01")
    assert "流量包,12元/月" in office.hears("KTLL10")
    assert office.hears("YE", LI).startswith("LL12")


def test_what_was_agreed_to_is_what_was_shown(opens: Opens) -> None:
    """Asked before midnight, confirmed after it: at the price that was read."""
    office = opens("2026-12-31 23:59:30", (SERVICES, "    cancel_code: QXLL10\n", RICHER))
    before = balance(office)
    assert "10元/月" in office.hears("KTLL10")
    office.bag.now = at("2027-01-01 00:00:30")
    done = office.hears("是")
    assert "已开通" in done
    assert "10元/月" in done
    assert isinstance(before, int)
    assert balance(office) == before - 1_000
    assert [row["service"] for row in office.rows(subscriptions) if row["service"] == "LL10"]


def test_what_is_asked_back_says_the_price_that_was_shown(opens: Opens) -> None:
    """A doubtful answer behind midnight is asked again in the same words."""
    office = opens("2026-12-31 23:59:30", (SERVICES, "    cancel_code: QXLL10\n", RICHER))
    assert "10元/月" in office.hears("KTLL10")
    office.bag.now = at("2027-01-01 00:00:30")
    assert "12元" not in office.hears("好")


CLOSED = (
    COMMANDS,
    "closed: []",
    """closed:
  - {from: 2026-12-03 02:00, until: 2026-12-03 04:00, says: {zh: 系统升级。, en: Upgrade.}}""",
)


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        ("2026-12-03 01:59:59", False),
        ("2026-12-03 02:00:00", True),
        ("2026-12-03 03:59:59", True),
        ("2026-12-03 04:00:00", False),
    ],
)
def test_what_changes_something_is_closed_for_a_time(
    opens: Opens, moment: str, closed: bool
) -> None:
    """And it is said why, and until when; questions are answered, a lost phone is suspended."""
    office = opens(moment, CLOSED)
    said = office.hears("KTLL10")
    assert said.startswith("【提示】系统升级。12月3日4:00恢复办理10元流量包") is closed
    assert "余额" in office.hears("YE")
    assert "系统升级" not in office.hears("GS")


OPTION = '      - {key: 1, label: {zh: "100MB{price:LL10}元"'
TIMED = (
    PACKS,
    OPTION,
    """      - {key: 1, label: {zh: 新春, en: New}, run: KTLL50, when: {from: 2027-02-06}, name: s}
      - {key: 1, when: {until: 2027-02-05}, label: {zh: "100MB{price:LL10}元\"""",
)


def dial(office: Office, act: ScreenAct, text: str) -> str:
    (screen, *_) = office.answers(office.bag.dialled(act, "s1", text, bind=office.bind))
    return screen.text


def test_a_key_means_what_stood_beside_it(opens: Opens) -> None:
    """Shown at two seconds to midnight, pressed after it."""
    office = opens("2027-02-05 23:59:58", TIMED)
    dial(office, ScreenAct.BEGIN, "*139#")
    office.bag.now += 0.1
    dial(office, ScreenAct.ON, "5")
    office.bag.now += 0.1
    assert "100MB10元" in dial(office, ScreenAct.ON, "1")
    office.bag.now = at("2027-02-06 00:00:01")
    assert "10元流量包" in dial(office, ScreenAct.ON, "1")


def test_a_new_screen_is_of_its_own_moment(opens: Opens) -> None:
    office = opens("2027-02-06 00:00:01", TIMED)
    dial(office, ScreenAct.BEGIN, "*139#")
    office.bag.now += 0.1
    dial(office, ScreenAct.ON, "5")
    office.bag.now += 0.1
    assert "1新春" in dial(office, ScreenAct.ON, "1")


FESTIVE = (
    SERVICES,
    "    cancel_code: QXLL10\n",
    "    cancel_code: QXLL10\n    sold: {from: 2027-02-06, until: 2027-02-12}\n",
)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2027-02-05 23:59:59", "10元流量包2027年2月6日起办理"),
        ("2027-02-06 00:00:00", "您正在订购10元流量包,10元/月"),
        ("2027-02-12 23:59:59", "您正在订购10元流量包,10元/月"),
        ("2027-02-13 00:00:00", "10元流量包已停止办理,没有订购,不产生费用"),
    ],
)
def test_what_is_sold_for_a_time_is_sold_then(opens: Opens, moment: str, told: str) -> None:
    office = opens(moment, FESTIVE)
    assert told in office.hears("KTLL10")
    assert ("10元流量包" in office.hears("流量包")) is ("正在订购" in told)
    assert "30元流量包" in office.hears("流量包")


def test_who_was_asked_while_it_was_sold_may_agree_after_it(opens: Opens) -> None:
    office = opens("2027-02-12 23:59:30", FESTIVE)
    office.hears("KTLL10")
    office.bag.now = at("2027-02-13 00:00:30")
    assert "已开通" in office.hears("是")
    assert "已订购" in office.hears("KTLL10")
    assert "退订10元流量包" in office.hears("QXLL10")


ANNOUNCED = (
    BOOK,
    "limits:\n",
    """announcements:
  works:
    say: {zh: 今晚升级。, en: Works tonight.}
    when: {from: 2026-12-01, until: 2026-12-03 04:00}
limits:
""",
)


def test_an_announcement_is_said_as_long_as_it_holds(opens: Opens) -> None:
    """Before the first screen, and on it only."""
    office = opens("2026-12-03 03:59:50", ANNOUNCED)
    assert dial(office, ScreenAct.BEGIN, "*139#").startswith("今晚升级。\n")
    office.bag.now += 1
    assert "今晚升级" not in dial(office, ScreenAct.ON, "5")
    office.bag.now = at("2026-12-03 04:00:00")
    assert "今晚升级" not in dial(office, ScreenAct.BEGIN, "*139#")


# -- several service numbers ---------------------------------------------------------------------

GUIDE = (
    NUMBERS,
    "numbers: {}",
    """numbers:
  "12580":
    name: {zh: 生活服务, en: City guide}
    signature: {zh: "【12580】", en: " (12580)"}
    operations: [query, information]
    offers: []
    ussd_code: "*125#"
  "10086555":
    name: {zh: 广东专线, en: Guangdong line}
    regions: [广东]""",
)
CHEAPER = (
    NUMBERS,
    "numbers: {}",
    'numbers:\n  "12590": {name: {zh: 优惠专线, en: Savings}, fees: {LL10: 8, QQT88: 80}}',
)
ENTRIES = (
    BOOK,
    'entries:\n  ussd: {"*139#": hall}\n',
    'entries:\n  ussd: {"*139#": hall, "*125#": guide}\n',
)
OWN_MENU = (BOOK, "  sms: {CD: main}", '  sms: {CD: main, "12580 CD": guide}')
SCREEN = (
    PACKS,
    "screens:\n",
    """screens:
  guide:
    say: {zh: 生活服务, en: City guide}
    options:
      - {key: 1, label: {zh: 余额, en: Balance}, run: q.balance}
""",
)


def sent(office: Office, text: str, port: str, phone: str = ZHANG) -> list[OutgoingMessage]:
    office.bag.now += 1
    return office.answers(office.arrived(text, phone, port=f"0.0.{port}"))


def test_each_number_answers_in_its_own_words(opens: Opens) -> None:
    """From itself, with its own end and menu; what is not done there is refused."""
    office = opens("2026-12-01 12:00", GUIDE, ENTRIES, OWN_MENU, SCREEN)
    (own,) = sent(office, "YE", "10086")
    (theirs,) = sent(office, "YE", "12580")
    assert own.text.endswith("【中国移动】")
    assert theirs.text.endswith("【12580】")
    assert theirs.source == Address(0, 0, "12580")
    assert "生活服务" in sent(office, "CD", "12580")[0].text
    assert sent(office, "1", "12580")[0].text.endswith("【12580】")
    assert "话费账单" in sent(office, "CD", "10086")[0].text
    assert "确认" not in sent(office, "KTLL10", "12580")[0].text
    assert "确认" in sent(office, "KTLL10", "10086")[0].text


def test_a_number_serves_its_own_regions(opens: Opens) -> None:
    """The longest number that fits is the one that is asked."""
    office = opens("2026-12-01 12:00", GUIDE, ENTRIES, OWN_MENU, SCREEN)
    (far,) = sent(office, "YE", "10086555")
    assert "归属地" in far.text
    assert far.source.digits == "10086555"
    assert "余额" in sent(office, "YE", "100861")[0].text


def test_a_code_that_is_dialled_belongs_to_its_number(opens: Opens) -> None:
    """Short messages that its menu leads to come from there."""
    office = opens("2026-12-01 12:00", GUIDE, ENTRIES, OWN_MENU, SCREEN)
    assert dial(office, ScreenAct.BEGIN, "*125#").startswith("生活服务")
    office.bag.now += 0.1
    answers = office.answers(office.bag.dialled(ScreenAct.ON, "s1", "1", bind=office.bind))
    screen = answers[0].screen
    assert screen is not None
    assert screen.source == Address.service("12580")
    assert answers[0].instead.endswith("【12580】")


def test_what_is_agreed_to_at_a_number_costs_what_was_said_there(opens: Opens) -> None:
    """Also where the yes is sent to another number, and after all prices have changed."""
    office = opens("2026-12-31 23:59:00", CHEAPER, (SERVICES, "    cancel_code: QXLL10\n", RICHER))
    before = balance(office)
    assert "10元/月" in sent(office, "ZF#LL10", "10086")[0].text
    assert "8元/月" in sent(office, "ZF#LL10", "12590")[0].text
    asked = sent(office, "KTLL10", "12590")
    assert ",8元/月" in asked[0].text
    office.take(asked)
    office.bag.now = at("2027-01-01 00:00:30")
    done, *_ = sent(office, "是", "10086")
    assert ",8元/月" in done.text
    assert isinstance(before, int)
    assert balance(office) == before - 800


def test_what_is_agreed_to_at_the_halls_number_costs_what_it_says(opens: Opens) -> None:
    office = opens("2026-12-01 12:00", CHEAPER)
    before = balance(office)
    office.take(sent(office, "KTLL10", "10086"))
    done, *_ = sent(office, "是", "12590")
    assert ",10元/月" in done.text
    assert isinstance(before, int)
    assert balance(office) == before - 1_000


def test_what_a_boss_has_done_is_told_in_the_words_of_the_number_that_was_asked(
    opens: Opens,
) -> None:
    """It comes from there, minutes later; so does that nothing was done."""
    own = '  "12590": {name: {zh: 优惠专线, en: Savings}, signature: {zh: 【优惠】, en: " (S)"}}'
    office = opens("2026-12-01 12:00", (NUMBERS, "numbers: {}", f"numbers:\n{own}"))
    office.counter.placed = lambda: None
    for code, result in (("KTLL10", DONE), ("KTLL30", REFUSED)):
        office.take(sent(office, code, "12590"))
        assert "受理" in sent(office, "是", "12590")[0].text
        (kept,) = due(office, int(office.bag.now))
        assert isinstance(planned(office, kept, at_boss()), ErrandPlan)
        (told,) = settled(office, kept.errand, result).answers
        assert told.source.digits == "12590"
        assert told.text.endswith("【优惠】")
        office.bag.now += 60
