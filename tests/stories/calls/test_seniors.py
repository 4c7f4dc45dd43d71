"""长者专席: callers of 65 and older, and who asks for it, hear little, slowly, and get a person."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import pytest_twisted

from gateway.dialogue.snapshot import read_conf
from gateway.lists.customer_lists import CustomerLists
from gateway.model.operators.audit import Actor
from gateway.tts.sound_folder import Prompt, SoundFolder, build
from ivr.speech.read_aloud import read_aloud
from simulators.smsc.smsc import Smsc
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.calls.simulated_callers import Caller, Exchange, furnish, hour
from tests.stories.deployment import Deployment
from tests.stories.hall import Clock, Hall, opened

pytestmark = pytest.mark.slow

FEW = "查话费请按1。充值请按2。其他业务请按3。"
PERSON = "人工服务请按0。"
PAUSE = "[zh/pause]"


def listed(hall: Hall, number: str) -> None:
    """As the people of the hall put somebody into a list whose type names the class."""
    store, settings = hall.gateway.store, hall.house.settings
    classes = read_conf(settings).register.settings.classes
    with store.transaction() as connection:
        lists = CustomerLists(
            connection, store.seal, Actor("80001", "test"), int(time.time()), lambda: classes
        )
        lists.add_type("65", "长者", "", ["senior"])
        lists.add("65", [number], "65岁")


def pauses(caller: Caller) -> int:
    return sum(heard.sound.endswith("/zh/pause") for heard in caller.channel.said)


@pytest_twisted.ensureDeferred
async def test_who_is_of_the_class_gets_a_person_at_once(noon: Hall, exchange: Exchange) -> None:
    """Without a key, before others; or presses one of three. Whatever he asks is told slowly."""
    noon.phone("13800138002")
    listed(noon, "13800138002")
    caller = exchange.calls(caller="13800138002")
    assert FEW in (await caller.heard(PERSON)).replace(PAUSE, "")
    said = pauses(caller)
    assert said >= 3
    assert "您的余额" in await caller.asks("1", "短信已发送到您的手机。")
    assert pauses(caller) > said
    await caller.asks("*", PERSON)
    await caller.heard("请稍候。")
    await caller.heard("不满意请按3。")
    known = caller.channel.variables
    assert known["HALL_GRADE"] == "senior"
    assert int(known["QUEUE_PRIO"]) > 0
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_anybody_may_ask_for_it(noon: Hall, exchange: Exchange) -> None:
    """By 3 at the welcome, or behind 9; all others hear the menus as they were."""
    noon.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    assert pauses(caller) == 0
    assert FEW in (await caller.asks("3", PERSON)).replace(PAUSE, "")
    assert pauses(caller) >= 3
    caller.hangs_up()
    other = exchange.calls()
    await other.heard("For English")
    await other.asks("1", "其他业务请按9。")
    assert FEW in (await other.asks("99", PERSON)).replace(PAUSE, "")
    other.hangs_up()


def slow_sounds(caller: Caller) -> int:
    return sum("/slow/zh/" in heard.sound for heard in caller.channel.said)


@pytest_twisted.ensureDeferred
async def test_they_hear_slow_sounds_and_nobody_else_does(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """Where `hallgate prompts build` has made them."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    said = [Prompt("zh", sound) for sound in read_aloud(FEW + PERSON, "zh")]
    slow = [prompt._replace(slow=True) for prompt in said]
    build(SoundFolder(place.settings.ivr.sounds), said + slow, BackgroundNoise())
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        hall.phone("13800138001")
        hall.phone("13800138002")
        listed(hall, "13800138002")
        other = exchange.calls()
        await other.heard("For English")
        await other.asks("1", "其他业务请按9。")
        assert slow_sounds(other) == 0
        other.hangs_up()
        senior = exchange.calls(caller="13800138002")
        assert FEW in (await senior.heard(PERSON)).replace(PAUSE, "")
        assert slow_sounds(senior) == len(slow)
        senior.hangs_up()
