"""The reference BOSS on its own: `hallgate simulate boss`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from twisted.internet.error import CannotListenError

from simulators.boss.http_server import BossServer
from simulators.boss.records import BossRecords

EXAMPLE = """\
examples:
  %(prog)s --port 8090
      the sample subscribers and cards; then  hallgate run --set boss.url=http://127.0.0.1:8090
  %(prog)s --fault lose=1:orders --fault slow=20%%
      the next order is done and its answer lost; every fifth call is slow

a fault is NAME=WHEN: always, never, a count, or a percentage, and with :kind,kind only for calls of
these kinds: subscribers, cards, orders. They are:
slow, fail, drop, lose, fail_after, twice, stray, drip, nonsense
"""


def main(
    argv: Sequence[str] | None = None,
    prog: str | None = None,
    sample: Mapping[str, Any] | None = None,
) -> int:
    """Serve until interrupted; the exit status. `sample`: what it keeps without --data."""
    from twisted.internet import reactor

    asked = _parser(prog).parse_args(argv)
    plain = json.loads(asked.data.read_text(encoding="utf-8")) if asked.data else sample
    book = BossRecords.of(plain or {"subscribers": {}, "cards": {}})
    server = BossServer(reactor, book, token=asked.token, chance=Random(asked.seed))
    try:
        for said in asked.fault:
            server.faults.set(said)
        port = server.listen(asked.port, asked.host)
    except ValueError as error:
        print(f"--fault: {error}", file=sys.stderr)
        return 2
    except CannotListenError as taken:
        print(f"{asked.host}:{asked.port} cannot be used: {taken.socketError}", file=sys.stderr)
        return 1
    print(f"BOSS on http://{asked.host}:{port}. Ctrl-C stops it.", flush=True)
    reactor.run()
    return 0


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="A BOSS with subscribers and cards, that misbehaves on demand.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="where it listens (127.0.0.1)")
    add("--port", type=int, default=8090, help="(8090)")
    add("--data", type=Path, metavar="FILE", help="its subscribers and cards, as JSON")
    add("--token", default="", help="what callers must show")
    add("--fault", action="append", default=[], metavar="NAME=WHEN", help="see below")
    add("--seed", type=int, default=0, help="of faults given as percentages (0)")
    return parser
