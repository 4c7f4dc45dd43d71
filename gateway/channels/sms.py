"""The SMPP door: messages from an SMSC or a USSD centre to the desk, answers and receipts back.

Delivered ─▶ Arrived ─▶ desk ─▶ Served ─▶ deliver_sm_resp, then the answers leave by the outbox
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from twisted.python.failure import Failure

from gateway.batch import Served
from gateway.channels.ussd import heard_by, screen_of, turn_of, way_of
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.ids import REPLY_BITS, Ids, moment_of
from gateway.log import Log
from gateway.mail import Act, Arrived, BindBegan, BindEnded, Outgoing, Overlaps, Proven, Receipted
from gateway.outbox import Outbox
from gateway.parcels import Part
from gateway.post import Post
from gateway.settings import LinkSettings
from smpp.connection import SmppConnection
from smpp.events import (
    AnswersSeen,
    BindRefused,
    Bound,
    Delivered,
    Ended,
    Event,
    ProtocolFault,
    Submitted,
    TimedOut,
)
from smpp.pdu import BindKind, DataSm, DeliverSm, SubmitSm
from smpp.receipts import Receipt, id_forms, receipt_of
from smpp.statuses import Treatment, Verdict, message_verdict, number_of
from smpp.text import Segment, fragment_of, in_one, measure, split, text_of

OK = number_of("ESME_ROK")
COME_AGAIN = number_of("ESME_RMSGQFUL")  # the SMSC keeps the message and delivers it later
UNANSWERED = Verdict(Treatment.LATER, "no answer in time")


class SmsDoor:
    """What all binds share."""

    def __init__(
        self,
        desk: Desk,
        post: Post,
        outbox: Outbox,
        ids: Ids,
        wall: Callable[[], float],
        counts: Counts,
        log: Log,
        fingerprint_key: bytes,
        ussd_code: str = "*139#",
    ) -> None:
        self.desk = desk
        self.post = post
        self.outbox = outbox
        self.ids = ids
        self.wall = wall
        self.counts = counts
        self.log = log
        self.fingerprint_key = fingerprint_key
        self.ussd_code = ussd_code
        self.open = True  # false while draining: what comes is refused for now
        self.sending = 0  # binds that can send
        self.unanswered: dict[str, bytes] = {}  # by subscriber, the newest message at the desk
        self.overlapping: set[str] = set()  # links that do not wait for our answers

    def can_send(self) -> bool:
        return self.sending > 0


class SmsBind:
    """One connection to an SMSC, from its bind to its end."""

    def __init__(self, door: SmsDoor, settings: LinkSettings, kind: BindKind) -> None:
        self._door = door
        self._settings = settings
        self.link = settings.name
        self._kind = kind
        self._bind = 0  # its id, once it is bound
        self._connection: SmppConnection | None = None
        # messages whose answers the SMSC has not certainly read, in the order they came
        self._unproven: dict[int, None] = {}
        self._newest = 0
        self._faults = 0  # of the peer's, on this connection
        self._telling = False
        self._told_upto = 0
        self._overrides = {number_of(name): t for name, t in settings.statuses.items()}
        self._ussd = way_of(settings, door.ussd_code)
        self._asks_all = settings.receipts == "all"
        self._asks_important = settings.receipts != "none"

    # -- events of the connection ----------------------------------------------------------------

    def events(self, connection: SmppConnection, events: list[Event]) -> None:
        jobs: list[Job] = []
        for event in events:
            match event:
                case Delivered(sequence, pdu):
                    if (job := self._delivered(connection, sequence, pdu)) is not None:
                        jobs.append(job)
                case Submitted(Part() as part, status, message_id):
                    verdict = message_verdict(status, self._overrides)
                    self._door.counts.submitted(self.link, verdict.treatment)
                    self._door.outbox.answered(self, part, verdict, message_id)
                case AnswersSeen(tokens):
                    self._seen(tokens)
                case TimedOut(Part() as part):
                    self._door.outbox.answered(self, part, UNANSWERED)
                case Bound():
                    self._bound(connection)
                case Ended(reason, keys, _):
                    self._ended(reason, [key for key in keys if isinstance(key, Part)])
                case BindRefused(_, verdict):
                    self._door.log.event("bind refused", link=self.link, reason=verdict.reason)
                case ProtocolFault(description):
                    self._fault(description)
                case Submitted() | TimedOut():
                    raise TypeError("an answer to something that we did not send as a part")
        if jobs:
            self._hand_over(jobs)
        if self._connection is not None and self._kind.sends:
            self._door.outbox.pump()

    def _hand_over(self, jobs: list[Job]) -> None:
        """Where the SMSC takes our messages on another connection, who answers one may be heard
        before we hear that it was taken; what was taken counts, so he waits for company."""
        box, works = self._door.outbox, [job.work for job in jobs if not self._kind.sends]
        if any(isinstance(w, Arrived) and box.is_on_its_way_to(w.source) for w in works):
            for job in jobs:
                self._door.post.soon(job)
        else:
            self._door.post.now(jobs)

    def _fault(self, description: str) -> None:
        """A peer can make thousands a second: told are the first, second, fourth, eighth …"""
        self._faults += 1
        if self._faults & (self._faults - 1) == 0:
            facts = {"what": description, "count": self._faults}
            self._door.log.event("protocol fault", link=self.link, **facts)

    def _bound(self, connection: SmppConnection) -> None:
        self._connection = connection
        self._bind = self._newest = self._door.ids.next()
        self._door.post.soon(_note(BindBegan(self._bind, self.link)))
        if self._kind.sends:
            self._door.sending += 1
            self._door.outbox.attach(self)

    def _ended(self, reason: str, unanswered: list[Part]) -> None:
        if self._connection is None:
            return
        self._connection = None
        if self._kind.sends:
            self._door.sending -= 1
            self._door.outbox.detach(self, unanswered)
        ended = BindEnded(self._bind, self._upto(), int(self._door.wall() * 1000))
        self._door.post.now([_note(ended, alone=True)])

    # -- messages from subscribers ---------------------------------------------------------------

    def _delivered(
        self, connection: SmppConnection, sequence: int, pdu: DeliverSm | DataSm
    ) -> Job | None:
        door = self._door
        if door.desk.full or not door.open:
            door.counts.refused(self.link)
            connection.answer(sequence, COME_AGAIN)
            return None
        id = self._newest = door.ids.next()
        self._unproven[id] = None
        if (receipt := receipt_of(pdu)) is not None:
            return self._job(
                connection, sequence, id, self._receipt(id, receipt, mobile(pdu.source_addr)), ""
            )
        arrived = self._arrived(id, pdu)
        if arrived is None:
            connection.answer(sequence, OK, id)
            return None
        door.counts.arrived(self.link)
        self._look_for_overlap(arrived)
        return self._job(connection, sequence, id, arrived, arrived.phone or arrived.source)

    def _look_for_overlap(self, arrived: Arrived) -> None:
        """Parts of one message, and one that is sent again, may overlap with any peer; who leaves a
        dialogue does not wait; and who is no subscriber is nobody in particular."""
        leaves = arrived.turn is not None and arrived.turn.act is Act.END
        if arrived.fragment is not None or leaves or not arrived.phone:
            return
        waiting, lane = self._door.unanswered, lane_of(arrived)
        before = waiting.get(lane)
        waiting[lane] = arrived.fingerprint
        overlaps = before is not None and before != arrived.fingerprint
        if overlaps and self.link not in self._door.overlapping:
            self._door.overlapping.add(self.link)
            self._door.post.soon(_note(Overlaps(self._bind)))

    def _job(
        self, connection: SmppConnection, sequence: int, id: int, work: object, key: str
    ) -> Job:
        def done(result: object) -> None:
            if isinstance(work, Arrived):
                self._door.unanswered.pop(lane_of(work), None)
            if isinstance(result, Failure):
                self._door.counts.refused(self.link)
                self._unproven.pop(id, None)  # not kept, as far as we know: it will come again
                connection.answer(sequence, COME_AGAIN)
                self._door.outbox.look()  # if it was, its answer waits in the store
                return
            connection.answer(sequence, OK, id)
            if isinstance(result, Served) and result.answers:
                self._door.outbox.take(result.answers)  # they leave when the batch is handed back
                self._door.counts.answered(self._door.wall() - moment_of(id))

        return Job(work, key, done)

    def _arrived(self, id: int, pdu: DeliverSm | DataSm) -> Arrived | None:
        """None if there is nothing to serve."""
        settings = self._settings
        said = heard_by(self._ussd, pdu)
        turn = turn_of(said) if said else None
        if said and turn is None:
            return None
        fragment = None if said else fragment_of(pdu)
        return Arrived(
            id,
            self._bind,
            settings.name,
            fingerprint(pdu, self._door.fingerprint_key),
            mobile(pdu.source_addr),
            f"{pdu.source_addr_ton}.{pdu.source_addr_npi}.{pdu.source_addr}",
            f"{pdu.dest_addr_ton}.{pdu.dest_addr_npi}.{pdu.destination_addr}",
            said.text if said else "" if fragment else text_of(pdu, settings.alphabet),
            fragment,
            settings.alphabet,
            settings.trusted,
            turn,
        )

    def _receipt(self, id: int, receipt: Receipt, phone: str) -> Receipted:
        state = receipt.state.name.lower()
        self._door.counts.receipted(self.link, state)
        at_ms = int(self._door.wall() * 1000)
        return Receipted(id, self.link, id_forms(receipt.message_id), state, at_ms, phone)

    # -- what the SMSC has read ------------------------------------------------------------------

    def _seen(self, tokens: tuple[object, ...]) -> None:
        for token in tokens:
            self._unproven.pop(token, None)  # type: ignore[call-overload]  # our tokens are ids
        self._tell()

    def _tell(self) -> None:
        """Keep how far the SMSC has read us; one note at a time, the newest when it is told."""
        upto = self._upto()
        if self._telling or upto == self._told_upto:
            return
        self._telling, self._told_upto = True, upto
        self._door.post.soon(Job(Proven(self._bind, upto), "", self._told))

    def _told(self, result: object) -> None:
        self._telling = False
        if isinstance(result, Failure):
            self._told_upto = 0
        elif self._connection is not None:
            self._tell()

    def _upto(self) -> int:
        first = next(iter(self._unproven), None)
        return self._newest if first is None else first - 1

    # -- messages to subscribers: the outbox's Way -----------------------------------------------

    @property
    def free(self) -> int:
        return self._connection.free if self._connection is not None else 0

    def submit(self, part: Part) -> None:
        assert self._connection is not None  # free was asked first
        self._connection.submit(part.pdu, part)

    def parts_of(self, message: Outgoing) -> list[SubmitSm]:
        """Raises ValueError for what no PDU of this link can carry."""
        if message.screen is not None:
            if self._ussd is None:
                raise ValueError("the link carries no USSD")
            return [screen_of(message, self._ussd)]
        source_ton, source_npi, source = message.source.split(".", 2)
        ton, npi, destination = message.destination.split(".", 2)
        asks = self._asks_all or (self._asks_important and message.receipt)
        return [
            SubmitSm(
                "",
                int(source_ton),
                int(source_npi),
                source,
                int(ton),
                int(npi),
                destination,
                segment.esm_class,
                registered_delivery=1 if asks else 0,
                data_coding=segment.data_coding,
                short_message=segment.short_message,
                tlvs=segment.tlvs,
            )
            for segment in self._segments(message)
        ]

    def _segments(self, message: Outgoing) -> list[Segment]:
        default, way = self._settings.alphabet, self._settings.long_messages
        if way == "payload" and measure(message.text, default).parts > 1:
            return [in_one(message.text, default)]
        # the same each time it is sent, so that a handset can tell a repeated part
        reference = (message.id >> REPLY_BITS) % REFERENCES
        return split(message.text, reference, way == "udh16", default)


REFERENCES = 65_521  # a prime: ids that differ in any of their bits rarely share a reference


def _note(work: object, *, alone: bool = False) -> Job:
    """Something the desk shall know, and whose doing nobody waits for."""
    return Job(work, "", lambda _result: None, alone)


def lane_of(arrived: Arrived) -> str:
    """Whose messages keep their order: a phone's dialogue and its short messages each do."""
    return arrived.phone if arrived.turn is None else f"{arrived.channel.value}:{arrived.phone}"


def fingerprint(pdu: DeliverSm | DataSm, key: bytes) -> bytes:
    """Equal for the same message sent again, on whatever bind and under whatever sequence
    number. Keyed, because it is kept: a message may be six digits, found by trying them all."""
    head = f"{pdu.source_addr}|{pdu.destination_addr}|{pdu.esm_class}|{pdu.data_coding}|"
    words = head.encode("latin-1", "replace") + pdu.short_message
    if pdu.tlvs:
        words += b"".join(tag.to_bytes(2, "big") + value for tag, value in sorted(pdu.tlvs))
    return blake2b(words, digest_size=12, key=key).digest()


def mobile(address: str) -> str:
    """The eleven digits of a mobile number of this country; empty if it is none. After + or 00
    stands a country, and it must be 86: +1 380 013 8000 is somebody in America."""
    found = _MOBILE.fullmatch(address)
    return found[1] if found else ""


_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")
