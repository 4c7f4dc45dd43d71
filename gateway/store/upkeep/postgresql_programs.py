"""pg_dump and pg_restore, told where a store is; the password is in no command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from gateway.store.postgresql import postgresql_url
from gateway.store.store import StoreProblem

_HOMES: Final = "/usr/lib/postgresql"  # where Debian has a folder for each version
_MOST_TOLD: Final = 600  # characters of what a program complains of


def dump(url: str, snapshot: str, into: Path) -> None:
    """The whole database as the transaction sees it that exported the snapshot. Raises
    StoreProblem."""
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run("pg_dump", url, [*words, f"--file={into}"])


def undump(file: Path, url: str) -> None:
    """All of a dump into an empty database, or nothing of it. Raises StoreProblem."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", url, [*words, str(file)])


def _run(name: str, url: str, words: Sequence[str]) -> None:
    where = postgresql_url(url)
    command = [_program(name), f"--dbname={_conninfo(where)}", *words]
    secret = {"PGPASSWORD": str(where.password)} if where.password else {}
    run = subprocess.run(
        command, env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise StoreProblem(f"{name} failed: {run.stderr.strip()[-_MOST_TOLD:]}")


def _conninfo(where: URL) -> str:
    """As libpq wants it; several hosts stand in the query."""
    given = {"user": where.username, "dbname": where.database, "host": where.host,
             "port": str(where.port) if where.port else None}  # fmt: skip
    told = {name: value for name, value in given.items() if value}
    more = {name: ",".join([value] if isinstance(value, str) else value)
            for name, value in where.query.items()}  # fmt: skip
    return make_conninfo(**told | more)


def _program(name: str) -> str:
    """The newest on this machine: an older one cannot read a newer server."""
    found = sorted(Path(_HOMES).glob(f"*/bin/{name}"), key=_version, reverse=True)
    program = str(found[0]) if found else shutil.which(name)
    if program is None:
        raise StoreProblem(
            f"{name} is not on this machine: apt-get install postgresql-client, "
            "of the server's version or newer"
        )
    return program


def _version(program: Path) -> int:
    number = program.parent.parent.name
    return int(number) if number.isdigit() else 0
