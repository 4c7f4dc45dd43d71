"""The register of other interfaces, and their keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.model.doors import DoorInterface, DoorState, InterfaceKey
from gateway.security.encryption import Seal
from gateway.store.tables import interface_keys, interfaces


class SqlInterfaces:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def all(self) -> list[DoorInterface]:
        query = select(interfaces).order_by(interfaces.c.number)
        return [_interface(row) for row in self._connection.execute(query)]

    def find(self, number: str) -> DoorInterface | None:
        query = select(interfaces).where(interfaces.c.number == number)
        row = self._connection.execute(query).first()
        return _interface(row) if row else None

    def add(self, interface: DoorInterface) -> None:
        """Raises RowExists if the number is taken."""
        row = {"number": interface.number, "created_at": interface.created_at}
        self._connection.execute(insert(interfaces), row | _values(interface))

    def put(self, interface: DoorInterface) -> None:
        mine = interfaces.c.number == interface.number
        self._connection.execute(update(interfaces).where(mine).values(_values(interface)))

    # -- keys ------------------------------------------------------------------------------------

    def keys(self, number: str) -> list[InterfaceKey]:
        columns = interface_keys.c
        query = select(columns.id, columns.interface, columns.made_at, columns.ended_at)
        mine = query.where(columns.interface == number).order_by(columns.made_at, columns.id)
        return [InterfaceKey(*row) for row in self._connection.execute(mine)]

    def add_key(self, key: InterfaceKey, secret: str) -> None:
        row = {
            "id": key.id,
            "interface": key.interface,
            "mark": self._mark(key.id, secret),
            "made_at": key.made_at,
        }
        self._connection.execute(insert(interface_keys), row)

    def end_key(self, id: str, now: int) -> bool:
        """Once."""
        mine = (interface_keys.c.id == id) & (interface_keys.c.ended_at == 0)
        ended = update(interface_keys).where(mine).values(ended_at=now)
        return self._connection.execute(ended).rowcount == 1

    def move_keys(self, old: str, new: str) -> None:
        mine = interface_keys.c.interface == old
        self._connection.execute(update(interface_keys).where(mine).values(interface=new))

    def opened_by(self, id: str, secret: str) -> str:
        """The number of the interface whose key this is; empty for none that opens."""
        columns = interface_keys.c
        mine = (columns.id == id) & (columns.mark == self._mark(id, secret))
        query = select(columns.interface).where(mine, columns.ended_at == 0)
        return self._connection.execute(query).scalar() or ""

    def _mark(self, id: str, secret: str) -> str:
        return self._seal.mark("interface key", id, secret)


def _values(interface: DoorInterface) -> dict[str, object]:
    return {
        "kind": interface.kind,
        "name": interface.name,
        "name_en": interface.name_en,
        "region": interface.region,
        "hours": interface.hours,
        "operations": ",".join(sorted(interface.operations)),
        "operators": ",".join(sorted(interface.operators)),
        "group_name": interface.group,
        "certificate": interface.certificate,
        "per_minute": interface.per_minute,
        "state": interface.state.value,
        "became": interface.became,
        "changed_at": interface.changed_at,
    }


def _interface(row: Row[Any]) -> DoorInterface:
    found = DoorInterface(row.number, row.kind, row.name, row.name_en, row.region, row.hours)
    return replace(
        found,
        operations=frozenset(filter(None, row.operations.split(","))),
        operators=frozenset(filter(None, row.operators.split(","))),
        group=row.group_name,
        certificate=row.certificate,
        per_minute=int(row.per_minute),
        state=DoorState(row.state),
        became=row.became,
        created_at=int(row.created_at),
        changed_at=int(row.changed_at),
    )
