"""A provider as it is asked over HTTP: where it is found, whom it has let in, with what it signs.

What it tells of itself is remembered for an hour. No call outlasts `timeout`, and only so many are
made at once: a provider that stands still takes no thread from other requests.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import orjson
import urllib3
from joserfc.jwk import KeySet
from urllib3.exceptions import HTTPError

from gateway.config.sections.console_settings import OidcSettings
from gateway.operators.oidc.id_token import BadIdToken, signing_keys

_KNOWN_FOR: Final = 3_600.0  # seconds
_ASKED_AGAIN: Final = 60.0  # seconds between looks for a key that we do not know
_AT_ONCE: Final = 2
_LONGEST: Final = 256 * 1024  # octets of an answer
_CHUNK: Final = 16_384
_NONE: Final[Mapping[str, str]] = {}
_FOUND_AT: Final = "/.well-known/openid-configuration"


class ProviderAway(Exception):
    """It did not answer, or not as agreed: whether somebody may come in is not known."""


class ProviderRefused(Exception):
    """It does not take this code; the text is its error."""


@dataclass(frozen=True, slots=True)
class _Endpoints:
    authorization: str
    token: str
    jwks: str


class Provider:
    """Any thread may ask."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises OSError for a secret's file that cannot be read."""
        self._settings, self._clock = settings, clock
        self._asking, self._lock = BoundedSemaphore(_AT_ONCE), Lock()
        self._endpoints: tuple[float, _Endpoints] | None = None
        self._keys: tuple[float, KeySet] | None = None
        limit = urllib3.Timeout(connect=settings.timeout, read=settings.timeout)
        ca = str(settings.ca) if settings.ca else None
        self._pool = urllib3.PoolManager(
            maxsize=_AT_ONCE, timeout=limit, retries=False, ca_certs=ca
        )
        self._secret()

    def login_address(self, asked: Mapping[str, str]) -> str:
        """Where a browser is sent to log in. Raises ProviderAway."""
        address = self._found().authorization
        joint = "&" if urlsplit(address).query else "?"
        return f"{address}{joint}{urlencode(asked)}"

    def id_token(self, code: str, verifier: str, redirect: str) -> str:
        """For a code, which is good once. Raises ProviderAway, ProviderRefused."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
                "code_verifier": verifier}  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        client, secret = self._settings.client_id, self._secret()
        if secret:  # RFC 6749 §2.3.1: each is written as in a form first
            pair = f"{quote_plus(client)}:{quote_plus(secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = client
        status, told = self._ask("POST", self._found().token, urlencode(form).encode(), headers)
        if status in (400, 401):
            raise ProviderRefused(str(told.get("error", status))[:100])
        token = told.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise ProviderAway(f"status {status} and no ID token")
        return token

    def keys(self, *, anew: bool = False) -> KeySet:
        """`anew`: it may have made a new one since. Raises ProviderAway."""
        with self._lock:
            kept, now = self._keys, self._clock()
        age = now - kept[0] if kept else _KNOWN_FOR
        if kept and age < (_ASKED_AGAIN if anew else _KNOWN_FOR):
            return kept[1]
        status, told = self._ask("GET", self._found().jwks)
        if status != 200:
            raise ProviderAway(f"status {status} for its keys")
        try:
            keys = signing_keys(told)
        except BadIdToken as bad:
            raise ProviderAway(str(bad)) from None
        with self._lock:
            self._keys = now, keys
        return keys

    def _found(self) -> _Endpoints:
        with self._lock:
            kept, now = self._endpoints, self._clock()
        if kept and now - kept[0] < _KNOWN_FOR:
            return kept[1]
        issuer = self._settings.issuer
        status, told = self._ask("GET", issuer.rstrip("/") + _FOUND_AT)
        if status != 200 or told.get("issuer") != issuer:
            raise ProviderAway(f"{issuer}{_FOUND_AT} does not describe that issuer")
        found = _Endpoints(
            self._endpoint(told, "authorization_endpoint"),
            self._endpoint(told, "token_endpoint"),
            self._endpoint(told, "jwks_uri"),
        )
        with self._lock:
            self._endpoints = now, found
        return found

    def _endpoint(self, told: Mapping[str, Any], name: str) -> str:
        address, scheme = told.get(name), urlsplit(self._settings.issuer).scheme
        if not isinstance(address, str) or urlsplit(address).scheme not in ("https", scheme):
            raise ProviderAway(f"its {name} is none")
        return address

    def _secret(self) -> str:
        """As it is now: somebody may have renewed it. Raises OSError."""
        file = self._settings.client_secret_file
        if file is None:
            return ""
        try:
            secret = file.read_text(encoding="utf-8").strip()
        except ValueError:
            raise OSError(f"{file} holds no text") from None
        if not secret:
            raise OSError(f"{file} is empty")
        return secret

    def _ask(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] = _NONE
    ) -> tuple[int, dict[str, Any]]:
        with self._turn():
            try:
                status, said = self._try(method, url, body, headers)
                told = orjson.loads(said)
            except (HTTPError, OSError) as error:
                raise ProviderAway(type(error).__name__) from None
            except orjson.JSONDecodeError:
                raise ProviderAway("it answers no JSON") from None
        return status, told if isinstance(told, dict) else {}

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._asking.acquire(timeout=1.0):
            raise ProviderAway("others wait for it")
        try:
            yield
        finally:
            self._asking.release()

    def _try(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Within the limit also for one that answers drop by drop."""
        until = self._clock() + self._settings.timeout
        asked = {"Accept": "application/json", **headers}
        response = self._pool.request(
            method, url, body=body, headers=asked, redirect=False, preload_content=False
        )
        try:
            said = bytearray()
            while chunk := response.read1(_CHUNK):
                said += chunk
                if self._clock() > until or len(said) > _LONGEST:
                    raise ProviderAway("too slow or too long")
            return response.status, bytes(said)
        finally:
            response.close()
