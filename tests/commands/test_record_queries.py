"""Stories of what stands in a record, and of what anybody may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.ports import State, Subscription, Usage
from commands.vocabulary import Channel, Secret
from tests.commands.fakes import NEXT_MONTH, NOW, World, world
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
STUDENT = "13800138002"  # 动感地带, has 123456
UNNAMED = "13800138003"  # 神州行, not real-named, has 580317
UNLIMITED = "13800138005"  # BXL
VIP = "13800138006"  # on the red list
BLACK = "13800138007"
MEMBER = "13800138010"  # V网, 6101


@pytest.fixture
def hall() -> World:
    return world()


# -- use -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["CXLL", "ll", "192", "109005", "CXGPRS", "流量", "查流量"])
def test_data_used_and_left(hall: World, text: str) -> None:
    """The same as in the allowance, with a hint where more can be had."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(text)
    assert "共400MB,已用188MB,剩余212MB。回复KTLL30等可加油,详见ZF#LL30。" in said
    assert "流量共400MB,已用188MB,剩余212MB" in phone.sends("CXYL")


def test_unlimited_data_is_never_used_up(hall: World) -> None:
    """9 GB used of 200 MB: nothing is wrong, and no pack is offered."""
    phone = Phone(hall, UNLIMITED)
    said = phone.sends("CXLL")
    assert "已用9.00GB,您的流量不限量" in said
    assert "KTLL" not in said
    assert "流量不限量,已用9.00GB" in phone.sends("CXYL")


def test_a_plan_without_data_tells_what_was_used(hall: World) -> None:
    """At its price."""
    hall.services.used[BLACK] = [Usage("data_mb", 12)]
    assert "已用12MB。您的套餐不含流量" in Phone(hall, BLACK).sends("CXLL")


def test_what_begins_next_month_includes_nothing_yet(hall: World) -> None:
    """A pack ordered for the first is not in today's allowance."""
    hall.services.open(ORDINARY, "DX20", NEXT_MONTH, 1)
    assert "短信共100条" in Phone(hall, ORDINARY).sends("CXYL")
    assert "短信共400条" in Phone(hall, ORDINARY, now=NEXT_MONTH).sends("CXYL")


@pytest.mark.parametrize(
    ("service", "campus", "outside", "said"),
    [
        ("EDU40", 0, 0, "校园内已用0分,剩余40小时;校园外0分钟;流量0MB/40GB;本月费用10.00元"),
        ("EDU40", 2460, 0, "校园内已用41小时,剩余0分;校园外0分钟;流量0MB/40GB;本月费用11.20元"),
        ("EDU40", 0, 9801, "校园外9801分钟;流量0MB/40GB;本月费用500.00元(500元封顶)"),
        ("EDU100", 6030, 10, "本月费用21.10元"),
        ("EDU250", 15001, 0, "本月费用40.02元"),
    ],
)
def test_campus_wlan_by_its_rule(
    hall: World, service: str, campus: int, outside: int, said: str
) -> None:
    """Minutes on campus and elsewhere, and what they cost."""
    hall.services.open(STUDENT, service, NOW - 100, 1)
    hall.services.used[STUDENT] = [
        Usage("wlan_campus_min", campus),
        Usage("wlan_outside_min", outside),
    ]
    assert said in Phone(hall, STUDENT).sends("CXWLAN")


def test_campus_wlan_that_is_used_up_rests(hall: World) -> None:
    """At 40 GB, and that is said."""
    hall.services.open(STUDENT, "EDU40", NOW - 100, 1)
    hall.services.used[STUDENT] = [Usage("wlan_mb", 40960)]
    assert "流量40.00GB/40GB" in Phone(hall, STUDENT).sends("CXEDU")
    assert "流量已用完,本月暂停使用" in Phone(hall, STUDENT).sends("CXEDU")


def test_who_has_no_campus_wlan_hears_how_to_get_it(hall: World) -> None:
    """One that begins next month is not there yet, and one that is being replaced still is."""
    phone = Phone(hall, STUDENT)
    assert "KTEDU40" in phone.sends("CXWLAN")
    assert phone.texts == ["q.wlan.none"]
    hall.services.had[STUDENT] = [
        Subscription("EDU100", NEXT_MONTH),
        Subscription("EDU40", NOW - 100, NEXT_MONTH),
    ]
    assert "校园WLAN 40小时" in phone.sends("CXWLAN")


