"""Operators by their 工号, and what their logins are compared with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.model.operators.operators import Operator, OperatorSecrets, OperatorState
from gateway.security.encryption import Seal
from gateway.store.tables import operators

_SHOWN = (
    operators.c.number,
    operators.c.name,
    operators.c.role,
    operators.c.organisation,
    operators.c.state,
    operators.c.password_initial,
    operators.c.created_at,
    operators.c.changed_at,
)


class SqlOperators:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def all(self) -> list[Operator]:
        query = select(*_SHOWN).order_by(operators.c.number)
        return [_operator(row) for row in self._connection.execute(query)]

    def find(self, number: str) -> Operator | None:
        row = self._connection.execute(select(*_SHOWN).where(operators.c.number == number)).first()
        return _operator(row) if row else None

    def hold(self, numbers: Collection[str] = ()) -> None:
        """Nobody else changes these, or holds them, until the commit; without any, of all."""
        held = select(operators.c.number).order_by(operators.c.number).with_for_update()
        if numbers:
            held = held.where(operators.c.number.in_(numbers))
        self._connection.execute(held).all()

    def secrets(self, number: str) -> OperatorSecrets | None:
        columns = operators.c
        query = select(columns.password_hash, columns.totp_sealed, columns.totp_step)
        row = self._connection.execute(query.where(columns.number == number)).first()
        if row is None:
            return None
        totp = self._seal.open(row.totp_sealed) if row.totp_sealed else ""
        return OperatorSecrets(row.password_hash, totp, int(row.totp_step))

    def add(self, operator: Operator, secrets: OperatorSecrets) -> None:
        """Raises RowExists if the number is taken."""
        row = {
            "number": operator.number,
            "name": operator.name,
            "role": operator.role,
            "organisation": operator.organisation,
            "state": operator.state.value,
            "password_initial": operator.password_initial,
            "created_at": operator.created_at,
            "changed_at": operator.changed_at,
            "password_hash": secrets.password_hash,
            "totp_sealed": self._seal.seal(secrets.totp),
        }
        self._connection.execute(insert(operators), row)

    def set_state(self, number: str, state: OperatorState, now: int) -> None:
        self._change(number, state=state.value, changed_at=now)

    def set_role(self, number: str, role: str, now: int) -> None:
        self._change(number, role=role, changed_at=now)

    def set_password(self, number: str, password_hash: str, *, initial: bool) -> None:
        self._change(number, password_hash=password_hash, password_initial=initial)

    def set_totp(self, number: str, secret: str) -> None:
        self._change(number, totp_sealed=self._seal.seal(secret), totp_step=0)

    def use_totp(self, number: str, step: int) -> bool:
        """Once; false if this code, or a later one, has been used."""
        mine = (operators.c.number == number) & (operators.c.totp_step < step)
        used = update(operators).where(mine).values(totp_step=step)
        return self._connection.execute(used).rowcount == 1

    def active_in(self, roles: list[str]) -> int:
        """How many there are who can log in with one of these roles."""
        query = select(func.count()).select_from(operators)
        mine = operators.c.role.in_(roles) & (operators.c.state == OperatorState.ACTIVE.value)
        return int(self._connection.execute(query.where(mine)).scalar() or 0)

    def _change(self, number: str, **values: object) -> None:
        mine = operators.c.number == number
        self._connection.execute(update(operators).where(mine).values(**values))


def _operator(row: Row[*tuple[Any, ...]]) -> Operator:
    return Operator(
        row.number,
        row.name,
        row.role,
        row.organisation,
        OperatorState(row.state),
        bool(row.password_initial),
        int(row.created_at),
        int(row.changed_at),
    )
