"""Health, readiness and counters, as monitoring reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from gateway.console.screens.links import BindRow, bind_rows
from gateway.console.watching.gateway_pages import Course, GatewayReading, Reading, samples_of
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.hall import Hall, Phone, opened

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
HTTP = {"listen": "127.0.0.1:0"}


async def get(hall: Hall, path: str) -> tuple[int, str]:
    """Status and text."""

    def ask() -> tuple[int, str]:
        try:
            with urlopen(f"http://127.0.0.1:{hall.gateway.http_port}{path}", timeout=10) as page:
                return page.status, page.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await deferToThread(ask)


@pytest_twisted.ensureDeferred
async def test_readiness_follows_the_link(place: Deployment, smscs: Smscs) -> None:
    """It lives all the while; it is ready once its SMSC is there, and says why when it is not."""
    smsc = smscs()
    port = smsc.listen()
    await smsc.deafen()
    place.configure([link(port)], http=HTTP)
    async with opened(place, smsc, lines=[]) as hall:
        await hall.log.told("line", state="waiting")
        assert (await get(hall, "/healthz"))[0] == 200
        status, said = await get(hall, "/readyz")
        assert status == 503
        (reason,) = json.loads(said)["reasons"]
        assert "smsc-a" in reason
        assert "refused" in reason.lower()
        smsc.listen(port=port)
        await hall.log.told("line", state="serving")
        assert (await get(hall, "/readyz"))[0] == 200
        mark = hall.log.mark()
        await smsc.deafen()
        smsc.drop()
        await hall.log.told("line", since=mark, state="waiting")
        assert (await get(hall, "/readyz"))[0] == 503
        assert (await get(hall, "/healthz"))[0] == 200


@pytest_twisted.ensureDeferred
async def test_half_a_link_is_not_ready(place: Deployment, smscs: Smscs) -> None:
    """Who can hear and not speak does no work."""
    smsc = smscs()
    place.configure([link(smsc.listen(), bind="transmitter+receiver")], http=HTTP)
    halves = ["smsc-a transmitter", "smsc-a receiver"]
    async with opened(place, smsc, halves) as hall:
        assert (await get(hall, "/readyz"))[0] == 200
        mark = hall.log.mark()
        await smsc.deafen()
        next(each for each in smsc.links if each.bound_as == "bind_transmitter").drop()
        await hall.log.told("line", since=mark, line=halves[0], state="waiting")
        assert (await get(hall, "/readyz"))[0] == 503


@pytest_twisted.ensureDeferred
async def test_what_happens_is_counted(place: Deployment, smscs: Smscs) -> None:
    """Messages in and out, requests by action, the link, and how long an answer took."""
    smsc = smscs()
    place.configure([link(smsc.listen())], http=HTTP)
    async with opened(place, smsc) as hall:
        phone = hall.somebody()
        for text in ("YE", "YE", "KTEDU40", "是", "XYZZY"):
            await phone.asks(text)
        await hall.calm()
        status, said = await get(hall, "/metrics")
        assert status == 200
        for line in (
            'hallgate_sms_in_total{link="smsc-a"} 5.0',
            'hallgate_requests_total{action="q.balance",channel="sms",result="ok"} 2.0',
            'hallgate_requests_total{action="sv.order",channel="sms",result="asked"} 1.0',
            'hallgate_requests_total{action="unknown",channel="sms",result="unknown"} 1.0',
            'hallgate_link_up{link="smsc-a"} 1.0',
        ):
            assert line in said
        names = re.findall(r"^([a-z_]+)[{ ]", said, re.MULTILINE)
        assert [name for name in names if not name.startswith("hallgate_")] == []


@pytest_twisted.ensureDeferred
async def test_what_is_not_there_is_not_found(place: Deployment, smscs: Smscs) -> None:
    smsc = smscs()
    place.configure([], http=HTTP)
    async with opened(place, smsc, lines=[]) as hall:
        assert (await get(hall, "/nowhere"))[0] == 404


@pytest_twisted.ensureDeferred
async def test_each_bind_tells_how_it_is(place: Deployment, smscs: Smscs) -> None:
    """Its window, how many were answered, how the last answer was; also while it is not there. And
    the page of links shows it."""
    smsc = smscs()
    port = smsc.listen()
    place.configure([link(port, bind="transmitter+receiver")], http=HTTP)
    async with opened(place, smsc, ["smsc-a transmitter", "smsc-a receiver"]) as hall:
        assert "余额56.80元" in await Phone(hall, "13800138001").asks("YE")
        await hall.log.told("sent")
        sends, receives = rows(await get(hall, "/metrics"))[::-1]
        assert (receives.name, receives.up, receives.window) == ("smsc-a receiver", True, 0)
        assert (sends.name, sends.up, sends.used, sends.window) == (
            "smsc-a transmitter",
            True,
            0,
            16,
        )
        assert sends.status == "ESME_ROK"
        assert sends.waited is not None
        assert sends.waited >= 0
        since = hall.log.mark()
        await smsc.deafen()
        smsc.drop()
        await hall.log.told("line", since, line="smsc-a transmitter", state="waiting")
        (gone,) = [one for one in rows(await get(hall, "/metrics")) if one.name == sends.name]
        assert (gone.up, gone.window, gone.status) == (False, 0, None)


def rows(page: tuple[int, str]) -> list[BindRow]:
    reading = GatewayReading("a", True, (), dict(samples_of(page[1])))
    return bind_rows(Course([Reading(0, (reading,))]))
