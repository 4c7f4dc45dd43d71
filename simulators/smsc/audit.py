"""What went over the links, kept so that a test can say: nothing lost, doubled or out of order."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from twisted.internet.defer import Deferred, succeed

from simulators.smsc.handset import ShownMessage
from simulators.smsc.pdus import STATUS_NAMES, SmscMessage


@dataclass(slots=True)
class DeliveryAttempt:
    """One deliver_sm on the wire. Times are seconds of the simulator's clock."""

    link: int
    sequence: int
    sent_at: float
    status: int | None = None
    answered_at: float | None = None


@dataclass(slots=True, eq=False)
class WrittenText:
    """One text a subscriber wrote, in as many MOs as it has parts."""

    msisdn: str
    text: str
    to: str
    mos: list[AuditedDeliver] = field(default_factory=list)
    _waiting: list[Deferred[int]] = field(default_factory=list)

    @property
    def outcome(self) -> int | None:
        """0 when all parts were taken, a permanent status, or None while any is open."""
        outcomes = [mo.outcome for mo in self.mos]
        return None if None in outcomes else max(o for o in outcomes if o is not None)

    def settled(self) -> Deferred[int]:
        """Fires with the outcome."""
        if self.outcome is not None:
            return succeed(self.outcome)
        waiting: Deferred[int] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def part_settled(self) -> None:
        if self._waiting and self.outcome is not None:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.callback(self.outcome)


@dataclass(slots=True, eq=False)
class AuditedDeliver:
    """One deliver_sm owed to an ESME: a part of what a subscriber wrote, or a receipt.

    `body` is the PDU after its header; sent again, it is the same to the byte. MOs of one `lane`
    keep their order.
    """

    key: int
    lane: str
    esme: str
    body: bytes
    sent: WrittenText | None = None
    attempts: list[DeliveryAttempt] = field(default_factory=list)
    outcome: int | None = None

    @property
    def is_receipt(self) -> bool:
        return self.sent is None


@dataclass(slots=True, eq=False)
class AuditedSubmit:
    """One submit_sm. `answered_at` is when our response was written to its link."""

    link: int
    esme: str
    version: int
    sequence: int
    at: float
    message: SmscMessage
    status: int
    message_id: str = ""
    state: int = 0
    shown: ShownMessage | None = None
    answered_at: float | None = None


@dataclass(frozen=True, slots=True)
class AuditFindings:
    """Subscribers' accounts that do not add up, each line in words."""

    lost: list[str]
    doubled: list[str]
    misordered: list[str]
    # shown again because our response to the first never left, or left on a link about to end
    repeated: list[str]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.misordered)


@dataclass(slots=True)
class SmscAudit:
    """The book of one SMSC. `keep` false counts only, for loads too large to keep."""

    keep: bool = True
    sent: list[WrittenText] = field(default_factory=list)
    mos: list[AuditedDeliver] = field(default_factory=list)
    mts: list[AuditedSubmit] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    garbled: list[str] = field(default_factory=list)
    ended: dict[int, float] = field(default_factory=dict)  # links, and when

    def receipts(self) -> Iterator[AuditedDeliver]:
        return (mo for mo in self.mos if mo.is_receipt)

    def written(self) -> Iterator[AuditedDeliver]:
        """What subscribers wrote, in parts."""
        return (mo for mo in self.mos if not mo.is_receipt)

    def redelivered(self) -> list[AuditedDeliver]:
        """Sent more than once."""
        return [mo for mo in self.mos if len(mo.attempts) > 1]

    def unacknowledged(self) -> list[AuditedDeliver]:
        return [mo for mo in self.mos if mo.outcome is None]

    def statuses(self) -> Counter[str]:
        """How the ESMEs answered, by the status's name."""
        return Counter(
            STATUS_NAMES.get(attempt.status, hex(attempt.status))
            for mo in self.mos
            for attempt in mo.attempts
            if attempt.status is not None
        )

    def acknowledged_texts(self) -> dict[str, list[str]]:
        """By subscriber, in the order written: each message all parts of which were taken."""
        texts: dict[str, list[str]] = defaultdict(list)
        for sent in self.sent:
            if sent.outcome == 0:
                texts[sent.msisdn].append(sent.text)
        return texts

    def reckon(
        self,
        replies: dict[str, list[ShownMessage]],
        answers: Callable[[str, str], bool] = lambda written, shown: True,
        grace: float = 1.0,
    ) -> AuditFindings:
        """Each message taken against the replies its subscriber's phone showed.

        `answers(written, shown)` says whether a reply can belong to a message; one that echoes
        the text makes misordering visible. An ESME may not have read our response to a message
        when its link ended within `grace` seconds; sending that one again is right.
        """
        lost: list[str] = []
        doubled: list[str] = []
        misordered: list[str] = []
        repeated: list[str] = []
        excusable = self._perhaps_unanswered(grace)
        written = self.acknowledged_texts()
        for msisdn in sorted(written.keys() | replies.keys()):
            open_texts = list(enumerate(written.get(msisdn, [])))
            furthest = -1
            for reply in replies.get(msisdn, []):
                match = next((p for p in open_texts if answers(p[1], reply.text)), None)
                line = f"{msisdn}: {reply.text}"
                if match is None:
                    known = (msisdn, reply.parts[0].content) in excusable
                    (repeated if known else doubled).append(line)
                    continue
                open_texts.remove(match)
                if match[0] < furthest:
                    misordered.append(line)
                furthest = max(furthest, match[0])
            lost += [f"{msisdn}: {text}" for _, text in open_texts]
        return AuditFindings(lost, doubled, misordered, repeated)

    def _perhaps_unanswered(self, grace: float) -> set[tuple[str, bytes]]:
        return {
            (national_number(mt.message.destination), mt.message.content)
            for mt in self.mts
            if mt.status == 0
            and (
                mt.answered_at is None or self.ended.get(mt.link, math.inf) < mt.answered_at + grace
            )
        }


def national_number(number: str) -> str:
    """A Chinese mobile number without its country code."""
    digits = number.removeprefix("+")
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
