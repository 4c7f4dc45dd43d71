"""What does a desk's work in a process beside the gateways: the command line, the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from gateway.config.settings import Settings
from gateway.dialogue.snapshot import HallSnapshot, open_edition, open_snapshot
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.loading import OpensEdition
from gateway.model.cluster_view import SLOTS, ClusterView, Member
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.store.retention import DAY, Retention
from gateway.store.sessions import RedisSessions, StoreSessions
from gateway.store.store import Store

COPY: Final = SLOTS  # no gateway's, so that no id is given twice


class Outsider:
    """gateway.model.cluster_view.Member: a process that sends nothing itself. What it writes for a
    slot its holder finds in the store; if it has none by then, whoever takes it next."""

    own = 0  # the slot of the gateway that is to send

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        yield ClusterView(own=self.own, held={}, alone=False)

    def holds(self, _connection: object, _view: ClusterView, _used: frozenset[int]) -> bool:
        return True


class CounterReads(NamedTuple):
    """How what it serves from is read."""

    own: Callable[[Settings], HallSnapshot] = open_snapshot
    edition: OpensEdition = open_edition


AS_IT_IS: Final = CounterReads()


@contextmanager
def counter_beside(
    settings: Settings,
    store: Store,
    wall: Callable[[], float],
    log: Log,
    member: Member,
    placed: Callable[[], None] | None = None,
    reads: CounterReads = AS_IT_IS,
) -> Iterator[BatchServer]:
    """Beside gateways that run on the same store. `placed`: there is a BOSS; its lane looks by
    itself. Raises BadFile."""
    redis = settings.sessions.url != "store"
    sessions = RedisSessions(settings.sessions.url) if redis else StoreSessions()
    try:
        yield BatchServer(
            store,
            sessions,
            EditionFollower(store, wall, log, settings, *reads).begin(),
            HourlyQuota(settings.limits.queries_per_hour),
            SystemRandomDigits(),
            Redelivery(settings.limits.redelivery, wall, SmscGroups()),
            Retention(
                settings.retention.metadata_days * DAY, settings.retention.content_days * DAY
            ),
            Metrics(),
            log,
            member,
            message_lines=False,
            placed=placed,
            wall=wall,
        )
    finally:
        if isinstance(sessions, RedisSessions):
            sessions.close()