# -- the record ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (ORDINARY, "CXJF", "您的积分为3200,其中400将于2026年12月31日到期。兑换请回复DH。"),
        (STUDENT, "108001", "您的M值为860,其中120将于"),
        (UNNAMED, "jf 580317", "您的福分为1800。"),
    ],
)
def test_points_under_their_brands_name(hall: World, number: str, text: str, said: str) -> None:
    """With those that end soon, if there are any."""
    assert said in Phone(hall, number).sends(text)


def test_no_more_points_end_than_there_are(hall: World) -> None:
    """Some of those that would have ended may be spent by now."""
    hall.alter(ORDINARY, points=150)
    assert "为150,其中150将于" in Phone(hall, ORDINARY).sends("CXJF")


def test_a_star_and_what_it_gives(hall: World) -> None:
    """Each its own; who has none hears that."""
    assert "您是三星客户,有效期至2027年12月31日。可享:话费透支(KTTZ)、10086人工优先接入。" in (
        Phone(hall, ORDINARY).sends("CXXJ")
    )
    phone = Phone(hall, BLACK)
    phone.sends("XJ")
    assert phone.texts == ["q.star.none"]


def test_credit(hall: World) -> None:
    """In yuan; none is said in words."""
    assert "您的信用度为100.00元" in Phone(hall, ORDINARY).sends("信用度")
    phone = Phone(hall, BLACK)
    phone.sends("CXXY")
    assert phone.texts == ["q.credit.none"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.NORMAL, "目前为正常。可正常使用。"),
        (State.ARREARS, "目前为欠费停机。充值后自动恢复"),
        (State.SUSPENDED, "目前为报停。恢复使用请发送FJ"),
        (State.PRE_CANCELLED, "目前为预销。请机主本人"),
        (State.TO_CANCEL, "目前为待销。请机主本人"),
        (State.CANCELLED, "目前为销户。该号码已不能使用。"),
    ],
)
def test_the_state_of_a_number_and_what_to_do(hall: World, state: State, said: str) -> None:
    """In words, for every state."""
    hall.alter(ORDINARY, state=state)
    assert said in Phone(hall, ORDINARY).sends("CXZT")


def test_the_record(hall: World) -> None:
    """Brand, plan, billing, state, class, registration, V-net."""
    said = Phone(hall, VIP).sends("CXZL")
    for part in (
        "品牌:全球通",
        "后付费",
        "大客户,五星",
        "已实名登记",
        "入网:2008年8月8日",
        "未加入",
    ):
        assert part in said
    assert "V网:兴达集团" in Phone(hall, MEMBER).sends("YHXX")


def test_lists_are_told_to_nobody(hall: World) -> None:
    """Who is on the black list looks like everybody."""
    said = Phone(hall, BLACK).sends("CXZL")
    assert "普通客户" in said
    assert "黑" not in said


def test_a_v_net_and_its_short_numbers(hall: World) -> None:
    """One's own, and a colleague's within the same group only."""
    phone = Phone(hall, MEMBER)
    assert "您已加入兴达集团的V网,您的短号为6101" in phone.sends("CXVW")
    assert "短号6102对应的号码为13800138008" in phone.sends("CXDH#6102")
    assert "短号6102对应的号码为13800138008" in phone.sends("DH6102")
    phone.sends("CXDH#6999")
    assert phone.texts == ["q.short_number.none"]


def test_short_numbers_of_other_groups_are_not_told(hall: World) -> None:
    """Nor any to who is in none."""
    hall.profiles.by_number[ORDINARY] = replace(
        hall.profiles.by_number[ORDINARY], group="别家集团", short_number="6200"
    )
    Phone(hall, MEMBER).sends("CXDH#6200")
    for number, text in ((MEMBER, "q.short_number.none"), (STUDENT, "q.vpmn.none")):
        phone = Phone(hall, number)
        phone.sends("CXDH#6200")
        assert phone.texts == [text]


