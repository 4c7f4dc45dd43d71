"""docs/architecture.md says by which functions a message walks: it is followed, and must be so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from gateway.serving.coalescer import LINGER
from simulators.smsc.smsc import Smsc
from tests.stories.call_chains import ROOT, CallRecorder, Place
from tests.stories.calls.simulated_callers import Exchange, hour
from tests.stories.deployment import Deployment, link
from tests.stories.hall import Clock, Hall, opened
from tests.stories.ussd.ussd_phone import UssdPhone

DOCUMENT: Final = ROOT / "docs" / "architecture.md"
MOST: Final = 12
"""Functions between the octets of a short message and its command, and between its answer and the
octets."""
_ITEM: Final = re.compile(r"[0-9]+\. `([^`]+)` `([^`]+)`")

Walk = dict[str, list[Place]]


def walks(document: Path = DOCUMENT) -> dict[str, Walk]:
    """By title, the parts of each walk."""
    found: dict[str, Walk] = {}
    text = document.read_text(encoding="utf-8")
    section = text[text.index("## The walks") : text.index("## What holds this")]
    for title, body in _cut(section, r"^### (.+)$"):
        found[title] = {
            name: [Place(*match) for match in _ITEM.findall(part)]
            for name, part in _cut(body, r"^\*\*(.+)\*\*$")
        }
    return found


def _cut(text: str, heading: str) -> Iterator[tuple[str, str]]:
    pieces = re.split(heading, text, flags=re.MULTILINE)
    return zip(pieces[1::2], pieces[2::2], strict=True)


class Followed:
    """A gateway in which calls are followed."""

    def __init__(self, hall: Hall, exchange: Exchange, recorder: CallRecorder) -> None:
        self.hall = hall
        self.exchange = exchange
        self._recorder = recorder

    async def alone(self) -> None:
        """Until nothing is on its way, and what comes next comes alone."""
        from twisted.internet import reactor

        await self.hall.calm()
        await deferLater(reactor, 2 * LINGER)

    def walk(self, walk: Walk) -> AbstractContextManager[None]:
        return watched(self._recorder, walk)


@contextmanager
def watched(recorder: CallRecorder, walk: Walk) -> Iterator[None]:
    """What happens within is compared with a walk of the document."""
    with recorder.recording([part[-1] for part in walk.values()]):
        yield
    for name, part in walk.items():
        chains = [call.chain for call in recorder.calls if call.place == part[-1]]
        assert tuple(part) in chains, f"{name}: {told(chains)}"


def told(chains: list[tuple[Place, ...]]) -> str:
    """What was seen instead."""
    if not chains:
        return "its last function was not called"
    return "it was " + "\nor ".join(" > ".join(place.name for place in each) for each in chains)


@pytest_twisted.async_yield_fixture
async def followed(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> AsyncIterator[Followed]:
    smsc, recorder = smscs(), CallRecorder()
    asterisk = [{"name": "pbx-a", "port": exchange.pbx.port}]
    place.configure(
        [link(smsc.listen(), ussd="its_session_info")],
        ivr={"asterisk": asterisk, "make_missing": False, "sounds": str(place.folder / "sounds")},
    )
    with recorder.installed():
        async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
            yield Followed(hall, exchange, recorder)


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_short_message_walks_as_it_is_written(followed: Followed) -> None:
    phone = followed.hall.somebody()
    await phone.asks("YE")
    await followed.alone()
    with followed.walk(walks()["A short message"]):
        await phone.asks("YE")
        await followed.hall.calm()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_step_of_ussd_walks_as_it_is_written(followed: Followed) -> None:
    phone = UssdPhone(followed.hall.somebody())
    await phone.dials()
    await followed.alone()
    with followed.walk(walks()["A step of USSD"]):
        await phone.types("1")
        await followed.hall.calm()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_key_of_a_call_walks_as_it_is_written(followed: Followed) -> None:
    caller, log = followed.exchange.calls(), followed.hall.log
    await caller.heard("For English")
    await log.told("served", action="menu")
    await followed.alone()
    mark = log.mark()
    with followed.walk(walks()["A key of a call"]):
        await caller.asks("1", "请按")
        await log.told("served", since=mark, action="menu")
    caller.hangs_up()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_key_that_asks_for_something_walks_as_it_is_written(followed: Followed) -> None:
    caller = followed.exchange.calls()
    await caller.heard("For English")
    await caller.asks("11", "余额请按1。")
    await followed.alone()
    with followed.walk(walks()["A key of a call that asks for something"]):
        await caller.asks("1", "您的余额")
    caller.hangs_up()


def test_the_way_of_a_short_message_is_short() -> None:
    """From the octets to the command, and from its answer to the octets."""
    walk = walks()["A short message"]
    there = [walk["From the socket"], walk["To the desk"], walk["At the desk"]]
    back = [walk["To the outbox"], walk["Out of it"], walk["To the socket"]]
    between = dict.fromkeys(place for part in there for place in part)
    assert len(between) - 2 <= MOST, "without dataReceived and the command"
    assert len(dict.fromkeys(place for part in back for place in part)) <= MOST


def test_a_walk_that_is_wrong_is_found() -> None:
    """The comparison can fail: what was called must be what is written, from end to end."""
    recorder, here = CallRecorder(), Place("smpp/statuses.py", "status_name")
    with pytest.raises(AssertionError, match="was not called"), watched(recorder, {"x": [here]}):
        pass


@pytest.mark.parametrize("title", list(walks()))
def test_all_functions_of_a_walk_are_there(title: str) -> None:
    """In the files that are named."""
    for part in walks()[title].values():
        for place in part:
            name = place.name.rpartition(".")[2]
            text = (ROOT / place.file).read_text(encoding="utf-8")
            assert f"def {name}(" in text, place
