"""The lane for long work: errands are taken from the store, run at the BOSS in threads of their
own, and settled at the desk.

due ─▶ fetch what the BOSS has ─▶ plan at the desk ─▶ ask the BOSS ─▶ settle at the desk
          ▲                                              │ it has moved
          └──────────────────────────────────────────────┘
A crash anywhere leaves the errand in the store: without a plan it begins anew, with one the BOSS is
asked for the same under the same key, and does it once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool

from commands.model.boss_jobs import BossJob
from commands.model.request import Secret
from gateway.boss.circuit_breaker import BreakerState
from gateway.boss.client import Boss, BossAway, BossMoved, BossRefused
from gateway.boss.ports import SeenRecords
from gateway.config.settings import BossSettings
from gateway.delivery.outbox import Outbox
from gateway.model.hall_reactor import IHallReactor
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log, masked
from gateway.ops.metrics import Metrics
from gateway.serving.boss_work import (
    DONE,
    DROPPED,
    REFUSED,
    Due,
    DueErrands,
    PlanErrand,
    PutOff,
    SettleErrand,
    Settlement,
)
from gateway.serving.desk import Unavailable
from gateway.serving.work import HallDesk, HallJob
from gateway.store.ports.boss_jobs import ErrandPlan, KeptErrand

CLOSED: Final = BreakerState.CLOSED
LOOK_EVERY: Final = 1.0  # seconds between looks for errands that were put off
LONGEST_WAIT: Final = 60  # seconds until an errand that failed often is tried again
MOVES: Final = 5  # times that we look again at once, when somebody else changed the same


class BossLane:
    def __init__(
        self,
        reactor: IHallReactor,
        wall: Callable[[], float],
        desk: HallDesk,
        ids: MessageIds,
        outbox: Outbox,
        boss: Boss,
        settings: BossSettings,
        counts: Metrics,
        log: Log,
    ) -> None:
        self._reactor = reactor
        self._wall = wall
        self._desk = desk
        self._ids = ids
        self._outbox = outbox
        self.boss = boss
        self._settings = settings
        self._counts = counts
        self._log = log
        self._pool = ThreadPool(0, settings.at_once, "boss")
        self._running: dict[int, Deferred[None]] = {}
        self._looking = False
        self._again = False  # something was placed while we looked
        self._open = False
        self.holds: Callable[[], bool] = lambda: True
        """Whether this gateway is the one that asks the BOSS."""
        self._repeat = LoopingCall(self.look)
        self._repeat.clock = reactor
        self.depth = 0  # errands that are not settled, when we last looked

    def start(self) -> None:
        self._open = True
        self._pool.start()
        self._repeat.start(LOOK_EVERY)

    async def stop(self) -> None:
        """The call that is on its way is finished, within its time limit; the rest stays in the
        store."""
        self._open = False
        self.boss.hurry()
        self._repeat.stop()
        await DeferredList(list(self._running.values()))
        self._pool.stop()
        self.boss.close()

    def reasons(self) -> list[str]:
        """Why not all that is asked for can be done."""
        return ["the BOSS does not answer"] if self.boss.breaker.state is not CLOSED else []

    def look(self) -> None:
        """Take up what can be run, as far as there is room."""
        if not (self._open and self.holds()) or len(self._running) >= self._settings.at_once:
            return
        if self._looking:
            self._again = True
            return
        self._looking = True
        limit = 2 * self._settings.at_once
        self._desk.put([HallJob(DueErrands(int(self._wall()), limit), "", self._found)])

    def _found(self, due: object) -> None:
        self._looking = False
        if not isinstance(due, Due):
            return  # the store is away; it is looked again in a moment
        self.depth = due.depth
        if self.boss.rests():
            return
        for kept in due.errands:
            if self._open and len(self._running) < self._settings.at_once:
                self._begin(kept)
        if self._again:
            self._again = False
            self.look()

    def _begin(self, kept: KeptErrand) -> None:
        id = kept.errand.id
        if id in self._running:
            return
        self._running[id] = Deferred.fromCoroutine(self._run(kept))
        self._running[id].addErrback(self._failed, id).addCallback(self._ended, id)

    def _ended(self, _: object, id: int) -> None:
        del self._running[id]
        self.look()

    def _failed(self, failure: Failure, id: int) -> None:
        """The store is away: the errand is where it was. Or something is wrong with us."""
        if failure.check(Unavailable) is None:
            self._log.event("errand failed", id=id, error=failure.value)

    # -- one errand --------------------------------------------------------------------------------

    async def _run(self, kept: KeptErrand) -> None:
        errand, plan = kept.errand, kept.plan
        try:
            for _ in range(MOVES):
                if plan is None:
                    planned = await self._planned(kept)
                    if isinstance(planned, Settlement):
                        return self._over(errand, planned)
                    plan = planned
                try:
                    return self._over(errand, await self._asked(errand, plan))
                except BossMoved:
                    plan = None
            await self._not_now(kept, "somebody else is always quicker", begun=False)
        except BossAway as away:
            await self._not_now(kept, str(away), begun=plan is not None)
        except Unavailable:
            raise
        except Exception as error:  # ours: at once it would be no different
            self._log.event("errand failed", id=errand.id, error=error)
            await self._not_now(kept, "something is wrong with us", begun=plan is not None)

    async def _asked(self, errand: BossJob, plan: ErrandPlan) -> Settlement:
        """Raises BossAway or BossMoved."""
        try:
            await self._thread(self.boss.make, str(errand.id), plan.seen, plan.changes)
        except BossRefused as refused:
            self._log.event("errand refused", id=errand.id, reason=str(refused))
            return await self._settled(errand, REFUSED)
        return await self._settled(errand, DONE)

    async def _planned(self, kept: KeptErrand) -> ErrandPlan | Settlement:
        seen = await self._thread(self._fetch, kept.errand)
        work = PlanErrand(kept, seen, self._ids.next(), int(self._wall()))
        planned = await self._desk.ask(work, kept.errand.phone)
        assert isinstance(planned, ErrandPlan | Settlement)
        return planned

    def _fetch(self, errand: BossJob) -> SeenRecords:
        """In a thread: everything that the command will want to know."""
        if isinstance(serial := errand.args.get("serial"), str):
            card = self.boss.card_by_serial(serial)
            return SeenRecords({}, serials={serial: card} if card else {})
        found = self.boss.subscriber(errand.subject)
        secrets = [value for value in errand.args.values() if isinstance(value, Secret)]
        cards = {secret: self.boss.card(secret) for secret in secrets}
        return SeenRecords(
            {errand.subject: found} if found else {},
            {secret: card for secret, card in cards.items() if card is not None},
        )

    async def _settled(self, errand: BossJob, result: str) -> Settlement:
        work = SettleErrand(errand, result, self._ids.next(), int(self._wall()))
        settled = await self._desk.ask(work, errand.phone)
        assert isinstance(settled, Settlement)
        return settled

    async def _not_now(self, kept: KeptErrand, why: str, *, begun: bool) -> None:
        """Later, or never: but what the BOSS was asked to do may be done, and must be found out."""
        errand, now = kept.errand, int(self._wall())
        if not begun and now - errand.placed_at > self._settings.give_up:
            self._over(errand, await self._settled(errand, DROPPED))
            return
        until = now + min(LONGEST_WAIT, 2**kept.tries)
        self._log.event("errand put off", id=errand.id, tries=kept.tries + 1, reason=why)
        await self._desk.ask(PutOff(errand.id, until), errand.phone)

    def _over(self, errand: BossJob, settlement: Settlement) -> None:
        self._counts.errands[errand.action, settlement.result] += 1
        self._log.event(
            "errand",
            id=errand.id,
            phone=masked(errand.phone),
            action=errand.action,
            result=settlement.result,
        )
        if settlement.answers:
            self._outbox.add(settlement.answers)
        else:
            self._outbox.look()

    def _thread(self, function: Callable[..., Any], *args: Any) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._pool, function, *args)
