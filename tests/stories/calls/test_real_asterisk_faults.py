"""What once left callers alone on a real Asterisk: sounds that it cannot play, lines that are dead,
people who are rung while they talk, recordings that are cut off."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.defer import Deferred, gatherResults

from gateway.store.tables import tickets
from gateway.tts.telephone_audio import RATE
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.calls.sip_callers import SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]

AGENT = {"Queue": "hall", "Interface": "Local/agent@tests"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(folder: Path, asterisk: Asterisk) -> AsyncIterator[Hall]:
    voice = BackgroundNoise(RATE // 2)
    recordings = str(folder / "recordings")
    async with sip_hall(folder, asterisk, voice, recordings=recordings) as hall:
        yield hall


@pytest.fixture
def callers(hall: Hall, callers: SipCallers) -> SipCallers:
    hall.phone("13800138001")
    return callers


def reasons(hall: Hall) -> list[str]:
    """Why the voice menu is not ready."""
    return hall.gateway.calls.reasons()


@pytest.mark.parametrize("people", ["there", "away"])
@pytest_twisted.ensureDeferred
async def test_who_cannot_be_played_anything_gets_a_person_or_a_tone(
    hall: Hall, callers: SipCallers, person: Person, folder: Path, people: str
) -> None:
    """The sounds cannot be read any more: it is said, and is over when they can be."""
    if people == "away":
        await person.act("QueuePause", **AGENT, Paused="true")
    assert reasons(hall) == []
    mark, away = hall.log.mark(), folder / "sounds.away"
    (folder / "sounds").rename(away)
    away.chmod(0o700)
    try:
        # who comes first waits in silence once; it was not noticed before
        (folder / "sounds").mkdir()
        for name in ("texts.tsv", "made.tsv"):
            (folder / "sounds" / name).write_bytes((away / name).read_bytes())
        first = await callers.calls()
        hall.gateway.calls.services.doubts.doubt("pbx-a", "a look at the files")
        await hall.log.told("sounds not heard", mark, pbx="pbx-a")
        assert any("hear nothing" in reason for reason in reasons(hall))
        if people == "there":
            told = await person.seen.next(lambda m: m.get("UserEvent") == "HallCall")
            assert told.get("HALL_CALLER") == "13800138001"
        else:
            await hall.log.told("call over", mark)
            assert any(first.line.rtp.heard[at] != 0xD5 for at in range(len(first.line.rtp.heard)))
        await first.line.over
    finally:
        for name in ("texts.tsv", "made.tsv"):
            (folder / "sounds" / name).unlink()
        (folder / "sounds").rmdir()
        away.rename(folder / "sounds")
    again = await callers.calls()
    await again.heard("For English")
    await again.asks("1", "其他业务请按9。")
    assert reasons(hall) == []
    await again.hangs_up()
    if people == "away":
        await person.act("QueuePause", **AGENT, Paused="false")


@pytest_twisted.ensureDeferred
async def test_silence_is_noticed_where_nobody_looked_at_the_files(
    hall: Hall, callers: SipCallers, person: Person, folder: Path
) -> None:
    """A question that is over before its sounds can have been heard: the caller's next words are
    played so that Asterisk tells how it went."""
    mark, away = hall.log.mark(), folder / "zh.away"
    (folder / "sounds" / "zh").rename(away)
    try:
        caller = await callers.calls()
        await hall.log.told("sounds doubted", mark, pbx="pbx-a")
        await hall.log.told("sounds not heard", mark, pbx="pbx-a")
        await person.seen.next(lambda m: m.event == "AgentConnect")
        await caller.line.over
    finally:
        away.rename(folder / "sounds" / "zh")
    again = await callers.calls()
    await again.heard("For English")
    await again.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_silent_line_and_a_dead_one_are_let_go(
    hall: Hall, callers: SipCallers, person: Person
) -> None:
    """Who presses nothing within a minute and a half; and who waits for a person when his telephone
    is gone: no more sound comes from it."""
    await person.act("QueuePause", **AGENT, Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/busy@tests")
    reactor = callers.phones.reactor
    silent, dead = await callers.calls(), await callers.calls(caller="13800138002")
    began = reactor.seconds()
    await dead.asks("1", "其他业务请按9。")
    dead.presses("0")
    await person.seen.next(lambda m: m.event == "QueueCallerJoin")
    dead.line.rtp.falls_silent()

    def over(line: Deferred[None]) -> Deferred[float]:
        return line.addCallback(lambda _: reactor.seconds() - began)

    seconds = await gatherResults([over(silent.line.over), over(dead.line.over)])
    assert max(seconds) < 90
    await person.act("QueueRemove", Queue="hall", Interface="Local/busy@tests")
    await person.act("QueuePause", **AGENT, Paused="false")


@pytest_twisted.ensureDeferred
async def test_who_talks_is_not_rung(hall: Hall, callers: SipCallers, person: Person) -> None:
    """The next caller waits until the talk is over."""
    await person.act("QueuePause", **AGENT, Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/patient@tests")
    first, second = await callers.calls(), await callers.calls(caller="13800138002")
    for caller in (first, second):
        await caller.asks("1", "其他业务请按9。")
    first.presses("0")
    await person.seen.next(lambda m: m.event == "AgentConnect")
    second.presses("0")
    await person.seen.next(lambda m: m.event == "QueueCallerJoin" and m.get("Count") == "1")
    await callers.pause(6)
    assert not [m for m in person.seen.left if m.event == "AgentConnect"]
    await first.hangs_up()
    await person.seen.next(lambda m: m.event == "AgentConnect")
    await second.hangs_up()
    await person.act("QueueRemove", Queue="hall", Interface="Local/patient@tests")
    await person.act("QueuePause", **AGENT, Paused="false")


@pytest.mark.parametrize("disk", ["full", "no folder"])
@pytest_twisted.ensureDeferred
async def test_a_recording_that_is_not_kept_is_no_complaint(
    hall: Hall, callers: SipCallers, person: Person, asterisk: Asterisk, folder: Path, disk: str
) -> None:
    """The caller is told, and gets a person; it is logged, and the hall is not ready."""
    recordings, mark = folder / "recordings", hall.log.mark()
    caller = await callers.calls()
    await caller.asks("1", "其他业务请按9。")
    limits = resource.prlimit(asterisk.pid, resource.RLIMIT_FSIZE)
    before = len(hall.rows(select(tickets.c.id)))
    try:
        if disk == "full":
            resource.prlimit(asterisk.pid, resource.RLIMIT_FSIZE, (8192, limits[1]))
        else:
            if recordings.exists():
                recordings.rename(folder / "recordings.away")
            recordings.write_text("no folder")
        await caller.asks("81", "说完请按井号键。")
        if disk == "full":  # else he has no time to speak
            await callers.pause(4)
            caller.presses("#")
        await caller.heard("录音没有保存成功")
        await hall.log.told("recording failed", mark)
        await person.seen.next(lambda m: m.event == "AgentConnect")
        assert any("not kept" in reason for reason in reasons(hall))
        assert len(hall.rows(select(tickets.c.id))) == before
        await caller.line.over
    finally:
        resource.prlimit(asterisk.pid, resource.RLIMIT_FSIZE, limits)
        if disk != "full":
            recordings.unlink()
        hall.gateway.calls.services.unrecorded = ""
