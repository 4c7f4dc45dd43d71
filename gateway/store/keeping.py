"""commands.model.tickets: strikes, random codes, cards, tickets, preferences."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, update

from commands.model.credentials import SentRandomCode
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from commands.model.tickets import ClosedTicket, Ticket
from gateway.model.message_id import spoken_number
from gateway.security.encryption import Seal
from gateway.store.tables import cards, codes, preferences, strikes, tickets


class SqlStrikes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, kind: str, key: str, since: int) -> int:
        query = select(func.count()).select_from(strikes)
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        found = self._connection.execute(query.where(mine, strikes.c.struck_at > since)).scalar()
        return int(found or 0)

    def last(self, kind: str, key: str) -> int:
        query = select(func.max(strikes.c.struck_at))
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        return int(self._connection.execute(query.where(mine)).scalar() or 0)

    def add(self, kind: str, key: str, now: int) -> None:
        row = {"kind": kind, "struck": key, "struck_at": now}
        self._connection.execute(insert(strikes), row)

    def clear(self, kind: str, key: str) -> None:
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        self._connection.execute(delete(strikes).where(mine))


class SqlCodes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sent(self, msisdn: str) -> SentRandomCode | None:
        columns = codes.c
        query = select(columns.action, columns.code_mark, columns.sent_at, columns.wrong)
        row = self._connection.execute(query.where(columns.msisdn == int(msisdn))).first()
        return SentRandomCode(*row) if row else None

    def keep(self, msisdn: str, code: SentRandomCode) -> None:
        self.forget(msisdn)
        row = {
            "msisdn": int(msisdn),
            "action": code.action,
            "code_mark": code.mark,
            "sent_at": code.sent_at,
            "wrong": code.wrong,
        }
        self._connection.execute(insert(codes), row)

    def forget(self, msisdn: str) -> None:
        self._connection.execute(delete(codes).where(codes.c.msisdn == int(msisdn)))


class SqlCards:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def find(self, secret: Secret) -> RechargeCard | None:
        query = select(cards.c.face_fen, cards.c.state)
        mine = cards.c.secret_mark == card_mark(self._seal, secret)
        row = self._connection.execute(query.where(mine)).first()
        return RechargeCard(*row) if row else None

    def by_serial(self, serial: str) -> RechargeCard | None:
        query = select(cards.c.face_fen, cards.c.state).where(cards.c.serial == serial)
        row = self._connection.execute(query).first() if serial else None
        return RechargeCard(*row) if row else None

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        good = (cards.c.secret_mark == card_mark(self._seal, secret)) & (cards.c.state == "good")
        used = {"state": "used", "used_by": int(msisdn), "used_at": now}
        return self._connection.execute(update(cards).where(good).values(used)).rowcount == 1


def card_mark(seal: Seal, secret: Secret) -> str:
    return seal.mark("card", secret.reveal())


class SqlTickets:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "",
    ) -> Ticket:  # fmt: skip
        number = spoken_number(id)
        row = {"id": id, "number": number, "kind": kind, "phone": int(phone or 0), "opened_at": now}
        sealed = self._seal.seal(content) if content else None
        if self._connection.execute(select(tickets.c.id).where(tickets.c.id == id)).first() is None:
            more = {"due_at": due_at, "content_sealed": sealed, "recording": recording}
            self._connection.execute(insert(tickets), row | more)
        return Ticket(number, kind, "open", now, due_at)

    def find(self, phone: str, number: str) -> Ticket | None:
        return self._first(tickets.c.number == number, phone)

    def latest(self, phone: str) -> Ticket | None:
        return self._first(tickets.c.id > 0, phone)

    def close(self, number: str, result: str) -> ClosedTicket | None:
        mine = (tickets.c.number == number) & (tickets.c.state != "done")
        closed = update(tickets).where(mine).values(state="done", result=result)
        if self._connection.execute(closed).rowcount != 1:
            return None
        query = select(tickets.c.phone).where(tickets.c.number == number)
        phone = str(self._connection.execute(query).scalar_one())
        ticket = self.find(phone, number)
        assert ticket is not None  # it has just been closed
        return ClosedTicket(phone, ticket)

    def _first(self, condition: object, phone: str) -> Ticket | None:
        columns = tickets.c
        query = (
            select(
                columns.number,
                columns.kind,
                columns.state,
                columns.opened_at,
                columns.due_at,
                columns.result,
            )
            .where(columns.phone == int(phone), condition)  # type: ignore[arg-type]
            .order_by(columns.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return Ticket(*row) if row else None


class SqlPreferences:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdn: str, name: str) -> str:
        columns = preferences.c
        query = (
            select(columns.value)
            .where(columns.msisdn == int(msisdn), columns.name == name)
            .order_by(columns.id.desc())
            .limit(1)
        )
        return self._connection.execute(query).scalar() or ""

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None:
        row = {"msisdn": int(msisdn), "name": name, "value": value, "interface": interface}
        self._connection.execute(insert(preferences), row | {"said_at": now})
