"""`hallgate trace`: one message from its arrival to its last receipt, also when no gateway runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.threads import deferToThread

from gateway.store.tables import audit, inbox
from simulators.boss.http_server import BossServer
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, furnish, hour, listening
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import PROGRAM
from tests.stories.hall import Clock, Hall, opened
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
ME, OTHER = "13800138001", "13800138005"
REASON = ("--reason", "ticket 1")
Traced = list[dict[str, Any]]


def verb(place: Deployment, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), *words, "--config", str(place.file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def trace(place: Deployment, what: str, *more: str) -> Traced:
    ran = verb(place, "trace", what, "--json", *more)
    assert ran.returncode == 0, ran.stderr
    found: Traced = json.loads(ran.stdout)
    return found


async def traced(hall: Hall, what: str, *more: str) -> Traced:
    return await deferToThread(trace, hall.house, what, *more)


def only(found: Sequence[dict[str, Any]], **facts: object) -> dict[str, Any]:
    fitting = [one for one in found if facts.items() <= one.items()]
    assert len(fitting) == 1, found
    return fitting[0]


@pytest_twisted.ensureDeferred
async def test_a_message_is_told_from_its_arrival_to_its_receipts(hall: Hall) -> None:
    """What was said, how it was understood, what answered, in how many parts, with which ids."""
    phone = hall.phone("13800138009")
    long = await phone.asks("0000")
    await phone.asks("KTEDU40")
    await phone.asks("是")
    await hall.calm()
    found = await traced(hall, phone.number, *REASON)
    asked = only(found, said="0000")
    assert asked["understood"] == "by its code"
    assert asked["link"] == "smsc-a"
    assert asked["sent"][0]["words"].startswith(long)
    assert max(sent["parts"] for sent in asked["sent"]) > 1
    for sent in asked["sent"]:
        assert sent["submits"] == sent["parts"] == len(sent["smsc_ids"])
        assert sent["state"] == "accepted"
    order = only(found, said="是")
    assert order["understood"] == "as a yes to what waited for one"
    opened_it = order["sent"][0]
    assert {each["state"] for each in opened_it["receipts"]} == {"delivered"}
    assert [each["smsc_id"] for each in opened_it["receipts"]]
    proposed = only(found, said="KTEDU40")
    assert proposed["order"]["state"] == "done"
    assert proposed["result"] == "asked", proposed


@pytest_twisted.ensureDeferred
async def test_why_it_was_refused_is_told(hall: Hall) -> None:
    """By the rule, and by the text that said so; a guess says what else it could have been."""
    phone = hall.phone("13800138007")
    for text in ("KTEDU40", "KTEDU4", "MMXG#111111#222222", "XYZZY"):
        await phone.asks(text)
    await hall.calm()
    found = await traced(hall, phone.number, *REASON)
    refused = only(found, said="KTEDU40")
    assert refused["rules"] == ["right: a customer class forbids it"]
    assert refused["texts"] == ["sv.err.black"]
    wrong = only(found, action="pw.change")
    assert "111111" not in json.dumps(wrong)
    assert "222222" not in json.dumps(wrong)
    assert "proof: the service password was wrong" in wrong["rules"]
    unclear = only(found, said="XYZZY")
    assert unclear["understood"] == "not at all"
    near = only(found, said="KTEDU4")
    assert near.get("could_have_been") or near["understood"].startswith("by its words")


@pytest_twisted.ensureDeferred
async def test_a_screen_is_told_with_its_way(hall: Hall) -> None:
    """What was chosen, in which version of the menus."""
    phone = UssdPhone(hall.phone(ME))
    await phone.walks("1")
    await hall.calm()
    found = await traced(hall, ME, *REASON)
    first, second = [one for one in found if one["channel"] == "ussd"][-2:]
    assert first["sent"][0]["as"] == second["sent"][0]["as"] == "ussd screen"
    assert second["chosen"]
    assert first["menu"] == second["menu"]
    assert second["sent"][0]["state"] == "accepted"


@pytest_twisted.ensureDeferred
async def test_without_a_reason_it_is_masked_and_each_look_is_noted(hall: Hall) -> None:
    """By number, and by the id that the log has of a message or an answer."""
    phone = hall.phone(OTHER)
    await phone.asks("CXGSD#13800138001")
    await hall.calm()
    id, reply = hall.rows(select(inbox.c.id).where(inbox.c.phone == int(OTHER)))[-1].id, 1
    for what in (OTHER, str(id), str(id + reply)):
        found = await traced(hall, what)
        assert OTHER not in json.dumps(found)
        assert ME not in json.dumps(found)
        assert found[-1]["number"] == "138****8005"
    full = await traced(hall, str(id), *REASON)
    assert full[-1]["number"] == OTHER
    looks = hall.rows(select(audit).where(audit.c.subscriber == OTHER).order_by(audit.c.id))
    assert [(one.action, one.reason) for one in looks][-4:] == [
        *[("subscribers.read", "")] * 3, ("subscribers.reveal", "ticket 1"),
    ]  # fmt: skip


@pytest_twisted.ensureDeferred
async def test_it_needs_no_gateway(place: Deployment, smscs: Smscs) -> None:
    """The journal is enough; people read it as well as programs."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        await hall.phone(ME).asks("YE")
    found = await deferToThread(trace, place, ME, *REASON)
    assert only(found, said="YE")["sent"][0]["state"] == "accepted"
    ran = await deferToThread(verb, place, "trace", ME, *REASON)
    assert "understood      by its code" in ran.stdout
    assert "smsc ids" in ran.stdout
    none = await deferToThread(verb, place, "trace", "12345678901234567")
    assert none.returncode == 1
    assert "no message" in none.stderr


@pytest_twisted.ensureDeferred
async def test_what_the_boss_did_is_told(place: Deployment, smscs: Smscs, boss: BossServer) -> None:
    """Accepted, and later done or refused."""
    smsc = smscs()
    place.configure(
        [link(smsc.listen())], boss={"url": f"http://127.0.0.1:{boss.port}", "token": "t0ken"}
    )
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        await phone.asks("KTEDU40")
        await phone.asks("是")
        await phone.reads()
        await hall.calm()
    found = await deferToThread(trace, place, ME, *REASON)
    assert only(found, said="是")["rules"] == ["BOSS: accepted, the result is told later"]
    (order,) = [one for one in found if "boss" in one]
    assert order["boss"]["result"] == "done"
    assert order["boss"]["proof"] == "A1"
    assert "已" in order["sent"][-1]["words"]


@pytest_twisted.ensureDeferred
async def test_a_call_is_told_with_its_keys_and_its_end(place: Deployment, smscs: Smscs) -> None:
    """What was pressed, what ran, how long it was."""
    from twisted.internet import reactor

    smsc = smscs()
    async with listening(reactor) as exchange:
        furnish(place, smsc, exchange)
        async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
            hall.renew(personas()[ME])
            await _called(exchange)
            await hall.log.told("call over")
    found = await deferToThread(trace, place, ME, *REASON)
    steps = [one for one in found if one["channel"] == "voice"]
    assert any(one.get("chosen") for one in steps)
    assert steps[-1]["call"]["ended_by"]


async def _called(exchange: Exchange) -> None:
    caller = exchange.calls(caller=ME)
    await caller.heard("请按")
    caller.presses("1")
    await caller.heard("请按")
    caller.hangs_up()
