"""Two SMSCs full of subscribers on one hall, whatever becomes of its gateways and its store; and in
the end, what was lost, done twice or overtaken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from twisted.internet.task import deferLater

from simulators.fault_timing import sometimes
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.failures.many_talkers import Crowd
from tests.stories.failures.price_questions import answers, question
from tests.stories.failures.store_check import differences
from tests.stories.failures.talker import talkers
from tests.stories.log_events import Events

FIRST = 7_000  # of the sample: others who are asked for in a story come before
BURST = 3  # questions that a subscriber asks without waiting
LINKS = ("smsc-a", "smsc-b")
NOT_NOW = "store: "  # a gateway that begins while the store is away says so, and ends
SAME_ID = ("IntegrityError", "UniqueViolation")


@dataclass(frozen=True)
class Crowds:
    """How many talk and order, how many ask in bursts, and seconds between their beginnings."""

    talkers: int
    askers: int
    pause: float = 0.0


class CrowdedHall:
    """Talkers by one SMSC, whose every fee is known; askers by the other, whose order is."""

    def __init__(
        self, reactor: Any, house: Deployment, crowds: Crowds, chance: Random, silence: float = 60.0
    ) -> None:
        terms = SmscSettings(
            window=50,
            redelivery=lambda n: 0.1,
            response_timeout=10.0,
            rank=lambda room: chance.random() if room >= 1 else -1.0,
        )
        self.smscs = [Smsc(reactor, ACCOUNT, chance=chance, terms=terms) for _ in LINKS]
        self.house = house
        self._reactor = reactor
        self._crowds = crowds
        self._asked = 0
        self._asking: list[Any] = []
        self._talkers = talkers(FIRST, crowds.talkers, chance)
        self.crowd = Crowd(reactor, self.smscs[0], self._talkers, silence)

    def slow_down(self) -> None:
        """The askers' SMSC, beside the other, which is as good as ever: it cannot take more, and
        takes seconds to say so, or that it can."""
        faults = self.smscs[1].faults
        faults.throttle = sometimes(0.1, "submit_sm")
        faults.slow, faults.slowness = sometimes(0.1, "submit_sm_resp"), (0.5, 3.0)

    def open(self, binds: int = 1, window: int = 16, **sections: dict[str, Any]) -> None:
        """Before any gateway: the configuration of each, and the subscribers in their store."""
        pairs = zip(LINKS, self.smscs, strict=True)
        terms = {"binds": binds, "window": window}
        links = [link(smsc.listen(), name=name, **terms) for name, smsc in pairs]
        self.house.configure(links, **sections)
        self.house.move_in([talker.persona for talker in self._talkers])

    def begin(self) -> None:
        self.crowd.begin(self._crowds.pause)
        for place in range(self._crowds.askers):
            later = self._reactor.callLater(place * self._crowds.pause, self._ask, place)
            self._asking.append(later)

    def _ask(self, place: int) -> None:
        """Whoever is nobody's subscriber may ask for prices as well."""
        for _ in range(BURST):
            self.smscs[1].send(str(13_700_000_000 + place), question(self._asked))
            self._asked += 1

    @property
    def sent(self) -> int:
        return self.crowd.sent + self._asked

    async def answered(self, seconds: float) -> None:
        """Returns when everybody has heard everything, or after so many seconds."""
        await self.crowd.done()
        asks = self.smscs[1]
        until = self._reactor.seconds() + seconds
        while self._reactor.seconds() < until and (
            any(asking.active() for asking in self._asking)
            or asks.audit.unacknowledged()
            or asks.audit.reckon(asks.replies(), answers).lost
        ):
            await deferLater(self._reactor, 0.2)
        for smsc in self.smscs:
            await smsc.quiet()

    async def leave(self) -> None:
        self.crowd.leave()
        for asking in self._asking:
            if asking.active():
                asking.cancel()
        for smsc in self.smscs:
            await smsc.stop()

    def findings(self, logs: list[Events], grace: float = 1.0) -> dict[str, list[str]]:
        """By kind, each in words; nothing is to be found. `grace`: seconds before a link's end in
        which a gateway may not have noted an answer."""
        asks = self.smscs[1]
        heard = asks.audit.reckon(asks.replies(), answers, grace)
        failed = [
            event
            for log in logs
            for name in ("failed", "batch failed", "work failed")
            for event in log.named(name)
        ]
        same_id = [str(event) for event in failed if any(word in str(event) for word in SAME_ID)]
        with self.house.store() as store:
            wrong = differences(store, self._talkers)
        return {
            "lost": heard.lost,
            "doubled": self._without_a_reason(heard.doubled),
            "overtaken": heard.misordered,
            "colliding ids": same_id,
            "wrong": [
                *wrong,
                *[line for smsc in self.smscs for line in smsc.audit.garbled],
                *self.crowd.strange(),
                *[line for log in logs for line in log.strange if not line.startswith(NOT_NOW)],
                *[str(event) for event in failed if str(event) not in same_id],
            ],
        }

    def _without_a_reason(self, doubled: list[str]) -> list[str]:
        """Of answers that were said again, those whose question the SMSC had not delivered again
        for want of an answer in its time (docs/cluster.md, What may be said twice); each time is
        a reason for one."""
        reasons = Counter[tuple[str, str]]()
        for sent in self.smscs[1].audit.sent:
            unanswered = [a for mo in sent.mos for a in mo.attempts[:-1] if a.status is None]
            reasons[sent.msisdn, sent.text] += len(unanswered)
        left = []
        for line in doubled:
            number = line.partition(":")[0]
            asked = [key for key, times in reasons.items() if times and key[0] == number]
            why = next((key for key in asked if answers(key[1], line)), None)
            if why is None:
                left.append(line)
            else:
                reasons[why] -= 1
        return left

    def redelivered(self) -> int:
        return sum(len(smsc.audit.redelivered()) for smsc in self.smscs)


def none_of(findings: dict[str, list[str]]) -> None:
    """In a failure, the first of each kind."""
    assert {kind: lines[:5] for kind, lines in findings.items() if lines} == {}
