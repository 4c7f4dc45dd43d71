"""The provider over HTTP. Whoever logs in says who they are, and is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulators.identity.provider import IdentityProvider

_PAGE = """<!doctype html><meta charset="utf-8"><title>Log in</title>
<form><p>Who are you? <input name="who" autofocus> <button>Log in</button></p>{asked}</form>"""
_KEPT = '<input type="hidden" name="{}" value="{}">'


class IdentityServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.provider = IdentityProvider(f"http://{address[0]}:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    server: IdentityServer

    def do_GET(self) -> None:
        """Its description, its keys, its page."""
        provider, parts = self.server.provider, urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        match self._path():
            case "/.well-known/openid-configuration":
                self._tell(200, provider.description())
            case "/keys":
                self._tell(200, provider.keys())
            case "/authorize" if "who" not in asked:
                kept = "".join(_KEPT.format(*map(escape, pair)) for pair in asked.items())
                self._send(200, "text/html", _PAGE.format(asked=kept).encode())
            case "/authorize":
                self._let_in(asked)
            case "":
                self._tell(503, {})
            case _:
                self._tell(404, {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        form = dict(parse_qsl(self.rfile.read(length).decode()))
        if self._path() != "/token":
            self._tell(503 if self.server.provider.away else 404, {})
            return
        shown = self.headers.get("Authorization", "")
        self._tell(*self.server.provider.exchange(form, shown))

    def _path(self) -> str:
        """What is asked for; empty while it is away."""
        provider, path = self.server.provider, urlsplit(self.path).path
        provider.asked.append(path)
        return "" if provider.away else path

    def _let_in(self, asked: dict[str, str]) -> None:
        try:
            back = self.server.provider.let_in(asked, asked.pop("who"))
        except (ValueError, KeyError) as error:
            self._tell(400, {"error": str(error)})
            return
        self.send_response(302)
        self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _tell(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, media: str, octets: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def identity_server(port: int = 0, host: str = "127.0.0.1") -> Iterator[IdentityProvider]:
    """In threads of this process. Raises OSError for a port that is taken."""
    with IdentityServer((host, port)) as server:
        serving = Thread(target=server.serve_forever, args=(0.05,), name="identity", daemon=True)
        serving.start()
        try:
            yield server.provider
        finally:
            server.shutdown()
            serving.join()
