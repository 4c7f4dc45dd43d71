"""The process as operators handle it: signals, its status, and what stands in its way."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted

from simulators.fault_timing import always
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, change, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import shown

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
ME = "13800138001"


async def running(start: Start, house: Deployment) -> GatewayProcess:
    process = start("run", "--config", house.file)
    await process.serving()
    return process


@pytest_twisted.ensureDeferred
async def test_sigterm_answers_what_was_acknowledged_and_says_goodbye(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """Under load; what was not acknowledged stays with the SMSC and is answered after a restart."""
    smsc = smscs(window=50)
    place.configure([link(smsc.listen(), window=2)])
    process = await running(start, place)
    smsc.faults.slow, smsc.faults.slowness = always("submit_sm"), (0.02, 0.05)
    numbers = [ME, *(str(13_600_000_000 + n) for n in range(40))]
    texts = [smsc.send(number, "CXYE") for number in numbers for _ in range(2)]
    await smsc.phone(ME).next()
    assert await process.stop() == 0
    assert process.log.named("closed")
    assert process.log.strange == []
    assert smsc.audit.counts["in unbind"] == 1
    taken = sum(sent.outcome == 0 for sent in texts)
    assert sum(len(phone.received) for phone in smsc.phones.values()) == taken
    smsc.faults.clear()
    await running(start, place)
    await shown(smsc, len(texts))
    assert [sent.outcome for sent in texts] == [0] * len(texts)
    reckoning = smsc.audit.reckon(smsc.replies())
    assert reckoning.clean, reckoning


@pytest_twisted.ensureDeferred
async def test_what_an_smsc_will_not_take_is_left_for_the_next_run(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """The time to drain is bounded."""
    smsc = smscs()
    place.configure([link(smsc.listen())], limits={"drain": 0.3})
    process = await running(start, place)
    smsc.faults.silent = always("submit_sm")
    assert await smsc.send(ME, "YE").settled() == 0
    assert await process.stop() == 0
    assert process.log.named("left in the outbox") != []
    smsc.faults.clear()
    await running(start, place)
    assert "余额56.80元" in (await smsc.phone(ME).next()).text


@pytest_twisted.ensureDeferred
async def test_a_second_sigterm_ends_it_at_once(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """For who cannot wait."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    process = await running(start, place)
    smsc.faults.silent = always("submit_sm", "unbind")
    assert await smsc.send(ME, "YE").settled() == 0
    process.signal(signal.SIGTERM)
    await process.log.told("closing")
    assert await process.stop() == -signal.SIGTERM


@pytest_twisted.ensureDeferred
async def test_sigterm_before_any_link_is_up(place: Deployment, smscs: Smscs, start: Start) -> None:
    """Nothing is waited for."""
    smsc = smscs()
    port = smsc.listen()
    await smsc.deafen()
    place.configure([link(port)])
    process = start("run", "--config", place.file)
    await process.log.told("line", state="waiting")
    assert await process.stop() == 0
    assert process.log.strange == []


# -- reload --------------------------------------------------------------------------------------


