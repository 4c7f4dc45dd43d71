"""An agent has a caller's password checked in the middle of their talk, on a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_twisted

from gateway.tts.telephone_audio import RATE
from ivr.ami.messages import AmiMessage
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.calls.sip_callers import SipCaller, SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]

PASSWORD = "739204"
WRONG = "739205"


class Talk(NamedTuple):
    """Two channels that hear each other."""

    caller: str
    agent: str


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, asterisk: Asterisk) -> AsyncIterator[Hall]:
    async with sip_hall(
        tmp_path_factory.mktemp("check"), asterisk, BackgroundNoise(RATE // 4)
    ) as hall:
        yield hall


@pytest_twisted.async_yield_fixture
async def person(person: Person) -> AsyncIterator[Person]:
    """An agent's software; who answers is patient."""
    await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/patient@tests")
    yield person
    await person.act("QueueRemove", Queue="hall", Interface="Local/patient@tests")


async def talking(caller: SipCaller, person: Person) -> Talk:
    await caller.asks("1", "其他业务请按9。")
    caller.presses("0")
    joined = await person.seen.next(lambda m: m.event == "AgentConnect")
    talk = Talk(joined.get("Channel"), joined.get("DestChannel"))
    await together(person, talk)
    return talk


async def checks(person: Person, talk: Talk) -> None:
    """As conf/asterisk/README.md tells whoever writes an agent's software."""
    sent = await person.act(
        "Redirect", Channel=talk.caller, Context="hallgate-check", Exten="10086", Priority="1",
        ExtraChannel=talk.agent, ExtraContext="hallgate-held", ExtraExten="s", ExtraPriority="1",
    )  # fmt: skip
    assert sent.ok, sent.answer.headers


async def told(person: Person) -> AmiMessage:
    """What the agent's software gets, once the agent has heard how it went."""
    event = await person.seen.next(lambda m: m.get("UserEvent") == "HallChecked")
    await person.seen.next(
        lambda m: m.get("Context") == "hallgate-told" and m.get("AppData").startswith("1?Playback(")
    )
    return event


async def together(person: Person, talk: Talk) -> None:
    """They hear each other again: both are in one bridge."""
    entered = await person.seen.next(
        lambda m: (
            m.event == "BridgeEnter"
            and m.get("BridgeNumChannels") == "2"
            and m.get("Channel") in talk
        )
    )
    bridge = entered.get("BridgeUniqueid")
    listed = await person.act("BridgeInfo", BridgeUniqueid=bridge)
    assert {item.get("Channel") for item in listed.items} == set(talk)


async def shown(person: Person, channel: str) -> str:
    answer = await person.act("Command", Command=f"core show channel {channel}")
    return "\n".join(answer.answer.all("Output"))


@pytest_twisted.ensureDeferred
async def test_a_password_is_checked_in_a_talk(
    hall: Hall, callers: SipCallers, person: Person
) -> None:
    """Twice, as often as the agent likes. He learns that it was right, and of which number; the
    password is on no line, in no event and in no log."""
    mark = hall.log.mark()
    caller = await callers.calls()
    talk = await talking(caller, person)
    for _ in range(2):
        await checks(person, talk)
        await caller.heard("按井号键结束。")
        await caller.asks(f"{PASSWORD}#", "服务密码正确。")
        event = await told(person)
        assert event.get("HALL_CHECK") == "right"
        assert event.get("HALL_TARGET") == "13800138001"
        assert event.get("HALL_LEVEL") == "A2"
        await together(person, talk)
        for channel in talk:
            assert PASSWORD not in await shown(person, channel)
    assert PASSWORD not in str(hall.log.all[mark:])
    await caller.hangs_up()
    await person.seen.next(lambda m: m.event == "Hangup" and m.get("Channel") == talk.agent)


@pytest_twisted.ensureDeferred
async def test_a_wrong_password_is_told_and_the_talk_goes_on(
    hall: Hall, callers: SipCallers, person: Person
) -> None:
    """After as many tries as anywhere; what is proven of the caller stays as it was. The agent
    hangs up first this time."""
    caller = await callers.calls(caller="13800138002")
    talk = await talking(caller, person)
    await checks(person, talk)
    await caller.heard("按井号键结束。")
    for _ in range(2):
        await caller.asks(f"{WRONG}#", "按井号键结束。")
    await caller.asks(f"{WRONG}#", "本机查询不受影响。")
    event = await told(person)
    assert event.get("HALL_CHECK") == "wrong"
    assert event.get("HALL_LEVEL") == "A1"
    await together(person, talk)
    await person.hangs_up(talk.agent)
    await caller.line.over


@pytest_twisted.ensureDeferred
async def test_who_hangs_up_while_he_is_asked_leaves_no_agent_on_hold(
    hall: Hall, callers: SipCallers, person: Person
) -> None:
    """The agent's line is free for the next caller."""
    caller = await callers.calls()
    talk = await talking(caller, person)
    await checks(person, talk)
    await caller.heard("按井号键结束。")
    mark = hall.log.mark()
    await caller.hangs_up()
    await hall.log.told("served", mark, action="menu", result="gone")
    await person.seen.next(lambda m: m.event == "Hangup" and m.get("Channel") == talk.agent)


@pytest_twisted.ensureDeferred
async def test_who_types_nothing_goes_back_to_the_agent(
    hall: Hall, callers: SipCallers, person: Person
) -> None:
    """Silence proves nothing, and nobody is put into the queue again."""
    caller = await callers.calls()
    talk = await talking(caller, person)
    mark = hall.log.mark()
    await checks(person, talk)
    await hall.log.told("call over", mark, how="left")
    assert (await told(person)).get("HALL_CHECK") == "wrong"
    await together(person, talk)
    await caller.hangs_up()
