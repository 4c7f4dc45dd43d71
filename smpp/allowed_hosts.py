"""Which hosts are let in: addresses, networks, and the addresses that names stand for."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class AllowedHosts:
    """Known by their addresses, whether IPv4 comes as such or within IPv6."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = tuple(networks)

    def __contains__(self, host: object) -> bool:
        try:
            address = ip_address(str(host).partition("%")[0])  # without a zone
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)


def network_of(written: str) -> Network | None:
    """The network, or the single address, that is written so; None for a name.

    Raises ValueError for a network with bits behind its prefix, such as 10.1.2.3/24.
    """
    try:
        return ip_network(written)
    except ValueError:
        if "/" in written:
            raise
        return None