@pytest_twisted.ensureDeferred
async def test_sighup_takes_new_words_and_refuses_broken_ones(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """The link stays up all the while; a mistake is told with its file and line, and changes
    nothing."""
    smsc = smscs()
    conf = place.own_conf()
    replies = conf / "replies" / "zh" / "queries.yaml"
    place.configure([link(smsc.listen())])
    process = await running(start, place)

    change(replies, "q.balance.pre.ok:\n  sms: 【话费余额】", "q.balance.pre.ok:\n  sms: 【余额】")
    process.signal(signal.SIGHUP)
    await process.log.told("reloaded")
    smsc.send(ME, "YE")
    assert (await smsc.phone(ME).next()).text.startswith("【余额】")

    line = change(replies, "  sms: 【余额】", "  sms: 【{{ nonsense }}】")
    process.signal(signal.SIGHUP)
    event = await process.log.told("not reloaded")
    assert f"queries.yaml:{line}: " in event["findings"][0]
    assert "nonsense" in event["findings"][0]
    smsc.send(ME, "YE")
    assert (await smsc.phone(ME).next()).text.startswith("【余额】")
    assert [each.number for each in smsc.links] == [1]
    assert process.log.strange == []


@pytest_twisted.ensureDeferred
async def test_sighup_takes_new_limits_and_refuses_a_broken_configuration(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """One question an hour; then a file that says nothing."""
    smsc = smscs()
    port = smsc.listen()
    place.configure([link(port)])
    process = await running(start, place)
    place.configure([link(port)], limits={"queries_per_hour": 1})
    process.signal(signal.SIGHUP)
    await process.log.told("reloaded")
    phone = smsc.phone(ME)
    smsc.send(ME, "YE")
    assert "余额56.80元" in (await phone.next()).text
    smsc.send(ME, "YE")
    assert "过于频繁" in (await phone.next()).text
    place.configure([link(port)], limits={"queries_per_minute": 1})
    process.signal(signal.SIGHUP)
    event = await process.log.told("not reloaded")
    assert "queries_per_minute" in event["findings"][0]
    assert process.log.strange == []
    assert process.status is None


BAD_NEWS = [  # what is put behind a file while the gateway runs, and what the log says of it
    ("menus/hall.yaml", "zz: &z [*z]", "stands inside of what it stands for"),
    ("tariffs/plans.yaml", "zz: " + "[" * 5000, "more than 24 levels deep"),
    ("commands.yaml", "zz: " + "9" * 5000, "5,000 digits"),
    ("replies/zh/help.yaml", "zz.a: \"{{ 'x' * 999999999 }}\"", "'*' is no part of a text"),
    ("replies/en/help.yaml", "zz.b: 没有找到", "is Chinese under en"),
    ("offers.yaml", "zz: !!python/object:os.system x", "is a tag"),
    ("regions.yaml", "---\nzz: 1", "a second document"),
    ("holidays.yaml", "zz: a\u200bb", "cannot be seen"),
]


@pytest_twisted.ensureDeferred
async def test_sighup_survives_whatever_was_written(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """Each time the old words stay, the log names the file and the line, and a subscriber is
    answered."""
    smsc = smscs()
    conf = place.own_conf()
    place.configure([link(smsc.listen())])
    process = await running(start, place)
    for name, more, what in BAD_NEWS:
        path = conf / name
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n{more}\n", encoding="utf-8")
        mark = process.log.mark()
        process.signal(signal.SIGHUP)
        event = await process.log.told("not reloaded", mark)
        line = text.count("\n") + 2
        told = [each for each in event["findings"] if what in each]
        assert told, event["findings"]
        assert f"{name}:{line}: " in told[0]
        smsc.send(ME, "YE")
        assert "余额56.80元" in (await smsc.phone(ME).next()).text
        path.write_text(text, encoding="utf-8")
    (conf / "menus" / "more.yml").write_text("screens: {}\n", encoding="utf-8")
    mark = process.log.mark()
    process.signal(signal.SIGHUP)
    event = await process.log.told("not reloaded", mark)
    assert "menus/more.yml:1: is not read" in event["findings"][0]
    assert process.log.strange == []


# -- what stands in its way ----------------------------------------------------------------------


@pytest_twisted.ensureDeferred
async def test_a_store_made_with_another_key_is_refused(place: Deployment, start: Start) -> None:
    """In a sentence, before anybody is told that their password is wrong."""
    (place.folder / "hall.db.key").write_text("00" * 32)
    process = start("run", "--config", place.file)
    assert await process.ended() == 1
    (said,) = process.log.strange
    assert "made with another key" in said


@pytest_twisted.ensureDeferred
async def test_no_key_is_made_for_a_store_that_has_one(
    place: Deployment, start: Start, tmp_path: Path
) -> None:
    """The backups of whoever lost it would be taken with a key that opens nothing."""
    key = place.folder / "hall.db.key"
    whole = key.read_text()
    key.unlink()
    for verb in (["run"], ["tickets", "list"]):
        process = start(*verb, "--config", place.file)
        assert await process.ended() == 1
        assert f"its key is not here: put {key} back" in process.log.strange[0]
    assert not key.exists()
    key.write_text("00" * 32)
    asked = ["--verify", "--key", tmp_path / "kept.key", "--config", place.file]
    process = start("backup", tmp_path / "hall.tgz", *asked)
    assert await process.ended() == 1
    assert "not the one the store was made with" in process.log.strange[-1]
    assert not (tmp_path / "kept.key").exists()
    key.write_text(whole)
    process = start("backup", tmp_path / "again.tgz", *asked)
    assert await process.ended() == 0


@pytest_twisted.ensureDeferred
async def test_a_port_that_is_taken_is_named(place: Deployment, smscs: Smscs, start: Start) -> None:
    """Nothing of a half opened gateway stays."""
    taken = smscs().listen()
    place.configure([], http={"listen": f"127.0.0.1:{taken}"})
    process = start("run", "--config", place.file)
    assert await process.ended() == 1
    assert str(taken) in process.log.strange[-1]
    assert not any("Traceback" in line for line in process.log.strange)
