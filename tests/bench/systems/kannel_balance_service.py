"""The balance service that Kannel asks for each message: HTTP, keep-alive, answers from a dict.

As small as it can be, so that what is measured is Kannel and its way to a balance, not this.
"""

from __future__ import annotations

import argparse
import selectors
import socket
import sys

from tests.bench.systems.system import SUBSCRIBERS, balance_fen


def reply_to(fen: int) -> str:
    """Forty characters whatever the balance, all of them sent as UCS-2."""
    yuan = f"{fen // 100:02d}.{fen % 100:02d}"
    return f"【中国移动】尊敬的客户，您的话费余额为{yuan}元，感谢您的使用，祝您生活愉快。"


def book(first: int, count: int) -> dict[bytes, int]:
    return {b"%d" % (first + index): balance_fen(index) for index in range(count)}


def answer(request: bytes, balances: dict[bytes, int]) -> bytes:
    """One GET /balance?phone=13900000001 to its response; the number may carry a prefix."""
    phone = request.split(b" ", 2)[1].partition(b"phone=")[2][-11:]
    body = reply_to(balances[phone]).encode()
    return b"".join(
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\n",
            b"X-Kannel-Coding: 2\r\nX-Kannel-Charset: UTF-8\r\nContent-Length: %d\r\n\r\n"
            % len(body),
            body,
        )
    )


class Caller:
    """One kept connection: requests come one after another, perhaps several at once."""

    def __init__(self, sock: socket.socket, balances: dict[bytes, int]) -> None:
        self._socket = sock
        self._balances = balances
        self._rest = b""

    def read(self, selector: selectors.BaseSelector) -> None:
        try:
            chunk = self._socket.recv(65_536)
        except ConnectionError:
            chunk = b""
        if not chunk:
            selector.unregister(self._socket)
            self._socket.close()
            return
        *whole, self._rest = (self._rest + chunk).split(b"\r\n\r\n")
        if whole:
            # answers are small and their reader is Kannel: they always fit the socket's buffer
            self._socket.sendall(b"".join(answer(request, self._balances) for request in whole))


def serve(listener: socket.socket, balances: dict[bytes, int]) -> None:
    selector = selectors.DefaultSelector()

    def accept(_: selectors.BaseSelector) -> None:
        sock, _address = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(sock, selectors.EVENT_READ, Caller(sock, balances).read)

    selector.register(listener, selectors.EVENT_READ, accept)
    while True:
        for key, _ in selector.select():
            key.data(selector)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.systems.kannel_balance_service", description=__doc__
    )
    parser.add_argument("port", type=int)
    parser.add_argument("--first", type=int, default=13900000000)
    parser.add_argument("--subscribers", type=int, default=SUBSCRIBERS)
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        serve(listener, book(options.first, options.subscribers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
