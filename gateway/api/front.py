"""Before any route: is it for us, from our own pages, not too often; and after it: the headers that
every answer has, and what to say if something broke."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api import uploads
from gateway.api.context import PEER
from gateway.api.guard import SAFE
from gateway.api.patience import in_time
from gateway.api.problems import answer
from gateway.api.request_rate import RequestRate
from gateway.ops.log import Log

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MOST_OCTETS: Final = 256 * 1024  # of a body
_UPLOADS: Final = re.compile("/api/v1/(lists/types/[^/]+/imports|drafts/import)")
_OTHERS: Final = ("cross-site", "same-site")  # Sec-Fetch-Site of pages that are not ours
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


class PeerNoted:
    """Outermost: notes who has connected, before a proxy's word for its client is believed."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        scope[PEER] = client[0] if client else ""
        await self._application(scope, receive, send)


class Front:
    """Wraps the application. `origins` are those that our own pages may have."""

    def __init__(
        self, application: ASGIApp, origins: Iterable[str], rate: RequestRate, log: Log
    ) -> None:
        self._application = application
        self._origins = frozenset(origins)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in self._origins)
        self._rate, self._log = rate, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page has a policy of its own
            await send(message)

        if (refused := self._refused(scope)) is not None:
            await refused(scope, receive, sending)
            return
        try:
            await self._application(scope, _patiently(scope, receive), sending)
        except Exception as error:
            self._log.event("request failed", method=scope["method"], error=error)
            if not started:
                told = answer(500, "a mistake of ours; it has been logged")
                await told(scope, receive, sending)

    def _refused(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        client = scope.get("client")
        if wait := self._rate.wait(f"address {client[0] if client else '?'}"):
            again = {"Retry-After": str(int(wait) + 1)}
            return answer(429, "too many requests from this address", headers=again)
        if headers.get("host", "").lower() not in self._hosts:
            return answer(400, "no such host here; console.origins lists what browsers may call us")
        if "transfer-encoding" in headers:
            return answer(411, "say how long the body is")
        most = uploads.MOST_OCTETS if _UPLOADS.fullmatch(scope["path"]) else MOST_OCTETS
        if int(headers.get("content-length", "0")) > most:  # digits, as the server has seen
            return answer(413, f"a body has at most {most} octets")
        if scope["method"] in SAFE:
            return None
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return answer(403, "this comes from somebody else's page")
        if headers.get("sec-fetch-site", "") in _OTHERS:
            return answer(403, "this comes from somebody else's page")
        return None


def _patiently(scope: Scope, receive: Receive) -> Receive:
    """What has a body has it in time."""
    if Headers(scope=scope).get("content-length", "0") == "0":
        return receive
    return in_time(receive, file=_UPLOADS.fullmatch(scope["path"]) is not None)


def own_origins(host: str, port: int, configured: Iterable[str]) -> set[str]:
    """As browsers name us: where we listen, and what is configured."""
    bracketed = f"[{host}]" if ":" in host else host
    names = set(_LOOPBACK) if bracketed in (*_LOOPBACK, "0.0.0.0", "[::]") else {bracketed}
    return {f"http://{name.lower()}:{port}" for name in names} | set(configured)
