"""An edition that is tried out, or published, while subscribers are served, and takes itself
back."""

from __future__ import annotations

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.threads import deferToThread

from gateway.config.editions.conf_files import ConfFiles, conf_files
from gateway.config.editions.edition import DecisionKind, EditionDecision
from gateway.editions.loading import TAKEN_UP
from gateway.editions.publishing import Publisher
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store
from tests.commands.fakes import OWN_CONF
from tests.stories.hall import Hall, Phone

pytestmark = pytest.mark.slow

HALF = 5_000  # of 10,000 numbers
OFTEN = 10  # times that each asks: enough for a verdict, and few enough for complaints to weigh


def changed(name: str, old: str, new: str) -> ConfFiles:
    """The shipped conf/, with something else in one file."""
    own = conf_files(OWN_CONF)
    assert own[name].count(old) == 1
    return own | {name: own[name].replace(old, new)}


def badly_worded() -> ConfFiles:
    """Who has a plan without an end gets no answer. With example facts it can be said."""
    old = "{% else %}长期有效{% endif %}。{% if next"
    return changed("replies/zh/queries.yaml", old, old.replace("长期有效", "{{ name|date }}"))


OTHER_WORDS = (
    "{% else %}长期有效{% endif %}。{% if next",
    "{% else %}永久有效{% endif %}。{% if next",
)


def try_out(hall: Hall, files: ConfFiles, share: int = HALF) -> Deferred[EditionDecision]:
    return try_out_in(hall.gateway.store, hall.clock(), files, share)


def try_out_in(
    store: Store, moment: float, files: ConfFiles, share: int = HALF
) -> Deferred[EditionDecision]:
    """Where there is no gateway of ours in this process."""

    def now() -> EditionDecision:
        with store.transaction() as connection:
            publisher = Publisher(SqlEditions(connection), "li", int(moment))
            return publisher.try_out(publisher.keep(files).version, share)

    return deferToThread(now)


def publish(hall: Hall, files: ConfFiles) -> Deferred[EditionDecision]:
    def now() -> EditionDecision:
        with hall.gateway.store.transaction() as connection:
            return Publisher(SqlEditions(connection), "li", int(hall.clock())).publish(files)

    return deferToThread(now)


def last_decision(store: Store) -> EditionDecision:
    with store.transaction() as connection:
        found = SqlEditions(connection).last_decision()
    assert found is not None
    return found


@pytest_twisted.ensureDeferred
async def test_a_wording_that_cannot_be_said_takes_itself_back(hall: Hall) -> None:
    """Everybody is answered all the while, and rightly again as soon as it is taken back."""
    phones = [hall.somebody() for _ in range(40)]
    store, mark = hall.gateway.store, hall.log.mark()
    decided = await try_out(hall, badly_worded())
    await hall.log.told("edition", mark, canary=decided.canary)
    heard: list[str] = []

    async def asks(phone: Phone) -> None:
        while last_decision(store).what is DecisionKind.CANARY:
            heard.append(await phone.asks("CXTC"))

    await gatherResults([Deferred.fromCoroutine(asks(phone)) for phone in phones])
    told = await hall.log.told("edition taken back", mark)
    assert told["version"] == decided.canary
    assert "could not be served, 0.0 %" in str(told["reason"])
    last = last_decision(store)
    assert (last.what, last.author) == (DecisionKind.CANARY_ENDED, "the hall itself")
    assert any("系统" in words for words in heard)
    assert any("长期有效" in words for words in heard)
    await hall.log.told("edition", mark, version=decided.version, canary="")
    answers = [await phone.asks("CXTC") for phone in phones]
    assert all("长期有效" in words for words in answers)


@pytest_twisted.ensureDeferred
async def test_what_people_complain_about_takes_itself_back(hall: Hall) -> None:
    """It serves everybody rightly: only those who have it complain, and nobody else."""
    phones = [hall.somebody() for _ in range(40)]
    mark = hall.log.mark()
    decided = await try_out(hall, changed("replies/zh/queries.yaml", *OTHER_WORDS))
    await hall.log.told("edition", mark, canary=decided.canary)
    hall.clock.ahead += TAKEN_UP  # who complains before is not counted
    complained: set[str] = set()

    async def asks(phone: Phone) -> None:
        for _ in range(OFTEN):
            words = await phone.asks("CXTC")
            if "永久有效" in words and phone.number not in complained:
                complained.add(phone.number)
                await phone.asks("TS#你们的套餐说明看不懂")

    await gatherResults([Deferred.fromCoroutine(asks(phone)) for phone in phones])
    told = await hall.log.told("edition taken back", mark)
    assert told["version"] == decided.canary
    assert "complained, 0.0 %" in str(told["reason"])
    await hall.log.told("edition", mark, version=decided.version, canary="")
    answers = [await phone.asks("CXTC") for phone in phones]
    assert all("长期有效" in words for words in answers)


@pytest_twisted.ensureDeferred
async def test_what_is_published_for_everybody_takes_itself_back(hall: Hall) -> None:
    """Nobody is served beside it: it is compared with what came before."""
    phones = [hall.somebody() for _ in range(20)]
    store, mark = hall.gateway.store, hall.log.mark()
    before = [await phone.asks("CXTC") for phone in phones]
    assert all("长期有效" in words for words in before)
    decided = await publish(hall, badly_worded())
    await hall.log.told("edition", mark, version=decided.version)
    heard: list[str] = []

    async def asks(phone: Phone) -> None:
        while last_decision(store) == decided:
            heard.append(await phone.asks("CXTC"))

    await gatherResults([Deferred.fromCoroutine(asks(phone)) for phone in phones])
    told = await hall.log.told("edition taken back", mark)
    assert told["version"] == decided.version
    last = last_decision(store)
    assert (last.what, last.author) == (DecisionKind.ROLLED_BACK, "the hall itself")
    assert any("系统" in words for words in heard)
    await hall.log.told("edition", mark, version=last.version)
    after = [await phone.asks("CXTC") for phone in phones]
    assert all("长期有效" in words for words in after)
