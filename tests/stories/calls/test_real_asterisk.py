"""10086 on a real Asterisk: what a caller's line carried is recorded, and read back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from random import Random
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.cli.prompts import all_prompts
from gateway.store.tables import tickets
from gateway.tts.sound_folder import SoundFolder, build
from simulators.smsc.smsc import Smsc
from tariffs.catalogue import SHANGHAI
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.sound_recognition import BackgroundNoise, transcript
from tests.stories.deployment import ACCOUNT, Deployment, link, personas
from tests.stories.hall import Hall, opened

SECOND = 16_000  # octets of a recording

pytestmark = [pytest.mark.service, pytest.mark.slow]


@pytest.fixture(scope="module")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    folder = tmp_path_factory.mktemp("calls")
    return Deployment(folder, f"sqlite:///{folder / 'hall.db'}")


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(furnished_house: Deployment, asterisk: Asterisk) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and the Asterisk, with a sound for every prompt."""
    from twisted.internet import reactor

    house = furnished_house
    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    ivr: dict[str, Any] = {"sounds": str(house.folder / "sounds")}
    ivr |= {"recordings": str(house.folder / "recordings"), "recording_seconds": 5}
    ivr["asterisk"] = [{"name": "pbx-a", "port": asterisk.ami_port}]
    house.configure([link(smsc.listen(), ussd="off")], ivr=ivr | {"make_missing": False})
    build(SoundFolder(house.settings.ivr.sounds), all_prompts(house.settings), BackgroundNoise())
    house.move_in(personas().values())
    async with opened(house, smsc, ["smsc-a", "pbx-a"]) as hall:
        yield hall
    await smsc.stop()


def noon() -> float:
    """How far the clock must be set for the next noon in Shanghai, when people work."""
    now = datetime.now(tz=SHANGHAI)
    return (now.replace(hour=12, minute=0) - now).total_seconds() % 86_400


class Ear:
    """A caller on a real line, whose every sound is recorded."""

    def __init__(self, hall: Hall, person: Person, channel: str) -> None:
        self.person = person
        self.channel = channel
        self._hall = hall
        self._mark = hall.log.mark()
        self.recording = hall.house.folder / f"{id(self)}.sln"

    @classmethod
    async def calls(cls, hall: Hall, person: Person, caller: str = "13800138001") -> Ear:
        mark = hall.log.mark()
        channel = await person.calls("10086", caller)
        ear = cls(hall, person, channel)
        hall_side = f"{channel.removesuffix('1')}2"
        await hall.log.told("call", since=mark)
        answered = await person.act(
            "MixMonitor", Channel=hall_side, File="", Options=f"t({ear.recording})"
        )
        assert answered.ok, answered.answer.headers
        return ear

    async def presses(self, keys: str) -> None:
        await self.person.presses(self.channel, keys)

    async def told(self, event: str, **facts: object) -> None:
        """Until the hall has served so."""
        await self._hall.log.told(event, since=self._mark, **facts)

    async def hangs_up(self) -> list[str]:
        """What was heard, sound by sound."""
        await self.person.hangs_up(self.channel)
        await self.told("call over")
        return transcript(self.recording, self._hall.gateway.settings.ivr.sounds)


@pytest_twisted.ensureDeferred
async def test_a_caller_really_hears_the_balance_and_orders(hall: Hall, person: Person) -> None:
    """Menu, balance, password and price are in the caller's ear, in Chinese; answers by SMS too."""
    phone = hall.phone("13800138001")
    ear = await Ear.calls(hall, person)
    await ear.presses("1")
    await person.pause(2)
    await ear.presses("11")
    await ear.told("served", action="q.balance", result="ok")
    assert "您的余额56.80元" in await phone.reads()
    await person.pause(6)
    await ear.presses("**412")
    await ear.told("served", action="sv.order.data", result="asked")
    await person.pause(2)
    mark = hall.log.mark()
    await ear.presses("739204#")
    await hall.log.told("served", since=mark, action="sv.order.data", result="asked")
    await person.pause(5)
    await ear.presses("1")
    await ear.told("served", action="sv.order.data", result="ok")
    assert "30元流量包已开通" in await phone.reads()
    await person.pause(4)
    heard = "".join(await ear.hangs_up())
    assert "全球通客户您好" in heard
    assert "您的余额五十六元八角本月已消费七十一元两角" in heard
    assert "您正在订购三十元流量包每月三十元" in heard
    assert "流量包已开通每月三十元" in heard
    assert "739204" not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_a_person_is_told_who_comes(hall: Hall, person: Person) -> None:
    """By an event for the agent's screen; after the talk the caller is thanked, and it is over."""
    hall.clock.ahead = noon()
    hall.phone("13800138006")
    ear = await Ear.calls(hall, person, "13800138006")
    await ear.presses("1")
    await person.pause(1)
    await ear.presses("0")
    told = await person.seen.next(lambda m: m.get("UserEvent") == "HallCall")
    assert told.get("HALL_CALLER") == told.get("HALL_TARGET") == "13800138006"
    assert told.get("HALL_LEVEL") == "A1"
    assert told.get("HALL_GRADE") == "vip"
    await person.seen.next(lambda m: m.event == "AgentConnect")
    await ear.told("call over")


@pytest_twisted.ensureDeferred
async def test_a_complaint_is_really_recorded(hall: Hall, person: Person) -> None:
    """By Asterisk, into a folder that it makes; the ticket names the file."""
    hall.phone("13800138001")
    ear = await Ear.calls(hall, person)
    await ear.presses("181")
    await ear.told("served", action="menu")
    await person.pause(10)
    mark = hall.log.mark()
    await ear.presses("#")
    await hall.log.told("served", since=mark, action="menu")
    await person.pause(7)
    await ear.presses("1")
    await ear.told("served", action="tk.complaint", result="ok")
    name = hall.rows(select(tickets.c.recording))[-1][0]
    file = hall.gateway.settings.ivr.recordings / f"{name}.wav"
    assert file.stat().st_size > SECOND
    heard = "".join(await ear.hangs_up())
    assert "说完请按井号键" in heard
    assert "以上是您的录音" in heard
