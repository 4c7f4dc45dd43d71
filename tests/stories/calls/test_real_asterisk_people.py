"""People and callers on a real Asterisk: what who answers hears first, what is kept of a call, and
calls back that the hall dials itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.store.tables import call_backs, calls, tickets
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import Asterisk, running
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.calls.sip_callers import SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]

OUT = """
[way-out]
; two subscribers: one answers, one does not
exten => 13800138001,1,Answer()
 same => n,Milliwatt()
exten => _X.,1,Busy(1)
"""


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    with running(dialplan=OUT, records=True) as asterisk:
        yield asterisk


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, asterisk: Asterisk) -> AsyncIterator[Hall]:
    folder: Path = tmp_path_factory.mktemp("people")
    rules = {"dial": True, "hours": "0:00-24:00", "dialplan": "way-out", "rings": 10}
    voice = BackgroundNoise(2 * FRAME)
    async with sip_hall(folder, asterisk, voice, call_backs=rules, cdr=True) as hall:
        yield hall


@pytest_twisted.ensureDeferred
async def test_who_answers_is_told_who_comes_and_the_call_is_kept(
    hall: Hall, callers: SipCallers, person: Person, asterisk: Asterisk
) -> None:
    """Sounds on the line of who answers, before the caller; then a row of what happened, in the
    store and in Asterisk's own records. Nobody finds the password there."""
    hall.phone("13800138001")
    caller = await callers.calls()
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("14", "按井号键结束。")
    await caller.asks("739204#", "短信已发送到您的手机。")
    caller.presses("0")
    whispered = await person.seen.next(
        lambda m: (
            m.event == "Newexten"
            and m.get("Context") == "hallgate-whisper"
            and m.get("AppData").startswith("1?Playback(")
        )
    )
    assert whispered.get("AppData").count("/zh/p/") >= 2
    await person.seen.next(lambda m: m.event == "AgentConnect")
    await caller.heard("不满意请按3。")
    await caller.asks("3", "感谢您的评价")
    await caller.line.over
    await hall.log.told("served", action="menu", result="gone")
    await hall.gateway.desk.drained()
    kept = hall.rows(select(calls).order_by(calls.c.id.desc()))[0]
    assert kept.outcome == "person"
    assert kept.agent
    assert kept.keys == "1 1 4 ******# 0 3"
    assert kept.screens.split()[:4] == ["welcome", "main", "bills", "ask_password"]
    told = ["13800138001", kept.keys, kept.screens, kept.agent, kept.outcome]
    for _ in range(100):
        if told in asterisk.records:
            break
        await callers.pause(0.1)
    assert told in asterisk.records
    assert "739204" not in f"{kept.keys} {kept.screens} {asterisk.records}"


@pytest.mark.parametrize(
    ("number", "outcome", "state"),
    [("13800138001", "talked", "done"), ("13800138005", "busy", "open")],
)
@pytest_twisted.ensureDeferred
async def test_who_asked_for_a_call_back_is_dialled(
    hall: Hall, callers: SipCallers, number: str, outcome: str, state: str
) -> None:
    """And put through to a person; then the ticket is done. Who does not answer is tried again."""
    phone, mark = hall.phone(number), hall.log.mark()
    await phone.asks("RG")
    await phone.asks("Y")
    over = await hall.log.told("call back over", mark)
    assert outcome in str(over["outcome"]) or outcome == "busy"
    await callers.pause(0.5)
    mine = (tickets.c.phone == int(number)) & (tickets.c.kind == "callback")
    (found,) = hall.rows(select(tickets.c.state, tickets.c.id).where(mine))
    assert found.state == state
    (tried,) = hall.rows(select(call_backs).where(call_backs.c.ticket == found.id))
    assert tried.tries == 1
    assert tried.retry_at > hall.clock()
