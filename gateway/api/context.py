"""What lasts as long as the process, for every request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

from gateway.api.in_force import ConfParts
from gateway.api.request_rate import RequestRate
from gateway.config.settings import Settings
from gateway.model.detailed_record import DetailedRecords
from gateway.operators.logins import Logins
from gateway.operators.oidc.provider_logins import ProviderLogins
from gateway.ops.log import Log
from gateway.serving.beside.doors import Doors
from gateway.store.store import Store

PEER: Final = "hallgate.peer"  # in the scope of a request: the address that has connected


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """`conf` as it is in force now; `clock` seconds since 1970."""

    conf: ConfParts
    store: Store
    logins: Logins
    rate: RequestRate
    clock: Callable[[], float]
    log: Log
    doors: Doors
    provider: ProviderLogins | None  # None: everybody logs in with a password and a code
    records: DetailedRecords | None  # None: there are none to be had here

    @property
    def settings(self) -> Settings:
        return self.conf.settings

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.service.zone


def context_of(request: Request) -> ConsoleContext:
    context = request.app.state.console
    assert isinstance(context, ConsoleContext)
    return context


def peer_of(request: Request) -> str:
    """Who has connected, whatever is said of the client behind it."""
    return str(request.scope.get(PEER, ""))


def is_of(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is one of these, or lies in one of these networks."""
    try:
        found = ip_address(address)
        return any(found in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "?"
