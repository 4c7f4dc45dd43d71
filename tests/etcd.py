"""Members of etcd, which keep who is the primary of a PostgreSQL under Patroni."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterable
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.packages import ETCD
from tests.server import Server, free_port
from tests.services import program


class EtcdMember:
    """One of those that keep who is the primary."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client, self._peer = free_port(), free_port()
        self._server = Server(f"etcd-{name}", user="", farewell=signal.SIGKILL)
        self._program = program(ETCD)

    @property
    def spoken_of(self) -> str:
        """How the others name it."""
        return f"{self.name}=http://127.0.0.1:{self._peer}"

    def start(self, all_of_them: Iterable[EtcdMember], answers: Callable[[], bool]) -> None:
        client = f"http://127.0.0.1:{self.client}"
        peer = f"http://127.0.0.1:{self._peer}"
        words = {
            "name": self.name,
            "data-dir": str(self._server.folder / "data"),
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": ",".join(each.spoken_of for each in all_of_them),
            "enable-v2": "true",
            "log-level": "error",
        }
        said = [f"--{key}={value}" for key, value in words.items()]
        self._server.start([str(self._program), *said], answers)

    def healthy(self) -> bool:
        return asked(f"http://127.0.0.1:{self.client}/health").get("health") == "true"

    def kill(self) -> None:
        self._server.kill(signal.SIGKILL)

    def stop(self) -> None:
        self._server.stop()


def asked(url: str) -> dict[str, Any]:
    """What somebody says in JSON, whatever the status; empty if he does not answer."""
    try:
        with urlopen(url, timeout=1) as answer:
            return _in_json(answer)
    except URLError as error:
        return _in_json(error) if isinstance(error, HTTPError) else {}
    except (OSError, ValueError):
        return {}


def _in_json(answer: IO[bytes]) -> dict[str, Any]:
    """A status is an answer as well."""
    try:
        said: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return said
