"""A console as its users and attackers meet it: a real process, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import update

from gateway.cli.sample_data import load_samples
from gateway.config.roles import read_roles
from gateway.config.settings import OWN_CONF
from gateway.config.sources import read_settings
from gateway.model.operators.audit import Actor, AuditRecord
from gateway.model.operators.operators import OperatorSecrets
from gateway.operators.roster import NewSecrets, Roster, new_secrets
from gateway.security import totp
from gateway.security.operator_passwords import new_password
from gateway.store.opening import prepared_store
from gateway.store.operators.audit import AuditQuery, SqlAudit
from gateway.store.store import Store
from gateway.store.tables import operators

PROGRAM = Path(sys.executable).with_name("hallgate")
ROLES = read_roles(OWN_CONF)
PATIENCE = 30.0  # seconds for a process to come up or go


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """Every error has the form of RFC 9457."""
        assert self.headers["content-type"] == "application/problem+json", self
        told = self.json
        assert (told["status"], told["type"]) == (self.status, "about:blank")
        assert told["title"]
        return str(told["detail"])


@dataclass
class Browser:
    """Somebody who is logged in. What is None is not sent."""

    cookie: str | None
    csrf: str | None
    origin: str | None = None
    bearer: str | None = None

    def headers(self, method: str) -> dict[str, str]:
        found = {}
        if self.cookie is not None:
            found["Cookie"] = f"hallgate_session={self.cookie}"
        if self.csrf is not None and method != "GET":
            found["X-CSRF-Token"] = self.csrf
        if self.origin is not None:
            found["Origin"] = self.origin
        if self.bearer is not None:
            found["Authorization"] = f"Bearer {self.bearer}"
        return found


NOBODY = Browser(None, None)


@dataclass
class Console:
    """The process, and the store behind it; `people` by their 工号."""

    port: int
    store: Store
    log: Path
    process: subprocess.Popen[bytes]
    people: dict[str, NewSecrets] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: object = None, by: Browser = NOBODY, **more: str
    ) -> Answer:
        """`more`: headers; underscores stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = by.headers(method) | {name.replace("_", "-"): v for name, v in more.items()}
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, octets if body is not None else None, headers)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def hire(self, number: str, role: str, name: str = "Sample", *, cheap: bool = True) -> str:
        """A new operator. `cheap`: their password takes no time to be compared."""
        made = cheap_secrets() if cheap else new_secrets()
        with self.store.transaction() as connection:
            actor = Actor("cli:test", "cli:test")
            roster = Roster(connection, self.store.seal, ROLES, actor, int(time.time()))
            roster.add(number, name, role, "", made.kept)
        self.people[number] = made
        return number

    def form(self, number: str, **instead: object) -> dict[str, object]:
        """A right login, as if its code had not been used yet."""
        made = self.people[number]
        with self.store.transaction() as connection:
            mine = operators.c.number == number
            connection.execute(update(operators).where(mine).values(totp_step=0))
        code = totp.code_of(made.totp, totp.step_at(time.time()))
        return {"operator": number, "password": made.password, "code": code, **instead}

    def log_in(self, number: str, *, bearer: bool = False) -> Browser:
        answer = self.ask("POST", "/api/v1/session", self.form(number, bearer=bearer))
        assert answer.status == 201, answer
        if bearer:
            return Browser(None, None, bearer=answer.json["token"])
        cookie = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        return Browser(cookie, answer.json["csrf"])

    def audit(self, **wanted: str) -> list[AuditRecord]:
        """The newest first."""
        with self.store.reading() as connection:
            return SqlAudit(connection, self.store.seal).find(AuditQuery(**wanted), 100)  # type: ignore[arg-type]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def cheap_secrets() -> NewSecrets:
    password, secret = new_password(), totp.new_secret()
    argon = Argon2id(salt=os.urandom(16), length=32, iterations=1, lanes=1, memory_cost=64)
    kept = OperatorSecrets(argon.derive_phc_encoded(password.encode()), secret)
    return NewSecrets(password, secret, kept)


@contextmanager
def console(url: str, folder: Path, *sets: str, samples: bool = True) -> Iterator[Console]:
    """A process on a store of its own, with the sample's subscribers."""
    options = [f"store.url={url}", "secrets.key=" + "0f" * 32, "console.listen=127.0.0.1:0", *sets]
    settings = read_settings(None, options, {})
    if samples:
        load_samples(settings, 0, 0)
    log = folder / "console.log"
    words = [word for option in options for word in ("--set", option)]
    with log.open("wb") as lines, prepared_store(settings) as store:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", PROGRAM, "console", *words],
            stdout=subprocess.PIPE, stderr=lines,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            said = process.stdout.readline().decode()
            assert said.startswith("API: http://"), log.read_text()
            port = int(said.split("/api/")[0].rpartition(":")[2])
            yield Console(port, store, log, process)
        finally:
            process.kill()
            process.communicate()
