"""What other interfaces asked for: once for each idempotency key, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select, update

from gateway.model import doors
from gateway.model.doors import DoorAnswer, DoorRequest
from gateway.security.encryption import Seal
from gateway.store.tables import door_requests, errands, orders


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """`answer` as it stands now; without words, when they are kept no longer."""

    id: int
    mark: str
    action: str
    subject: str
    operator: str
    order: int
    answer: DoorAnswer


class SqlDoorRequests:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def keep(self, request: DoorRequest, order: int, answer: DoorAnswer, kept_until: int) -> None:
        """Raises RowExists if the same key is being used at this moment."""
        message = request.message
        row = {
            "id": message.id,
            "interface": message.interface,
            "operator": request.operator,
            "key_mark": request.key,
            "request_mark": request.mark,
            "action": request.action,
            "subject": int(message.phone),
            "state": answer.state,
            "order_id": order,
            "until_at": answer.until,
            "answer_sealed": self._sealed(answer),
            "kept_until": kept_until,
        }
        self._connection.execute(insert(door_requests), row)

    def change(self, id: int, answer: DoorAnswer, kept_until: int) -> None:
        """What has become of it."""
        values = {
            "state": answer.state,
            "until_at": 0,
            "answer_sealed": self._sealed(answer),
            "kept_until": kept_until,
        }
        mine = door_requests.c.id == id
        self._connection.execute(update(door_requests).where(mine).values(values))

    def by_key(self, interface: str, key: str, now: int) -> KeptRequest | None:
        columns = door_requests.c
        return self._found((columns.interface == interface) & (columns.key_mark == key), now)

    def find(self, interface: str, id: int, now: int) -> KeptRequest | None:
        """One's own only."""
        columns = door_requests.c
        return self._found((columns.interface == interface) & (columns.id == id), now)

    def _found(self, mine: Any, now: int) -> KeptRequest | None:
        row = self._connection.execute(select(door_requests).where(mine)).first()
        if row is None:
            return None
        return KeptRequest(
            row.id,
            row.request_mark,
            row.action,
            str(row.subject),
            row.operator,
            row.order_id,
            self._as_it_stands(row, now),
        )

    def _as_it_stands(self, row: Row[Any], now: int) -> DoorAnswer:
        """What is answered now: what waits may have been answered, or done, since."""
        answer = DoorAnswer(row.id, row.action, row.state)
        if row.answer_sealed and row.kept_until > now:
            answer = DoorAnswer(**orjson.loads(self._seal.open(row.answer_sealed)))
        state = row.state
        if state in (doors.WAITING, doors.PROPOSED):
            state = self._of_order(row.order_id, row.until_at, now) or state
        if state == doors.ACCEPTED:
            state = self._of_errand(row.order_id or row.id)
        if state == answer.state:
            return answer
        return replace(answer, state=state, code="", words="", replies=(), needs="", until=0)

    def _of_order(self, order: int, until: int, now: int) -> str:
        """Empty: it waits."""
        columns = orders.c
        query = select(columns.state, columns.outcome).where(columns.id == order)
        row = self._connection.execute(query).first()
        if row is None or row.state == "waiting":
            return doors.EXPIRED if until <= now else ""
        if row.state == "declined":
            return doors.DECLINED
        return _ENDS.get(row.outcome, doors.DONE)

    def _of_errand(self, id: int) -> str:
        query = select(errands.c.settled_at, errands.c.result).where(errands.c.id == id)
        row = self._connection.execute(query).first()
        if row is None or not row.settled_at:
            return doors.ACCEPTED
        return doors.DONE if row.result == "done" else doors.REFUSED

    def _sealed(self, answer: DoorAnswer) -> bytes:
        return self._seal.seal(orjson.dumps(asdict(answer)).decode())


_ENDS = {"ok": doors.DONE, "refused": doors.REFUSED, "accepted": doors.ACCEPTED}
