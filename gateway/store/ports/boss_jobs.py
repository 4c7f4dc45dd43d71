"""commands.model.boss_jobs.BossJobs: what was accepted for the BOSS to do, until its result
is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, exists, func, insert, select, update

from commands.model.boss_jobs import BossJob
from commands.model.request import Channel
from gateway.model.address import Address
from gateway.model.boss_changes import BossChange, read, written
from gateway.model.message_id import spoken_number
from gateway.model.reply_route import ReplyRoute
from gateway.model.reply_text import ReplyText
from gateway.security.encryption import Seal
from gateway.store.ports.orders import packed, unpacked
from gateway.store.tables import UNSETTLED, errands


@dataclass(frozen=True, slots=True)
class ErrandPlan:
    """What the BOSS is asked: these changes, if it still stands as it was seen."""

    seen: Mapping[str, int]  # versions by number
    changes: Sequence[BossChange]


@dataclass(frozen=True, slots=True)
class KeptErrand:
    """An errand as it stands. Without a plan, nobody has asked the BOSS to do anything yet."""

    errand: BossJob
    tries: int
    plan: ErrandPlan | None
    edition: str = ""
    way: ReplyRoute | None = None  # to whoever asked


Taken = tuple[ErrandPlan | None, list[ReplyText], ReplyRoute | None]
"""What was planned, what is said of it, and how."""


class SqlErrands:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal
        self._placed: list[int] = []

    def waiting(self, phone: str, action: str) -> bool:
        if not phone:  # withheld numbers are not one and the same
            return False
        columns = errands.c
        mine = (columns.phone == int(phone)) & (columns.action == action)
        found = select(columns.id).where(UNSETTLED, mine).limit(1)
        return self._connection.execute(found).first() is not None

    def place(self, errand: BossJob) -> str:
        self._connection.execute(
            insert(errands),
            {
                "id": errand.id,
                "action": errand.action,
                "phone": int(errand.phone or 0),
                "subject": int(errand.subject),
                "args_sealed": self._seal.seal(packed(errand.args)),
                "channel": errand.channel.value,
                "interface": errand.interface,
                "level": errand.level,
                "asserted": errand.asserted,
                "placed_at": errand.placed_at,
            },
        )
        self._placed.append(errand.id)
        return spoken_number(errand.id)

    def placed_now(self) -> list[int]:
        """Those of this transaction that have not been named here before."""
        placed, self._placed = self._placed, []
        return placed

    def address(self, id: int, route: ReplyRoute, edition: str = "") -> None:
        """How its result leaves, and by which edition it was asked for."""
        source, whom = str(route.source), str(route.destination) if route.destination else ""
        self._update(id, link=route.link, source=source, destination=whom, edition=edition)

    def due(self, now: int, limit: int) -> list[KeptErrand]:
        """Oldest first, and of each number only its oldest: what is asked for one after the other
        is done one after the other."""
        columns, older = errands.c, errands.alias()
        earlier = exists().where(
            older.c.settled_at == 0, older.c.subject == columns.subject, older.c.id < columns.id
        )
        query = select(errands).where(_OPEN, columns.retry_at <= now, ~earlier)
        rows = self._connection.execute(query.order_by(columns.id).limit(limit))
        return [self._kept(row) for row in rows]

    def depth(self) -> int:
        """How many are not settled."""
        query = select(func.count()).select_from(errands).where(UNSETTLED)
        return self._connection.execute(query).scalar_one()

    def plan(self, id: int, plan: ErrandPlan, letters: Sequence[ReplyText]) -> None:
        changes = [written(change) for change in plan.changes]
        asked = orjson.dumps({"seen": plan.seen, "changes": changes}).decode()
        said = orjson.dumps([list(letter) for letter in letters]).decode()
        self._update(id, plan_sealed=self._seal.seal(asked), said_sealed=self._seal.seal(said))

    def put_off(self, id: int, until: int) -> None:
        self._update(id, tries=errands.c.tries + 1, retry_at=until)

    def settle(self, id: int, result: str, now: int, message: int) -> Taken | None:
        """Take it, once; None if it is settled already. Its secrets are forgotten. `message`: the
        id under which the result leaves."""
        row = self._connection.execute(select(errands).where(errands.c.id == id)).first()
        mine = (errands.c.id == id) & _OPEN
        over = {"settled_at": now, "result": result, "told_as": message}
        wiped = {"args_sealed": None, "plan_sealed": None, "said_sealed": None}
        settled = self._connection.execute(update(errands).where(mine).values(over | wiped))
        if row is None or settled.rowcount != 1:
            return None
        said = orjson.loads(self._seal.open(row.said_sealed)) if row.said_sealed else []
        letters = [ReplyText(*letter) for letter in said]
        return self._plan(row), letters, _route(row)

    def _update(self, id: int, **values: object) -> None:
        mine = (errands.c.id == id) & _OPEN
        self._connection.execute(update(errands).where(mine).values(values))

    def _kept(self, row: Row[Any]) -> KeptErrand:
        errand = BossJob(
            row.id,
            row.placed_at,
            row.action,
            str(row.subject),
            unpacked(self._seal.open(row.args_sealed)),
            row.level,
            str(row.phone or ""),
            row.asserted,
            Channel(row.channel),
            row.interface,
        )
        return KeptErrand(errand, row.tries, self._plan(row), row.edition, _route(row))

    def _plan(self, row: Row[Any]) -> ErrandPlan | None:
        if not row.plan_sealed:
            return None
        asked = orjson.loads(self._seal.open(row.plan_sealed))
        return ErrandPlan(asked["seen"], [read(change) for change in asked["changes"]])


def _route(row: Row[Any]) -> ReplyRoute | None:
    if not row.source:
        return None
    destination = Address.parse(row.destination) if row.destination else None
    return ReplyRoute(row.link, Address.parse(row.source), destination)


_OPEN = errands.c.settled_at == 0
