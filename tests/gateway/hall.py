"""A counter with the project's own conf, and the sample's subscribers in a real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TypeVar

import orjson
from sqlalchemy import ColumnElement, Table, select

from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.model.cluster_view import ClusterView, Member
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    LoadOutbox,
    OutgoingMessage,
    PeerHasRead,
    SendOutcome,
    SendOutcomes,
    ShortMessage,
    SubscriberInput,
    UssdInput,
)
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.work import DeskWork, Served, WorkResult
from gateway.store.retention import Retention
from gateway.store.sample.people import put_personas
from gateway.store.sessions import Sessions, StoreSessions
from gateway.store.store import Store
from gateway.store.tables import inbox
from tests.commands.fakes import own_sample
from tests.gateway.messages import NOON, ZHANG, Mailbag

HORIZON = 3_600
Again = TypeVar("Again", ShortMessage, UssdInput)


@cache
def own_book() -> HallSnapshot:
    """The project's own conf/."""
    return open_snapshot(Settings())


class Lone:
    """gateway.model.cluster_view.Member: a gateway that has the store for itself, or has lost
    it."""

    def __init__(self, view: ClusterView | None = None) -> None:
        self.view = view or ClusterView()
        self.ours = True

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        yield self.view

    def holds(self, _connection: object, _view: ClusterView, _used: frozenset[int]) -> bool:
        return self.ours


class Office:
    """A gateway without its doors: messages come from a bag, and are served in batches. One
    `beside` another serves the same store at the same time."""

    link = "smsc-a"

    def __init__(
        self,
        store: Store,
        *,
        sessions: Sessions | None = None,
        queries_per_hour: int = 0,
        member: Member | None = None,
        beside: Office | None = None,
    ) -> None:
        self.store = store
        self._member = member or Lone()
        self.copy: int = 0 if beside is None else beside.copy + 1
        self.view = ClusterView(0, self.copy, {self.copy: 1}, alone=beside is None)
        self.bag: Mailbag = Mailbag(self.copy, beside.bag if beside else None)
        self.smscs = SmscGroups({self.link: "east"})
        self.sessions = sessions or StoreSessions()
        self.quota = HourlyQuota(queries_per_hour)
        self.counts = Metrics()
        self._lines = BytesIO()
        if beside is None:
            put_personas(store, own_sample().personas, int(NOON))
        else:
            beside.stands_alone(alone=False)
        self.counter = self._opened()
        self.bind = self.begin()

    def _opened(self) -> BatchServer:
        return BatchServer(
            self.store,
            self.sessions,
            EditionsInForce(own_book()),
            self.quota,
            SystemRandomDigits(),
            Redelivery(HORIZON, lambda: self.bag.now, self.smscs, self),
            Retention(),
            self.counts,
            Log(self._lines),
            self._member,
            wall=lambda: self.bag.now,
        )

    def stands_alone(self, *, alone: bool) -> None:
        """Another gateway has come, or the last other has gone."""
        self.view = self.view._replace(number=self.view.number + 1, alone=alone)

    # -- a day at the office ---------------------------------------------------------------------

    def serve(self, *batch: DeskWork) -> list[WorkResult]:
        """One batch."""
        return list(self.counter.serve(batch))

    def answers(self, message: SubscriberInput) -> list[OutgoingMessage]:
        """What is said to a message, served alone."""
        (served,) = self.serve(message)
        assert isinstance(served, Served)
        return list(served.answers)

    def arrived(self, text: str = "YE", phone: str = ZHANG, **more: object) -> ShortMessage:
        """By the bind that is up."""
        return self.bag.arrived(text, phone, **{"bind": self.bind, "link": self.link} | more)  # type: ignore[arg-type]

    def hears(self, text: str, phone: str = ZHANG) -> str:
        """The words of the only answer to a text; empty for silence. What asks for a confirm is
        taken by the SMSC at once."""
        answers = self.answers(self.arrived(text, phone))
        self.take([answer for answer in answers if answer.asks_for])
        return "".join(answer.text for answer in answers)

    def take(self, messages: Sequence[OutgoingMessage]) -> None:
        """The SMSC takes these."""
        now_ms = int(self.bag.now * 1000)
        self.serve(
            SendOutcomes(
                tuple(
                    SendOutcome(each.id, True, now_ms, each.link, asks_for=each.asks_for)
                    for each in messages
                )
            )
        )

    def deliver(self) -> list[OutgoingMessage]:
        """The SMSC takes everything that waits."""
        now_ms = int(self.bag.now * 1000)
        (waiting,) = self.serve(LoadOutbox(1_000, now_ms))
        assert isinstance(waiting, list)
        self.take(waiting)
        return waiting

    # -- the link and the house ------------------------------------------------------------------

    def begin(self) -> int:
        """A bind comes up."""
        bind = self.bag.id()
        self.serve(BindBegan(bind, self.link, self.smscs.of(self.link)))
        self.bag.now += 0.1
        return bind

    def lose(self, upto: int = 0) -> None:
        """The link is lost, proven up to an id, and comes back."""
        self.bag.now += 0.1
        self.serve(BindEnded(self.bind, max(upto, self.bind), int(self.bag.now * 1000)))
        self.bag.now += 0.1
        self.bind = self.begin()

    def prove(self, upto: int) -> None:
        self.serve(PeerHasRead(self.bind, upto))

    def crash(self) -> None:
        """Everything in memory is gone; it opens again a moment later."""
        self.bag.now += 0.5
        self.counter = self._opened()
        self.counter.remember_unproven()
        self.bag.now += 0.5
        self.bind = self.begin()

    def again(self, message: Again) -> Again:
        """The same message, sent again by the bind that is up."""
        return message._replace(id=self.bag.id(), bind=self.bind, link=self.link)

    # -- looking behind the counter --------------------------------------------------------------

    def rows(self, table: Table, *conditions: ColumnElement[bool]) -> Sequence[dict[str, object]]:
        with self.store.transaction() as connection:
            query = select(table).where(*conditions).order_by(*table.primary_key)
            found = connection.execute(query).all()
        return [dict(row._mapping) for row in found]

    def journal(self) -> list[tuple[object, object]]:
        """Action and result of each message, in the order in which they came."""
        return [(row["action"], row["result"]) for row in self.rows(inbox)]

    def log(self) -> list[dict[str, object]]:
        return [orjson.loads(line) for line in self._lines.getvalue().splitlines()]

    def log_text(self) -> str:
        return self._lines.getvalue().decode()
