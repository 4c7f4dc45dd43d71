"""What settings are made of: models that take no unknown key, addresses to listen at."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict

STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def address(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not colon or not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError("write HOST:PORT, for example 127.0.0.1:8086")
    return value


def address_or_off(value: str) -> str:
    return value if value == "off" else address(value)


def web_address(url: str, write: str = "http://HOST:PORT or https://HOST/PATH") -> str:
    """Without its last slash. `write`: how one is written, for who wrote none."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("holds a name or a password; write the address without them")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"write {write}")
    return url.rstrip("/")


def passed_socket(value: str) -> int | None:
    """The descriptor of a listening socket that our parent has passed to us, written `fd:3`; None
    if an address is meant."""
    found = re.fullmatch("fd:([0-9]{1,4})", value)
    return int(found[1]) if found else None


def _host(value: str) -> str:
    """A name or an address, without anything else."""
    try:
        ip_address(value.partition("%")[0])
    except ValueError:
        if not _NAME.fullmatch(value) or _DIGITS.fullmatch(value):
            raise ValueError(
                f"'{value}' is no machine's name or address; write it alone, like smsc.example or "
                "10.0.0.5: the port stands under port:"
            ) from None
    return value


_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")
_DIGITS: Final = re.compile(r"[0-9.]+")
Host = Annotated[str, AfterValidator(_host)]
ListenAddress = Annotated[str, AfterValidator(address)]


def host_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
