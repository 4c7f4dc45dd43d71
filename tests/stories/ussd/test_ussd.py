"""*139#, dialled on a simulated centre, walked over a real socket, served by a whole gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from random import Random

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from gateway.config.sample import people as sample_people
from gateway.serving.beside.push import Push, pushing
from gateway.store.sample.people import put_cards
from simulators.fault_timing import times
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from simulators.smsc.ussd_centre import PhoneDialogue, PhoneScreen
from tests.gateway.messages import BY
from tests.stories.deployment import ACCOUNT, Deployment, link, personas
from tests.stories.hall import Hall, opened
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow
CARRIERS = ["its_session_info", "user_message_reference", "msisdn"]


@pytest_twisted.async_yield_fixture(scope="module", params=CARRIERS)
async def centre(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hall]:
    """A hall whose centre names dialogues in one of three ways."""
    from twisted.internet import reactor

    folder = tmp_path_factory.mktemp("ussd")
    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    smsc = Smsc(reactor, ACCOUNT, chance=Random(1), terms=SmscSettings(redelivery=lambda n: 0.05))
    smsc.ussd.carrier = request.param
    house.configure([link(smsc.listen(), ussd=request.param)])
    house.move_in(personas().values())
    async with opened(house, smsc) as hall:
        yield hall
    await smsc.stop()


def caller(hall: Hall) -> UssdPhone:
    """Somebody with 56.80 yuan who dials for the first time."""
    return UssdPhone(hall.somebody(balance_fen=5_680))


# What is pressed from the root on; the beginning of the last screen, in Chinese and in English;
# whether it waits.
PATHS: list[tuple[tuple[str, ...], str, str, bool]] = [
    ((), "移动营业厅\n1话费余额\n2套餐余量", "Mobile Hall\n1 Balance", True),
    (("1",), "截至", "", True),
    (("1", "1"), "20", "", True),
    (("1", "2"), "办理缴费记录,请输入6位服务密码", "Payments: enter the 6 digits", True),
    (("2",), "余量:通话", "Left: calls", True),
    (("2", "1"), "明细已用短信发送给您。", "The details have been sent", False),
    (("3",), "流量共", "Data: ", True),
    (("4",), "充值\n1本机\n2其他号码\n0返回", "Recharge\n1 This number", True),
    (("4", "1"), "请输入18位充值卡密码", "Enter the 18 digits", True),
    (("4", "2"), "请输入充值号码", "Enter the number", True),
    (("4", "2", "13800138002"), "为13800138002充值", "To recharge 13800138002", True),
    (("5",), "业务办理\n1流量包\n2校园WLAN\n3彩铃", "Services\n1 Data packs", True),
    (("5", "1"), "流量包", "Data packs", True),
    (("5", "2"), "校园WLAN\n1:40小时10元", "Campus WLAN\n1: 40 h", True),
    (("5", "2", "1"), "开通校园WLAN", "Campus WLAN 40 h", True),
    (("5", "2", "1", "1"), "已受理,结果短信通知您。", "Accepted. The result follows", False),
    (("5", "2", "1", "0"), "", "", True),
    (("5", "2", "9"), "校园WLAN 40小时", "Campus WLAN 40 h", True),
    (("5", "3"), "开通彩铃", "Ring-back tone", True),
    (("5", "4"), "开通来电显示", "Caller display", True),
    (("5", "5"), "短信包", "SMS packs", True),
    (("5", "6"), "可变更为", "You can change", True),
    (("6",), "", "", True),
    (("7",), "密码停机\n1改密码\n2挂失停机\n3密码规则\n0返回", "Password and suspension\n1", True),
    (("7", "1"), "修改服务密码", "New password", True),
    (("7", "2"), "办理停机", "Suspension", True),
    (("7", "3"), "密码为6位数字", "Six digits", True),
    (("8",), "更多\n1积分\n2星级\n3V网短号\n4工单进度\n5投诉\n6人工回拨", "More\n1 Points", True),
    (("8", "1"), "", "", True),
    (("8", "2"), "", "", True),
    (("8", "3"), "", "", True),
    (("8", "4"), "", "", True),
    (("8", "5"), "请输入投诉内容。", "Please describe", True),
    (("8", "6"), "为您登记人工回拨", "One of us will call", True),
    (("0",), "感谢使用,再见。", "Thank you, goodbye.", False),
    (("5", "0"), "移动营业厅", "Mobile Hall", True),
    (("#",), "感谢使用,再见。", "Thank you, goodbye.", False),
    (("77",), "输入有误,请重新输入。\n移动营业厅", "Not understood", True),
    (("77", "x", ""), "输入错误次数过多", "Too many wrong inputs", False),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest_twisted.ensureDeferred
async def test_every_path_of_the_menu(centre: Hall, language: str) -> None:
    """Each by somebody who dials for the first time; every screen on the way fits its phone."""
    for keys, chinese, english, waits in PATHS:
        one = UssdPhone(centre.somebody(language))
        shown = await one.walks(*keys)
        assert shown.startswith(chinese if language == "zh" else english), (keys, shown)
        assert one.open is waits, (keys, shown)
        for screen in one.call.screens if one.call else ():
            assert screen.message.data_coding == (8 if language == "zh" else 0)


@pytest_twisted.ensureDeferred
async def test_an_order_is_placed_and_the_result_comes_by_sms(centre: Hall) -> None:
    """Confirmed on the screen, told where it can be kept."""
    one = caller(centre)
    assert "10元" in await one.walks("5", "2", "1")
    assert await one.types("1") == "已受理,结果短信通知您。"
    assert "校园WLAN 40小时" in await one.phone.reads()
    assert "46.80" in await one.phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_a_recharge_with_a_card(centre: Hall) -> None:
    """The card's digits are typed on the screen."""
    one = caller(centre)
    put_cards(centre.gateway.store, [sample_people.card(11)])
    assert "50.00元" in await one.walks("4", "1", "870000000000000011")
    assert "106.80" in await one.phone.asks("YE")


