"""The process dies beside an SMSC that never waits: several messages of a subscriber are under way
at once, and come again in any order among new ones."""

from __future__ import annotations

from random import Random

import pytest
import pytest_twisted
from sqlalchemy import func, select
from twisted.internet.task import deferLater

from gateway.config.sample import people as sample_people
from gateway.store.tables import subscriptions
from simulators.smsc.handset import ShownMessage
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.failures.test_kill_under_load import SEED
from tests.stories.gateway_process import GatewayProcess

WRITTEN = ("YE", "CXTC", "KTEDU40", "是", "CXYL", "YE")
ANSWERS = {
    "YE": ("话费余额",),
    "CXTC": ("套餐查询",),
    "CXYL": ("套餐余量",),
    "KTEDU40": ("正在订购",),
    # a yes that was written before anybody could read what it is to: it is asked again
    "是": ("【办理成功】", "正在订购", "没有待确认"),
}
SUBSCRIBERS, KILLS = 150, 3


def answers(written: str, shown: str) -> bool:
    return any(mark in shown for mark in ANSWERS[written])


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_nobody_goes_without_an_answer_and_nothing_is_ordered_twice(tmp_path) -> None:
    """An answer may be shown twice there: nobody can tell a repetition from a question for sure."""
    from twisted.internet import reactor

    chance = Random(SEED)
    smsc = Smsc(reactor, ACCOUNT, chance=chance, terms=SmscSettings(window=100, pipelined=True))
    smsc.listen()
    house = Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    house.configure([link(smsc.port)])
    rich = [sample_people.subscriber(place) for place in range(5_000, 5_000 + SUBSCRIBERS)]
    house.move_in(rich)
    shown = []
    smsc.watch(lambda _number, message: shown.append(message))
    try:
        for life in range(KILLS + 1):
            process = GatewayProcess(reactor, "run", "--config", house.file)
            await process.serving()
            numbers = [persona.account.msisdn for persona in rich[life :: KILLS + 1]]
            for text in WRITTEN:
                for number in numbers:
                    smsc.send(number, text)
            if life < KILLS:
                await deferLater(reactor, 0.02 + 0.2 * chance.random())
                await process.kill()
                smsc.drop()
        await smsc.quiet()
        assert await process.stop() == 0, process.log.tail()
        lost = smsc.audit.reckon(_heard(smsc, rich), answers).lost
        print(f"\nseed {SEED}: {len(smsc.audit.redelivered())} delivered again, {len(shown)} shown")
        assert smsc.audit.redelivered()
        assert lost == []
        with house.store() as store, store.transaction() as connection:
            count = func.count()
            twice = (
                select(subscriptions.c.msisdn).group_by(subscriptions.c.msisdn).having(count > 1)
            )
            assert connection.execute(twice).all() == []
    finally:
        await smsc.stop()


def _heard(smsc: Smsc, rich: list[sample_people.Persona]) -> dict[str, list[ShownMessage]]:
    numbers = [persona.account.msisdn for persona in rich]
    return {number: list(smsc.phone(number).received) for number in numbers}
