"""A BOSS over HTTP: every call has a time limit, is tried again under the same key, and is not made
at all while the breaker is open. docs/boss.md describes what goes over the wire."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Final, Literal, TypeVar
from uuid import uuid4

import orjson
import urllib3
from pydantic import Field, TypeAdapter, ValidationError
from urllib3.exceptions import HTTPError, ProtocolError

from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from gateway.boss.circuit_breaker import CircuitBreaker
from gateway.boss.ports import BossRecord
from gateway.config.settings import BossSettings
from gateway.model.boss_changes import BossChange, written
from gateway.model.detailed_record import DetailedRecord
from gateway.model.ticket_record import TicketAnswer

LONGEST: Final = 1_000_000  # octets of an answer; more is no answer of a BOSS
CHUNK: Final = 65_536
FIRST_PAUSE: Final = 0.1  # seconds before the second try; twice as long before each further one
T = TypeVar("T")
_RECORD: Final = TypeAdapter(BossRecord)
_CARD: Final = TypeAdapter(RechargeCard)
_LONGEST_NAME: Final = 100  # characters of what it calls a ticket


@dataclass(frozen=True, slots=True)
class TicketAnswers:
    answers: list[TicketAnswer]


_ANSWERS: Final = TypeAdapter(TicketAnswers)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """As a DetailedRecord."""

    kind: Literal["call_out", "call_in", "missed", "sms", "data"]
    at: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=0)]
    fen: int
    other: Annotated[str, Field(pattern="^[0-9]{0,20}$")] = ""


@dataclass(frozen=True, slots=True)
class RecordLines:
    records: list[RecordLine]


_RECORDS: Final = TypeAdapter(RecordLines)


class BossAway(Exception):
    """It did not answer, or not as agreed: whether anything was done is not known. Ask again
    later, with the same key."""


class BossRefused(Exception):
    """It has decided against it: nothing was done, and nothing will be."""


class BossMoved(Exception):
    """Somebody has changed there meanwhile what we looked at: nothing was done. Look again."""


class Boss:
    """For threads: each call blocks until it is answered or given up."""

    def __init__(
        self,
        settings: BossSettings,
        breaker: CircuitBreaker,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.breaker = breaker
        self.results: Counter[str] = Counter()  # calls by how they ended
        self._settings = settings
        self._clock = clock
        self._pause = pause
        self._counting = Lock()
        self._closing = False
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if settings.token is not None:
            self._headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"
        limit = urllib3.Timeout(connect=settings.timeout, read=settings.timeout)
        ca = str(settings.ca) if settings.ca else None
        self._pool = urllib3.PoolManager(
            maxsize=settings.at_once, timeout=limit, retries=False, ca_certs=ca
        )

    def hurry(self) -> None:
        """Nothing new is asked, and nothing again: what is on its way may end."""
        self._closing = True

    def close(self) -> None:
        self._pool.clear()

    def rests(self) -> bool:
        """True while there is no sense in asking."""
        return self.breaker.rests(self._clock())

    # -- what is asked -----------------------------------------------------------------------------

    def subscriber(self, msisdn: str) -> BossRecord | None:
        """None if it is no subscriber. Raises BossAway."""
        status, body = self._ask("GET", f"/subscribers/{msisdn}")
        if status == 404:
            return None
        return self._read(_RECORD, status, body)

    def card(self, secret: Secret) -> RechargeCard | None:
        """None if there is no such card. Raises BossAway."""
        return self._card({"card": secret.reveal()})

    def card_by_serial(self, serial: str) -> RechargeCard | None:
        """By the number printed on it. Raises BossAway."""
        return self._card({"serial": serial})

    def _card(self, asked: Mapping[str, str]) -> RechargeCard | None:
        """In the body: addresses are logged on their way."""
        status, body = self._ask("POST", "/cards/find", orjson.dumps(asked))
        if status == 404:
            return None
        return self._read(_CARD, status, body)

    def make(self, key: str, seen: Mapping[str, int], changes: Sequence[BossChange]) -> None:
        """All of them, once, however often it is asked with this key. Raises BossAway, BossMoved,
        BossRefused."""
        order = {"seen": dict(seen), "changes": [written(change) for change in changes]}
        status, body = self._ask("POST", "/orders", orjson.dumps(order), key)
        match status:
            case 200 if _said(body).get("done") is True:
                return  # not merely 200: whatever stands between may answer so too
            case 409:
                raise BossMoved
            case 422:
                raise BossRefused(str(_said(body).get("reason", "")))
            case _:
                raise self._nonsense(status)

    def take_ticket(self, key: str, ticket: Mapping[str, object]) -> str:
        """What it calls the ticket there. Raises BossAway, BossRefused."""
        status, body = self._ask("POST", "/tickets", orjson.dumps(ticket), key)
        said = _said(body)
        match status:
            case 200 if said.get("taken") is True:
                return str(said.get("reference", ""))[:_LONGEST_NAME]
            case 422:
                raise BossRefused(str(said.get("reason", "")))
            case _:
                raise self._nonsense(status)

    def ticket_answers(self, after: int) -> list[TicketAnswer]:
        """What it has said of tickets since, the oldest first. Raises BossAway."""
        status, body = self._ask("GET", f"/tickets/answers/{after}")
        return self._read(_ANSWERS, status, body).answers

    def detailed_records(self, msisdn: str, begins: int, ends: int) -> list[DetailedRecord]:
        """What began within these seconds; nothing of who is no subscriber. Raises BossAway."""
        status, body = self._ask("GET", f"/subscribers/{msisdn}/records/{begins}/{ends}")
        if status == 404:
            return []
        lines = self._read(_RECORDS, status, body).records
        return [DetailedRecord(one.kind, one.other, one.at, one.length, one.fen) for one in lines]

    # -- how ---------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, body: bytes = b"", key: str = "") -> tuple[int, bytes]:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        for count in range(1 + self._settings.retries):
            if count:
                self._pause(FIRST_PAUSE * 2 ** (count - 1))
            if self._closing:
                raise BossAway("we are closing")
            if not self.breaker.lets(self._clock()):
                self._count("not asked")
                raise BossAway("it is left alone for a while")
            try:
                status, said = self._try(method, self._settings.url + path, body, headers)
            except (HTTPError, OSError) as error:
                self._failed("no answer")
                trouble = type(error).__name__
                continue
            except Exception:  # ours; but the breaker must hear of everything that it let through
                self._failed("strange")
                raise
            if status < 500:
                self.breaker.succeeded()
                self._count(_WORDS.get(status, "strange"))
                return status, said
            self._failed("failed")
            trouble = f"status {status}"
        raise BossAway(trouble)

    def _try(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """One call, within the limit also for who answers drop by drop."""
        until = self._clock() + self._settings.timeout
        id = uuid4().hex  # comes back: an answer to an earlier question is none to this one
        headers = {**headers, "Request-Id": id}
        response = self._pool.request(
            method, url, body=body or None, headers=headers, redirect=False, preload_content=False
        )
        try:
            said = bytearray()
            while chunk := response.read1(CHUNK):
                said += chunk
                if self._clock() > until:
                    raise ProtocolError("too slow")
                if len(said) > LONGEST:
                    raise ProtocolError("too long")
            if response.headers.get("Request-Id") != id:
                raise ProtocolError("an answer to something else")
            expected = response.headers.get("Content-Length", "")
            if expected.isdigit() and int(expected) != len(said):
                raise ProtocolError("cut off")
            response.release_conn()
            return response.status, bytes(said)
        finally:
            response.close()

    def _read(self, kind: TypeAdapter[T], status: int, body: bytes) -> T:
        if status != 200:
            raise self._nonsense(status)
        try:
            return kind.validate_json(body)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
            raise BossAway(f"not as agreed: {fields}") from None

    def _nonsense(self, status: int) -> BossAway:
        return BossAway(f"status {status} is not agreed on here")

    def _failed(self, how: str) -> None:
        self.breaker.failed(self._clock())
        self._count(how)

    def _count(self, how: str) -> None:
        with self._counting:
            self.results[how] += 1


_WORDS: Final = {200: "done", 404: "unknown", 409: "moved", 422: "refused"}


def _said(body: bytes) -> Mapping[str, object]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
