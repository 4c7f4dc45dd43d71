"""The scheduler of calls back: dials who has asked for one, and puts him through to a person.

due ─ Originate ─▶ rings ─ nobody, busy ─▶ tried again later, so often
                     └─ answered ─▶ the queue ─ a person ─▶ the ticket is done
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final, Protocol

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from commands.model.daily_hours import daily_hours, minute_of_day
from gateway.config.sections.call_back_settings import CallBackSettings
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log, masked
from gateway.store.store import Store
from gateway.store.tickets.call_backs import DueCallBack, settle, take_due
from ivr.dialling import ANSWERED, OVER, TALKS, DialledCall, DialRequest

LOOK_EVERY: Final = 5.0  # seconds
CONTEXT: Final = "hallgate-callback"
"""The dialplan's, where who answers goes on."""


class Dials(Protocol):
    def __call__(self, request: DialRequest) -> bool:
        """False if no Asterisk of ours is up."""
        ...


@dataclass(slots=True)
class CallBacks:
    """`first`: whether this gateway does what one is enough for."""

    settings: CallBackSettings
    reactor: IHallReactor
    wall: Callable[[], float]
    store: Store
    zone: tzinfo
    first: Callable[[], bool]
    dials: Dials
    log: Log
    _under_way: dict[str, DueCallBack] = field(default_factory=dict)
    _talked: set[str] = field(default_factory=set)

    def look(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._look()).addErrback(self._failed)

    async def _look(self) -> None:
        now, room = int(self.wall()), self.settings.at_once - len(self._under_way)
        hours = daily_hours(self.settings.hours)
        if room <= 0 or not self.first() or not hours.at(minute_of_day(now, self.zone)):
            return
        for due in await in_thread(self.reactor, self._due, now, room):
            self._dial(due)

    def _due(self, now: int, room: int) -> list[DueCallBack]:
        rules = self.settings
        with self.store.transaction() as connection:
            return take_due(connection, now, rules.tries, room, rules.retry)

    def _dial(self, due: DueCallBack) -> None:
        id = f"back-{due.ticket}-{due.tries}"
        self._under_way[id] = due
        request = DialRequest(
            id, f"Local/{due.phone}@{self.settings.dialplan}/n", CONTEXT, due.phone,
            self.settings.rings,
        )  # fmt: skip
        self.log.event("call back", number=due.number, phone=masked(due.phone), tries=due.tries)
        if not self.dials(request):
            self._ended(id, "no Asterisk is up")

    def told(self, dialled: DialledCall) -> None:
        """What became of one that we dialled."""
        if dialled.id not in self._under_way:
            return
        if dialled.what == TALKS:
            self._talked.add(dialled.id)
        elif dialled.what == OVER:
            talked = dialled.id in self._talked
            self._talked.discard(dialled.id)
            self._ended(dialled.id, "talked" if talked else dialled.why or "no person answered")
        elif dialled.what != ANSWERED:
            self._ended(dialled.id, dialled.why)

    def _ended(self, id: str, outcome: str) -> None:
        due = self._under_way.pop(id)
        self.log.event("call back over", number=due.number, tries=due.tries, outcome=outcome)
        in_thread(self.reactor, self._settle, due.ticket, outcome).addErrback(self._failed)

    def _settle(self, ticket: int, outcome: str) -> None:
        with self.store.transaction() as connection:
            settle(connection, self.store.seal, ticket, outcome, int(self.wall()))

    def _failed(self, failure: Failure) -> None:
        """What was taken is tried again after its time."""
        self.log.event("calls back not looked at", error=failure.value)