def test_the_puk_is_a_secret_that_takes_the_password(hall: World) -> None:
    """Its message is kept like one that carries a password."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXPUK")
    assert phone.texts == ["auth.ask_pw"]
    assert "您的PUK码为48120375。" in phone.sends("739204")
    assert phone.last is not None
    assert phone.last.replies[0].secret
    other = Phone(hall, STUDENT)
    other.sends("PUK#13800138001")
    assert other.texts == ["q.refuse.nopw"]
    assert "48120375" in other.sends("PUK#13800138001#739204")


def test_a_puk_that_is_not_known(hall: World) -> None:
    """Is not made up."""
    hall.people.puks.clear()
    phone = Phone(hall, ORDINARY)
    phone.sends("CXPUK#739204")
    assert phone.texts[0] == "q.puk.none"


# -- tickets -------------------------------------------------------------------------------------


def test_how_far_a_ticket_has_come(hall: World) -> None:
    """The newest, or the one that is named."""
    first = hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 59659800001)
    hall.tickets.open("fault", ORDINARY, "…", NOW + 7200, NOW, 59659800002)
    phone = Phone(hall, ORDINARY)
    assert "59659800002(报障)" in phone.sends("CXGD")
    assert f"{first.number}(投诉)11月21日登记,已受理,预计11月21日22时前" in (
        phone.sends(f"CXGD#{first.number}")
    )


def test_a_ticket_that_is_done_or_late_says_so(hall: World) -> None:
    """With its result; being late is admitted."""
    hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 5965980)
    phone = Phone(hall, ORDINARY, now=NOW + 7200)
    assert "已超过预计时间11月21日22时" in phone.sends("GD")
    ticket = hall.tickets.by_phone[ORDINARY][5965980]
    hall.tickets.by_phone[ORDINARY][5965980] = replace(ticket, state="done", result="已退费5元")
    assert "已处理:已退费5元。如不满意请回复RG。" in phone.sends("GD")


def test_only_ones_own_tickets_are_told(hall: World) -> None:
    """Another's number is as unknown as one that was never given."""
    ticket = hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 5965980)
    phone = Phone(hall, MEMBER)
    phone.sends(f"CXGD#{ticket.number}")
    assert phone.texts == ["q.ticket.unknown"]
    phone.sends("CXGD")
    assert phone.texts == ["q.ticket.none"]
    assert "(投诉)" in phone.sends(f"CXGD#{ORDINARY}#739204")


# -- for anybody ---------------------------------------------------------------------------------


def test_where_a_number_belongs(hall: World) -> None:
    """By its first digits, whoever has it, and for whoever asks."""
    phone = Phone(hall, "13912345678")
    assert "13800138000的归属地为北京" in phone.sends("CXGSD#13800138000")
    assert "归属地为上海" in phone.sends("403 86-13800170000")
    phone.sends("403#19999999999")
    assert phone.texts == ["q.region.none"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "QQT88",
            "全球通商务88元套餐:88元/月,含通话350分钟、流量200MB、短信80条。超出通话0.19元/分钟",
        ),
        (
            "mz38",
            "含本地通话80分钟、流量200MB、短信200条。超出本地通话0.10元/分钟,长途漫游通话0.19元",
        ),
        ("SZXQS", "神州行轻松卡:0元/月。通话0.39元/分钟,流量0.29元/MB,短信0.10元/条。"),
        ("SZXQQ", "3个亲情号码0.05元/分钟"),
        ("LL30", "30元流量包:30元/月,含流量500MB。超出按套餐价。立即生效。"),
        (
            "EDU40",
            "校内超出0.02元/分钟,校外0.05元/分钟,500元封顶,满40GB停用。立即生效。退订请发送QXEDU。",
        ),
        ("LDXS", "来电显示:5元/月(全球通0元,动感地带0元)"),
        ("BXL", "68元/月,流量不限量"),
        ("JTCL", "由集团付费"),
        ("TQ", "天气预报(华风气象):2元/月"),
        ("QQTYC", "预存送话费(全球通):预存600元得900元话费;预存1200元得2400元话费"),
        ("SZXCN", "承诺在网一年,赠1800福分(可兑27元话费)或礼品。请持有效证件到营业厅办理。"),
    ],
)
def test_a_price_card(hall: World, code: str, said: str) -> None:
    """Of a plan, a service or a campaign; from any phone."""
    assert said in Phone(hall, "13912345678").sends(f"ZF#{code}")


def test_a_code_without_a_price(hall: World) -> None:
    """Is read back; a word that means prices in general asks which."""
    phone = Phone(hall, ORDINARY)
    assert "没有找到代码ABC9的资费" in phone.sends("资费 ABC9")
    phone.sends("资费")
    assert phone.texts == ["info.ask.tariff"]
    assert "没有找到代码XYZ5的资费" in phone.sends("xyz5")


