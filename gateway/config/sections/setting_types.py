"""What settings are made of: models that take no unknown key, addresses to listen at."""

from __future__ import annotations

import re
from typing import Annotated
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
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"write {write}")
    return url.rstrip("/")


def passed_socket(value: str) -> int | None:
    """The descriptor of a listening socket that our parent has passed to us, written `fd:3`; None
    if an address is meant."""
    found = re.fullmatch("fd:([0-9]{1,4})", value)
    return int(found[1]) if found else None


ListenAddress = Annotated[str, AfterValidator(address)]


def host_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
