"""How an SMSC may connect to us, as settings: where, who, and how it proves who it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, field_validator

from gateway.config.sections.setting_types import STRICT, ListenAddress
from smpp.allowed_hosts import network_of


class OutbindTlsSettings(BaseModel):
    model_config = STRICT

    certificate: Path
    key: Path
    ca: Path | None = None  # then the SMSC must show a certificate that this authority signed


def _on_loopback(value: object) -> object:
    """A port alone is opened to nobody but this machine."""
    port = str(value).removeprefix(":")
    return f"127.0.0.1:{port}" if port.isdigit() else value


def _host(value: str) -> str:
    try:
        known = network_of(value) is not None or bool(_NAME.fullmatch(value))
    except ValueError as error:
        raise ValueError(f"{error}; write a network like 10.1.2.0/24") from None
    if not known:
        raise ValueError(f"'{value}' is no host; write an address, a network or a name")
    return value


_NAME = re.compile(r"[0-9A-Za-z_]([0-9A-Za-z_.-]*[0-9A-Za-z_.])?")


def _of_smpp(longest: int) -> Callable[[SecretStr], SecretStr]:
    """A password that fits into a PDU (SMPP 3.4 §5.2.2: 9 octets with the NUL)."""

    def fits(password: SecretStr) -> SecretStr:
        value = password.get_secret_value()
        if len(value) > longest:
            raise ValueError(f"it has more than {longest} characters; SMPP has room for {longest}")
        if not (value.isascii() and value.isprintable()) and value:
            raise ValueError("it has characters that SMPP cannot carry; write letters and digits")
        return password

    return fits


OURS = "its password is one that we bind with; agree another with the SMSC"
Password = Annotated[SecretStr, AfterValidator(_of_smpp(8))]


class OutbindSettings(BaseModel):
    """The SMSC connects to us here and names itself; we bind as its receiver (SMPP 3.4 §2.2.1).
    Our bind carries our password, so the SMSC must show one of its own first."""

    model_config = STRICT

    listen: Annotated[ListenAddress, BeforeValidator(_on_loopback)]
    system_id: str = Field(min_length=1, max_length=15)
    password: Password
    hosts: list[Annotated[str, AfterValidator(_host)]] = []  # who may connect; default: the link's
    tls: OutbindTlsSettings | None = None

    @field_validator("password")
    @classmethod
    def _given(cls, password: SecretStr) -> SecretStr:
        if not password.get_secret_value():
            raise ValueError("it is empty; anybody could call and be told our password: agree one")
        return password
