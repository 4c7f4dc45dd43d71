"""Runs of the model with two gateways, said to real members, desks and outboxes on one real store.

What the model asks of the peers is done by the test: the SMSC takes the message that the model
says, from the gateway that it says; the real outbox must have that one to send next. Slots may
differ: the real gateway frees an empty one as soon as it looks.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import ColumnElement, TextClause, select
from twisted.internet.task import Clock

from gateway.cluster.membership import Membership
from gateway.delivery.outbox import Outbox
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.model.message_id import MessageIds
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    LoadHanded,
    LoadOutbox,
    PeerHasRead,
    SendOutcome,
    SendOutcomes,
    ShortMessage,
)
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.work import DeskWork, Served, WorkResult
from gateway.store.members import Joining
from gateway.store.retention import Retention
from gateway.store.sample.people import put_personas
from gateway.store.sessions import StoreSessions
from gateway.store.store import Store
from gateway.store.tables import WAITING, inbox, outbox
from gateway.wiring import share
from tests.commands.fakes import own_sample
from tests.gateway.delivery.binds import MARKS, FakeRoute
from tests.gateway.hall import HORIZON, own_book
from tests.gateway.messages import NOON, Mailbag
from tests.model.replay import NO_ROW, Does, Replay

NAME = "from gateway.cluster.identity import holder; print(holder('x'), flush=True); input()"
LINK = "smsc-a"
MANY = 100
TEXTS = ("YE", "CXTC", "CXLL")
"""What the model's messages say: each something else."""


