"""Several gateways on one store, subscribers who write to whichever, and what they must be told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from twisted.internet.defer import Deferred, DeferredList

from gateway.store.tables import inbox, members, outbox
from simulators.smsc.audit import WrittenText
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import PROGRAM, GatewayProcess

FIRST = 13_600_000_000  # numbers of whoever asks


class Gateways:
    """`say` is a question of one subscriber whose answer names it."""

    def __init__(self, house: Deployment, smsc: Smsc, start: Callable[..., GatewayProcess]) -> None:
        self.house = house
        self.smsc = smsc
        self._start = start
        self._asked: dict[str, list[str]] = {}
        self._sent: list[WrittenText] = []
        self._port = 0
        self._configs = 0

    # -- gateways --------------------------------------------------------------------------------

    def begin(
        self, *, drain: float = 20.0, program: Path = PROGRAM, **settings: Any
    ) -> GatewayProcess:
        """One more; `settings` of its link. It is not waited for."""
        self._port = self._port or self.smsc.listen()
        self._configs += 1
        limits = {"queries_per_hour": 0, "drain": drain}
        written = self.house.configure([link(self._port, **settings)], limits=limits)
        file = written.with_name(f"gateway{self._configs}.yaml")
        shutil.copy(written, file)
        return self._start("run", "--config", file, program=program)

    async def serving(self, count: int, **settings: Any) -> list[GatewayProcess]:
        """So many, bound; each knows of the others."""
        begun = []
        for _ in range(count):
            begun.append(self.begin(**settings))
            await begun[-1].serving()
        return begun

    async def one_of(
        self, running: Sequence[GatewayProcess], event: str
    ) -> tuple[GatewayProcess, GatewayProcess]:
        """The one whose log tells this first, and another."""
        told = [Deferred.fromCoroutine(each.log.told(event)) for each in running]
        _, place = await DeferredList(told, fireOnOneCallback=True, consumeErrors=True)
        return running[place], running[place - 1]

    # -- subscribers -----------------------------------------------------------------------------

    def ask(self, place: int, times: int = 1) -> None:
        """A subscriber asks so many different things, one behind the other."""
        number = str(FIRST + place)
        asked = self._asked.setdefault(number, [])
        for _ in range(times):
            subject = f"1380013{len(asked):04}"
            asked.append(subject)
            self._sent.append(self.smsc.send(number, f"CXGSD#{subject}"))

    def ask_all(self, people: int, times: int = 1) -> None:
        for place in range(people):
            self.ask(place, times)

    async def acknowledged(self) -> None:
        """The SMSC has got rid of everything: no gateway is in the middle of it."""
        for each in self._sent:
            assert await each.settled() == 0

    async def answered(self) -> None:
        """Everybody has read an answer to everything."""
        from twisted.internet import reactor

        done: Deferred[None] = Deferred()

        def look() -> None:
            if not done.called and not self.missing():
                done.callback(None)

        def shown(*_: object) -> None:
            reactor.callLater(0, look)  # once the phone has it

        stop = self.smsc.watch(shown)
        look()
        done.addTimeout(60, reactor)
        try:
            await done
        except Exception:
            raise AssertionError(f"not answered: {self.missing()[:10]}") from None
        finally:
            stop()

    def missing(self) -> list[str]:
        return [
            f"{number}: {subject}"
            for number, asked in self._asked.items()
            for subject in sorted(set(asked) - set(self._subjects(number)))
        ]

    def _subjects(self, number: str) -> list[str]:
        """What the answers on a phone are about, as they were shown."""
        texts = [message.text for message in self.smsc.phone(number).received]
        return [
            next(subject for subject in self._asked[number] if subject in text) for text in texts
        ]

    def twice(self) -> list[str]:
        """What was said more than once."""
        return [
            f"{number}: {subject}"
            for number, asked in self._asked.items()
            for subject in asked
            for _ in range(self._subjects(number).count(subject) - 1)
        ]

    def out_of_order(self) -> list[str]:
        """Whose answers came in another order than their questions, those said again left out."""
        return [
            number
            for number, asked in self._asked.items()
            if list(dict.fromkeys(self._subjects(number))) != asked
        ]

    # -- behind ----------------------------------------------------------------------------------

    def members(self) -> list[tuple[int, bool, int]]:
        """Slots that are held: whether as somebody's own, and the epoch."""
        columns = members.c
        with self.house.store() as store, store.reading() as connection:
            query = select(columns.slot, columns.own, columns.epoch).where(columns.holder != "")
            found = connection.execute(query).all()
        return [(int(slot), bool(own), int(epoch)) for slot, own, epoch in found]

    def served_as_new(self) -> int:
        """Messages that none before was taken to be."""
        with self.house.store() as store, store.reading() as connection:
            return len(connection.execute(select(inbox.c.id).where(inbox.c.same_as == 0)).all())

    def waiting(self) -> int:
        with self.house.store() as store, store.reading() as connection:
            due = select(outbox.c.id).where(outbox.c.state == 0, outbox.c.after_ms == 0)
            return len(connection.execute(due).all())