@pytest.mark.parametrize(
    ("code", "said"),
    [("KTLL30", "30元/月"), ("QXLL30", "30元/月"), ("ktedu40", "10元/月"), ("KTQQT88", "88元/月")],
)
def test_a_price_by_the_code_that_orders_it(hall: World, code: str, said: str) -> None:
    """Sent along, or when it is asked for; and nothing is ordered by it."""
    phone = Phone(hall, ORDINARY)
    assert said in phone.sends(f"ZF#{code}")
    phone.sends("ZF")
    assert said in phone.sends(code)
    assert phone.texts[0].startswith("info.tariff.")
    assert hall.orders.placed == {}


def test_every_price_can_be_told(hall: World) -> None:
    """In both languages, within its short messages."""
    catalogue = hall.catalogue
    for code in (*catalogue.plans, *catalogue.services, *catalogue.campaigns):
        for language in ("zh", "en"):
            phone = Phone(hall, ORDINARY, language=language)
            assert phone.sends(f"ZF#{code}")
            assert phone.texts[0].startswith("info.tariff.")
            assert phone.texts[0] != "info.tariff.none"


# -- all of them ---------------------------------------------------------------------------------

PLAIN = [
    "CXHF", "CXZD", "CXLL", "CXWLAN", "CXJF", "CXXJ", "CXXY", "CXZT", "CXZL", "CXDSF", "CXFH",
    "CXZQ", "CXVW", "CXGD", "CXYE", "CXTC", "CXYL", "CXYW",
]  # fmt: skip


@pytest.mark.parametrize("code", PLAIN)
def test_every_query_asks_others_for_the_password(hall: World, code: str) -> None:
    """Refused without, counted when wrong, answered when right, locked after three."""
    own, other = Phone(hall, ORDINARY), Phone(hall, STUDENT)
    right = own.sends(code)
    other.sends(f"{code}#{ORDINARY}")
    assert other.texts == ["q.refuse.nopw"]
    other.sends(f"{code}#{ORDINARY}#739205")
    assert other.texts[0] == "auth.pw_wrong"
    assert right.removesuffix("【中国移动】") in other.sends(f"{code}#{ORDINARY}#739204")
    for _ in range(3):
        other.sends(f"{code}#{ORDINARY}#739205")
    other.sends(f"{code}#{ORDINARY}#739204")
    assert other.texts[0] == "auth.pw_locked"


@pytest.mark.parametrize("code", PLAIN)
def test_every_query_of_a_number_that_is_not_ours(hall: World, code: str) -> None:
    """Says so, and invents nothing."""
    phone = Phone(hall, "13912345678")
    phone.sends(code)
    assert phone.texts == ["sys.no_account"]


@pytest.mark.parametrize("code", [*PLAIN, "CXSSZD", "CXJFJL", "CXPUK"])
def test_the_untrusted_and_unregistered_prove_it_first(hall: World, code: str) -> None:
    """A number without a name in the register is answered after its password."""
    phone = Phone(hall, UNNAMED)
    phone.sends(code)
    assert phone.texts[0].startswith("auth.")
    phone.sends("580317")
    assert not phone.texts[0].startswith("auth.")


def test_a_subscriber_of_whom_nothing_is_known_but_the_account(hall: World) -> None:
    """No query makes a figure up, and none falls over."""
    hall.profiles.by_number.clear()
    hall.bills.lines.clear()
    hall.bills.paid.clear()
    hall.people.puks = {"13900000000": Secret("11111111")}
    for code in [*PLAIN, "CXSSZD#739204", "CXJFJL#739204", "CXPUK#739204", "CXDZ#1#0101"]:
        phone = Phone(hall, ORDINARY)
        assert phone.sends(code)


def test_who_calls_types_the_password_of_another_number(hall: World) -> None:
    """A call goes on until it is typed; what is wrong counts against that number."""
    caller = Phone(hall, VIP, channel=Channel.VOICE)
    told = []
    for text in (f"CXPUK#{ORDINARY}", "111222", "739204"):
        caller.sends(text)
        told.append(caller.texts[0])
    assert told == ["auth.ask_pw", "auth.pw_wrong", "q.puk"]