@pytest.mark.parametrize(
    ("code", "beginning"),
    [
        ("*139*1#", "截至"),
        ("*139*2#", "余量:通话"),
        ("*139*3#", "流量共"),
        ("*139*4*869999999999999999#", "充值卡"),
        ("*139*5*2#", "校园WLAN\n1:40小时10元"),
        ("*139*0#", "感谢使用"),
        ("139", "移动营业厅"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_numbers_dialled_in_full(centre: Hall, code: str, beginning: str) -> None:
    """Straight to the answer or the screen."""
    one = caller(centre)
    shown = await one.dials(code)
    assert beginning in shown, shown
    assert one.open == ("感谢" not in shown)


# -- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("op", [129, 33, 128, 17, 255])
@pytest_twisted.ensureDeferred
async def test_who_leaves_orders_nothing(centre: Hall, op: int) -> None:
    """Whatever number the centre's maker has for it; what is typed afterwards is for nobody."""
    one = caller(centre)
    await one.walks("5", "2", "1")
    assert one.call is not None
    one.call.leaves(op)
    one.call.says("1", 18)
    await centre.calm()
    assert "56.80" in await one.phone.asks("YE")
    assert "没有订购" in await one.phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_dialling_again_offers_to_go_on(centre: Hall) -> None:
    """At the menu before what was asked; or from the beginning."""
    one = caller(centre)
    await one.walks("5", "2", "1")
    assert one.call is not None
    one.call.leaves()
    assert "1继续" in await one.dials()
    assert (await one.types("1")).startswith("校园WLAN")
    one.call.leaves()
    assert (await one.walks("2")).startswith("移动营业厅")


@pytest_twisted.ensureDeferred
async def test_a_phone_that_lost_its_network_dials_again(centre: Hall) -> None:
    """Nobody told us that the first dialogue is over; there is one on a phone."""
    one = caller(centre)
    await one.walks("5", "2", "1")
    assert one.call is not None
    one.call.fades()
    assert "1继续" in await one.dials()
    assert "56.80" in await one.phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_rubbish(centre: Hall) -> None:
    """Octets, operations and TLVs that mean nothing: answered or not, the gateway goes on."""
    chance, one = Random(7), caller(centre)
    await one.dials()
    assert one.call is not None
    mark = centre.log.mark()
    for op in (7, 2, 3, 16, 31, None, 77, 0, 19):
        text = "".join(chr(chance.randrange(0x20, 0x9FFF)) for _ in range(chance.randrange(60)))
        one.call.says(text, op, its_session_info=chance.randbytes(3), message_payload=b"\xd8\0\n")
    one.call.says("9" * 150, 18)
    await centre.calm()
    assert centre.log.named("failed", since=mark) == []
    assert (await caller(centre).dials()).startswith("移动营业厅")


@pytest_twisted.ensureDeferred
async def test_a_subscriber_on_sms_and_ussd_at_once(centre: Hall) -> None:
    """Each has its own thread of talk: a yes by SMS confirms nothing on the screen."""
    one = caller(centre)
    await one.walks("5", "2", "1")
    assert "56.80" in await one.phone.asks("YE")
    one.phone.sends("是")
    assert "没有" in await one.phone.reads()
    assert await one.types("1") == "已受理,结果短信通知您。"
    assert "校园WLAN" in await one.phone.reads()


@pytest_twisted.ensureDeferred
async def test_the_link_drops_before_our_answer_is_read(centre: Hall) -> None:
    """The confirm comes again, and is one order; the screen comes again, too."""
    one = caller(centre)
    await one.walks("5", "2", "1")
    assert one.call is not None
    mark = centre.log.mark()
    centre.smsc.faults.drop_before = times(1, "deliver_sm_resp")
    one.call.answers("1")
    await centre.log.told("line", since=mark, line="smsc-a", state="serving")
    assert await one.reads() == "已受理,结果短信通知您。"
    await one.phone.hears_nothing_but(await one.phone.reads())
    assert "46.80" in await one.phone.asks("YE")


# -- dialogues that we begin ---------------------------------------------------------------------


def pushed(hall: Hall, kind: Callable[[Push], object]) -> Deferred[object]:
    """By another process, as far as the gateway can see; it looks for it at once."""

    def beside() -> object:
        with hall.house.store() as store, pushing(hall.house.settings, store, hall.clock) as push:
            return kind(push)

    return deferToThread(beside).addCallback(lambda _: hall.gateway.outbox.look())


@pytest_twisted.ensureDeferred
async def test_a_menu_for_somebody_who_has_not_dialled(centre: Hall) -> None:
    """The centre names the dialogue when it is answered."""
    one = caller(centre)
    beginning = begun(centre)
    await pushed(centre, lambda push: push.ask(one.phone.number, BY))
    one.call = await beginning
    assert (await one.reads()).startswith("移动营业厅")
    assert "56.80元" in await one.types("1")
    assert (await one.types("0", "0")) == "感谢使用,再见。"


@pytest_twisted.ensureDeferred
async def test_a_notice_on_the_screen(centre: Hall) -> None:
    """Nobody answers it; a phone that has no USSD gets it by SMS."""
    one, two = caller(centre), caller(centre)
    beginning = begun(centre)
    await pushed(centre, lambda push: push.notify(one.phone.number, "夜间系统维护。", BY))
    one.call = await beginning
    assert await one.reads() == "夜间系统维护。"
    centre.smsc.faults.refuse = times(1)
    await pushed(centre, lambda push: push.notify(two.phone.number, "夜间系统维护。", BY))
    assert await two.phone.reads() == "夜间系统维护。"


@pytest_twisted.ensureDeferred
async def test_a_notice_that_nobody_confirms_is_shown_once(centre: Hall) -> None:
    """The network took it: that is all there is to know."""
    one = caller(centre)
    beginning = begun(centre)
    centre.smsc.ussd.confirms = False
    await pushed(centre, lambda push: push.notify(one.phone.number, "夜间系统维护。", BY))
    one.call = await beginning
    await centre.calm()
    centre.clock.ahead += 20
    centre.gateway.outbox.look()
    await centre.calm()
    centre.smsc.ussd.confirms = True
    assert [screen.text for screen in one.call.screens] == ["夜间系统维护。"]
    await one.phone.hears_nothing()


def begun(hall: Hall) -> Deferred[PhoneDialogue]:
    """The next dialogue that we begin, once it is on its phone."""
    ussd, soon = hall.smsc.ussd, Deferred[PhoneDialogue]()

    def shown(_number: str, _screen: PhoneScreen) -> None:
        stop()
        soon.callback(ussd.begun[-1])

    stop = ussd.watch(shown)
    return soon
