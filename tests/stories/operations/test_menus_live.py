"""Menus published while subscribers walk them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.threads import deferToThread

from gateway.cli import main
from gateway.config.editions.conf_files import ConfFiles, conf_files
from gateway.config.editions.edition import EditionDecision
from gateway.editions.publishing import Publisher
from gateway.store.editions.editions import SqlEditions
from simulators.smsc.smsc import Smsc
from tests.commands.fakes import OWN_CONF
from tests.stories.deployment import Deployment, change, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import Hall, Phone

pytestmark = pytest.mark.slow

TIMES = 10
ME = "13800138001"


def named(mark: str) -> ConfFiles:
    """The shipped conf/, with a mark on two screens that follow each other."""
    return {
        name: text.replace("{brand}客户您好,请回复序号:", f"{mark}号厅,请回复序号:").replace(
            'say: {zh: "话费账单:"', f'say: {{zh: "{mark}号账单:"'
        )
        for name, text in conf_files(OWN_CONF).items()
    }


def publish(hall: Hall, files: ConfFiles) -> Deferred[EditionDecision]:
    def now() -> EditionDecision:
        with hall.gateway.store.transaction() as connection:
            return Publisher(SqlEditions(connection), "li", int(time.time())).publish(files)

    return deferToThread(now)


async def walk(phone: Phone, done: Callable[[], bool], seen: list[tuple[str, str]]) -> None:
    """The menu, and a screen further, again and again: both must be of one version."""
    last = False
    while not last:
        last = done()
        first = (await phone.asks("CD")).partition("号厅")[0]
        seen.append((first, (await phone.asks("1")).partition("号账单")[0]))
        await phone.asks("0")


@pytest_twisted.ensureDeferred
@pytest.mark.usefixtures("manners")
async def test_the_menu_is_changed_under_load_ten_times(hall: Hall) -> None:
    """No dialogue breaks, and none sees a mixture."""
    phones = [hall.somebody() for _ in range(20)]
    seen: list[tuple[str, str]] = []
    mark = hall.log.mark()
    decided = await publish(hall, named("0"))
    await hall.log.told("edition", mark, version=decided.version)
    count = 0
    walking = gatherResults(
        [Deferred.fromCoroutine(walk(phone, lambda: count == TIMES, seen)) for phone in phones]
    )
    while count < TIMES:
        menus = named(str(count + 1))
        decided = await publish(hall, menus)
        await hall.log.told("edition", mark, version=decided.version)
        count += 1
    await walking
    assert {first for first, _ in seen} == {str(n) for n in range(TIMES + 1)}
    assert [pair for pair in seen if pair[0] != pair[1]] == []


@pytest_twisted.ensureDeferred
async def test_a_running_gateway_takes_up_what_is_published(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """Within a second or two, without a signal; and after a start it still holds."""
    smsc = smscs()
    conf = place.own_conf()
    place.configure([link(smsc.listen())])
    process = start("run", "--config", place.file)
    await process.log.told("line", state="serving")
    change(conf / "menus" / "main.yaml", "{brand}客户您好,请回复序号:", "您好,请回复序号:")
    assert await asked(smsc, "CD") == "全球通客户您好"
    mark = process.log.mark()
    assert await deferToThread(main, ["menus", "publish", "--config", str(place.file)]) == 0
    await process.log.told("edition", mark)
    assert await asked(smsc, "CD") == "您好"
    await process.kill()
    process = start("run", "--config", place.file)
    await process.log.told("line", state="serving")
    assert await asked(smsc, "CD") == "您好"


async def asked(smsc: Smsc, text: str) -> str:
    """How the answer greets."""
    smsc.send(ME, text)
    return (await smsc.phone(ME).next()).text.partition(",")[0]