class Life:
    """A gateway from its start to its end: all that it has in memory. A process of its own lends it
    the name, so that others see when it is dead."""

    def __init__(self, store: Store, wall: Callable[[], float]) -> None:
        self.wall = wall
        self._process = subprocess.Popen(
            [sys.executable, "-c", NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        name = self._process.stdout.readline().strip()
        self.member = Membership(store, Joining(name, "1", 0), Log(BytesIO()), wall, wall)
        self.bound = False
        self.member.sends = lambda: self.bound
        self.bind = self.upto = 0
        self.arrived: dict[int, ShortMessage] = {}  # the copy of a message that lies here
        self.ended: dict[int, SendOutcome] = {}  # taken, and not kept as such
        self._asked: list[int] = []  # for so many the outbox has asked
        smscs = SmscGroups({LINK: "east"})
        self.desk = BatchServer(
            store, StoreSessions(), EditionsInForce(own_book()), HourlyQuota(0),
            SystemRandomDigits(), Redelivery(HORIZON, wall, smscs, self.member), Retention(),
            Metrics(), Log(BytesIO()), self.member, sends=lambda: self.bound,
        )  # fmt: skip
        self.outbox = Outbox(
            Clock(), wall, lambda one, _: self.ended.update({one.id: one}),
            lambda limit, _: self._asked.append(limit), MARKS,
        )  # fmt: skip
        self.outbox.may_send = self.member.ours
        self.route = FakeRoute(LINK, window=0)
        at_once = SimpleNamespace(callFromThread=lambda act, *facts: act(*facts))
        share(self.member, cast(Any, at_once), self.outbox, self.desk, cast(Any, None))

    def joins(self) -> None:
        self.member.join()
        self.ids = MessageIds(self.member.own, self.wall, after=self.member._store.newest_id())
        self.desk.remember_unproven()
        self.outbox.start()

    def serve(self, *works: DeskWork) -> list[WorkResult]:
        return list(self.desk.serve(works))

    def reads(self) -> None:
        """All that waits in its slots, and what others wrote there."""
        (handed,) = self.serve(LoadHanded(MANY))
        self.outbox.add(cast(Any, handed))
        while self._asked:
            limit = self._asked.pop()
            (found,) = self.serve(LoadOutbox(limit, int(self.wall() * 1000)))
            self.outbox.loaded(cast(Any, found), limit)

    def binds(self) -> None:
        self.bind = self.upto = self.ids.next()
        self.bound = True
        self.route = FakeRoute(LINK, window=0)
        self.outbox.attach(self.route)
        self.serve(BindBegan(self.bind, LINK, "east"))

    def learns(self) -> None:
        """That its bind has gone."""
        self.bound = False
        lost, self.route.in_flight = self.route.in_flight, []
        self.outbox.detach(self.route, lost)

    def notes_end(self) -> None:
        self.serve(BindEnded(self.bind, self.upto, int(self.wall() * 1000)))

    def sends(self) -> int:
        """What its outbox has to send next."""
        self.route.window = len(self.route.in_flight) + 1
        self.outbox.pump()
        self.route.window = 0
        assert self.route.in_flight, "it has nothing to send"
        return self.route.in_flight[-1].delivery.message.id

    def taken(self, id: int) -> None:
        (place,) = [
            n for n, part in enumerate(self.route.in_flight) if part.delivery.message.id == id
        ]
        self.route.answer(self.outbox, place=place)

    def ends(self) -> None:
        self._process.kill()
        self._process.communicate()


class TwoGatewaysReplay(Replay):
    """Joining, looking, leaving, crashes, takeovers and lost binds."""

    # answers are written at once, or not at all; who waits asks again; `leave` drains as well
    no_deed = ("answer", "refused", "wait", "waited", "note", "lose_bind", "drain", "calm")

    def __init__(self, store: Store) -> None:
        self.store = store
        self.bag = Mailbag()
        self.lives: dict[int, Life] = {}
        self.rows: dict[int, int] = {}  # ids by the model's number
        self.sent: list[int] = []  # the model's numbers, in which order the SMSC got them
        self.does: Mapping[str, Does] = {
            "join": self._join,
            "serve": self._serve,
            "look": self._look,
            "beat": self._look,
            "take_over": self._look,
            "free": self._look,
            "leave": self._leave,
            "crash": self._crash,
            "bind_ended": self._bind_ended,
            "note_end": self._note_end,
            "bind": self._bind,
            "arrive": self._arrive,
            "commit": self._commit,
            "prove": self._prove,
            "load": self._load,
            "send": self._send,
            "taken": self._taken,
            "settle": self._settle,
            "end": self._end,
        }
        put_personas(store, own_sample().personas, int(NOON))
        self._join({"g": 0})
        self._serve({"g": 0})

    def end(self) -> None:
        for life in self.lives.values():
            life.ends()

    # -- members ---------------------------------------------------------------------------------

    def _join(self, about: Mapping[str, int]) -> None:
        self.bag.now += 0.5
        life = self.lives[about["g"]] = Life(self.store, lambda: self.bag.now)
        life.joins()

    def _serve(self, about: Mapping[str, int]) -> None:
        """The others know of it."""
        life = self.lives[about["g"]]
        life.member.step()
        assert life.member.silent() == []
        life.reads()
        life.binds()

    def _look(self, about: Mapping[str, int]) -> None:
        life = self.lives[about["g"]]
        life.member.step()
        life.member.step()  # what it has taken up is its own from then on

    def _leave(self, about: Mapping[str, int]) -> None:
        life = self.lives.pop(about["g"])
        life.member.retire()
        if life.bound:
            life.learns()
            life.notes_end()
        life.member.leave()
        life.ends()

    def _crash(self, about: Mapping[str, int]) -> None:
        self.bag.now += 0.5
        self.lives.pop(about["g"]).ends()

    def _bind_ended(self, about: Mapping[str, int]) -> None:
        self.lives[about["g"]].learns()

    def _note_end(self, about: Mapping[str, int]) -> None:
        self.bag.now += 0.1
        self.lives[about["g"]].notes_end()
        self.bag.now += 0.1

    def _bind(self, about: Mapping[str, int]) -> None:
        self.lives[about["g"]].binds()

    # -- messages --------------------------------------------------------------------------------

    def _arrive(self, about: Mapping[str, int]) -> None:
        self.bag.now += 0.3
        life = self.lives[about["g"]]
        message = self.bag.arrived(TEXTS[about["m"]], bind=life.bind, link=LINK)
        life.arrived[about["m"]] = message._replace(id=life.ids.next())

    def _commit(self, about: Mapping[str, int]) -> None:
        """The model says whether there is a new reply; the real desk must say the same."""
        life = self.lives[about["g"]]
        if not self._unread(life):  # the model knows no reading that finds nothing
            life.reads()
        (served,) = life.serve(life.arrived[about["m"]])
        assert isinstance(served, Served), served
        new = set(self._rows()) - set(self.rows.values())
        assert len(new) == (about["row"] != NO_ROW), (about, new)
        if new:
            (self.rows[about["row"]],) = new
        life.outbox.add(served.answers)

    def _unread(self, life: Life) -> list[int]:
        waiting = self._rows(WAITING, outbox.c.owner.in_(life.member.slots))
        return [id for id in waiting if id not in life.outbox._known]

    def _rows(self, *conditions: ColumnElement[bool] | TextClause) -> list[int]:
        with self.store.reading() as connection:
            query = select(outbox.c.id).where(*conditions)
            return [int(id) for id in connection.execute(query).scalars()]

    def _prove(self, about: Mapping[str, int]) -> None:
        life = self.lives[about["g"]]
        life.upto = max(life.upto, life.arrived[about["m"]].id)
        life.serve(PeerHasRead(life.bind, life.upto))

    # -- what leaves -----------------------------------------------------------------------------

    def _load(self, about: Mapping[str, int]) -> None:
        self.lives[about["g"]].reads()

    def _send(self, about: Mapping[str, int]) -> None:
        life = self.lives[about["g"]]
        assert life.sends() == self.rows[about["row"]], about
        self.sent.append(about["row"])

    def _taken(self, about: Mapping[str, int]) -> None:
        self.lives[about["g"]].taken(self.rows[about["row"]])

    def _settle(self, about: Mapping[str, int]) -> None:
        life = self.lives[about["g"]]
        outcome = life.ended.pop(self.rows[about["row"]])
        life.serve(SendOutcomes((outcome,)))
        life.outbox.kept(outcome)

    def _end(self, _about: Mapping[str, int]) -> None:
        """Each message had its effect once, the SMSC got each reply in the order of the turns, and
        nothing waits any more; if anybody is there."""
        if not any(life.bound for life in self.lives.values()):
            return
        assert not self._rows(WAITING)
        first = list(dict.fromkeys(self.sent))
        assert first == sorted(self.rows)
        with self.store.reading() as connection:
            new = connection.execute(select(inbox.c.action).where(inbox.c.same_as == 0)).scalars()
            assert len(set(served := list(new))) == len(served)
