"""Joining those that serve a store already: each of them must know of us before we serve."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.task import deferLater

from gateway.cluster.identity import described
from gateway.cluster.membership import LOOK, PATIENCE, Membership
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.store.connection import StoreFailure
from gateway.store.members import NoSlot
from gateway.store.outage import named
from gateway.store.store import StoreProblem

SAID_AFTER = 4.0  # seconds of waiting after which the log tells for whom


async def joined(
    membership: Membership, reactor: IHallReactor, log: Log, go_on: Callable[[], None]
) -> None:
    """Returns when this gateway may serve. Raises StoreProblem. Who says nothing is waited for: he
    may have died elsewhere. `go_on` is called again and again, and may raise."""
    began, told = membership.clock(), False
    await in_thread(reactor, _problem, membership.join)
    while silent := membership.silent():
        go_on()
        if not told and membership.clock() - began >= SAID_AFTER:
            told = True
            log.event("waiting for another gateway", who=described(silent[0]), at_most=PATIENCE)
        await deferLater(reactor, LOOK / 2)
        await in_thread(reactor, _problem, membership.step)
        if membership.is_lost:
            raise StoreProblem("others took this gateway for dead while it began: start it again")
    membership.start()
    log.event("member", slot=membership.own, serves=True)


def _problem(step: Callable[[], None]) -> None:
    try:
        step()
    except NoSlot:
        raise StoreProblem("as many gateways serve it as can") from None
    except StoreFailure as error:
        raise StoreProblem(f"it does not answer: {named(error)}") from error
