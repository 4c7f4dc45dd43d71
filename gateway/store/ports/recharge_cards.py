"""commands.model.recharge_cards: cards by the marks of their numbers."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from gateway.security.encryption import Seal
from gateway.store.tables import cards


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
