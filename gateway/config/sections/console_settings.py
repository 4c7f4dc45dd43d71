"""What `console:` of conf/gateway.yaml may say."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from gateway.config.sections.setting_types import STRICT, ListenAddress, address_or_off, web_address
from gateway.model.operators.operators import NUMBER


def _origin(written: str) -> str:
    parts = urlsplit(written)
    whole = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in ("http", "https") or not parts.hostname or written.rstrip("/") != whole:
        raise ValueError("write what a browser shows before the path: https://console.example")
    return whole.lower()


def _network(written: str) -> str:
    try:
        return str(ip_network(written))
    except ValueError:
        raise ValueError(
            "write an address or a network, for example 127.0.0.1 or 10.0.0.0/8"
        ) from None


def _issuer(written: str) -> str:
    parts = urlsplit(written)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("write the provider's address: https://login.example/realms/hall")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname)):
        raise ValueError("write https://: without TLS somebody on the way could be anybody")
    return written


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class OidcSettings(BaseModel):
    """The operator's own provider of identities, by which people log in (OpenID Connect)."""

    model_config = STRICT

    issuer: Annotated[str, AfterValidator(_issuer)]  # exactly as the provider writes it
    client_id: str = Field(min_length=1, max_length=200)
    client_secret_file: Path | None = None  # none: a public client, held by PKCE alone
    claim: str = Field(default="preferred_username", min_length=1, max_length=100)  # the 工号
    scope: str = Field(default="openid profile", pattern="^openid( [!-~]+)*$")
    # 工号 of who may log in with a password and a code as well: for when the provider is away
    local: list[Annotated[str, Field(pattern=NUMBER)]] = Field(default=[], max_length=100)
    ca: Path | None = None  # default: the machine's own list of authorities
    timeout: float = Field(default=5.0, gt=0, le=30)  # seconds for one call


def _gateway(written: str) -> str:
    return web_address(written, "where a gateway listens: http://10.0.0.5:8086")


class ConsoleSettings(BaseModel):
    """`hallgate console`: a process of its own."""

    model_config = STRICT

    listen: ListenAddress = "127.0.0.1:8087"
    # what browsers call it, if that is not where it listens, as behind a proxy with TLS
    origins: list[Annotated[str, AfterValidator(_origin)]] = Field(default=[], max_length=20)
    # whose X-Forwarded-For and X-Forwarded-Proto are believed
    proxies: list[Annotated[str, AfterValidator(_network)]] = Field(default=[], max_length=20)
    oidc: OidcSettings | None = None  # None: everybody logs in with a password and a code
    # where the gateways tell of themselves (their http.listen); empty: http.listen of this file
    gateways: list[Annotated[str, AfterValidator(_gateway)]] = Field(default=[], max_length=64)
    # the control port of a simulated network (hallgate demo), for the page that is a phone
    phone: Annotated[str, AfterValidator(address_or_off)] = "off"
    idle: int = Field(default=1_800, ge=60)  # seconds without a request that end a session
    session: int = Field(default=43_200, ge=300)  # seconds of a session in all
    reveal: int = Field(default=600, ge=60, le=3_600)  # seconds for which a reason opens a number
    wrong_by_name: int = Field(default=5, ge=1)  # wrong logins within …
    wrong_by_address: int = Field(default=20, ge=1)
    wrong_window: int = Field(default=900, ge=60)  # … so many seconds
    requests_per_minute: int = Field(default=3_000, ge=10)  # of a session, and of an address
