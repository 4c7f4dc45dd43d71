"""The SMPP door: messages from an SMSC or a USSD centre to the desk, answers and receipts back.

Delivered ─▶ Arrived ─▶ desk ─▶ Served ─▶ deliver_sm_resp, then the answers leave by the outbox
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.python.failure import Failure

from gateway.batch import Served
from gateway.channels.senders import fingerprint, mobile
from gateway.channels.submits import submits
from gateway.channels.ussd import Steps, heard_by, lane_of, turn_of, way_of
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.ids import Ids, moment_of
from gateway.log import Log
from gateway.mail import Act, Arrived, BindBegan, BindEnded, Outgoing, Overlaps, Proven, Receipted
from gateway.outbox import Outbox
from gateway.parcels import Part
from gateway.post import Post
from gateway.settings import LinkSettings
from smpp.alphabets import Encoding
from smpp.connection import SmppConnection
from smpp.events import (
    AnsweredLate,
    AnswersSeen,
    BindRefused,
    Bound,
    Delivered,
    Ended,
    Event,
    Invited,
    LeftOut,
    ProtocolFault,
    Submitted,
    TimedOut,
)
from smpp.packed import unpacked
from smpp.pdu import BindKind, DataSm, DeliverSm, SubmitSm
from smpp.receipts import Receipt, id_forms, receipt_of
from smpp.statuses import message_verdict, number_of
from smpp.text import fragment_of, text_of

OK = number_of("ESME_ROK")
COME_AGAIN = number_of("ESME_RMSGQFUL")  # the SMSC keeps the message and delivers it later


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
        steps: Steps,
        ussd_code: str = "*139#",
        number: str = "10086",
    ) -> None:
        self.desk = desk
        self.post = post
        self.outbox = outbox
        self.ids = ids
        self.wall = wall
        self.counts = counts
        self.log = log
        self.fingerprint_key = fingerprint_key
        self.steps = steps
        self.ussd_code = ussd_code
        self.number = number
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
        self._meant = settings.meant
        packed = Encoding.GSM7_PACKED
        self._packed = {coding for coding, how in settings.encodings.items() if how is packed}
        self._ussd = way_of(settings, door.ussd_code)

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
                    self._unanswered(part)
                case AnsweredLate(Part() as part, status, message_id):
                    self._door.counts.answered_late[self.link] += 1
                    verdict = message_verdict(status, self._overrides)
                    self._door.outbox.answered_late(self, part, verdict, message_id)
                case Bound():
                    self._bound(connection)
                case Ended(reason, keys, _):
                    self._ended(reason, [key for key in keys if isinstance(key, Part)])
                case BindRefused(_, verdict):
                    self._door.log.event("bind refused", link=self.link, reason=verdict.reason)
                case ProtocolFault(description):
                    self._fault(description)
                case LeftOut(octets):
                    self._left_out(octets)
                case Invited():
                    pass  # who called us has been told of already
                case Submitted() | TimedOut() | AnsweredLate():
                    raise TypeError("an answer to something that we did not send as a part")
        if jobs:
            self._hand_over(jobs)
        if self._connection is not None and self._kind.sends:
            self._door.outbox.pump()

    def _hand_over(self, jobs: list[Job]) -> None:
        """Where the SMSC takes our messages on another connection, who answers one may be heard
        before we hear that it was taken; what was taken counts, so he waits for company."""
        box, works = self._door.outbox, (job.work for job in jobs)
        if self._kind.sends or not any(
            isinstance(work, Arrived) and box.is_on_its_way_to(work.source) for work in works
        ):
            self._door.post.now(jobs)
            return
        for job in jobs:
            self._door.post.soon(job)

    def _fault(self, description: str) -> None:
        """A peer can make thousands a second: told are the first, second, fourth, eighth …"""
        self._faults += 1
        if self._faults & (self._faults - 1) == 0:
            facts = {"what": description, "count": self._faults}
            self._door.log.event("protocol fault", link=self.link, **facts)

    def _unanswered(self, part: Part) -> None:
        """Told as seldom as faults. Late answers may come yet, and enquire_link tells whether
        anybody is there: the bind stays."""
        self._door.counts.unanswered[self.link] += 1
        count = self._door.counts.unanswered[self.link]
        if count & (count - 1) == 0:
            self._door.log.event("no answer in time", link=self.link, count=count)
        self._door.outbox.unanswered(part)

    def _left_out(self, octets: int) -> None:
        """A habit of the SMSC, not of one message: told once for a link."""
        if self.link not in self._door.counts.left_out:
            self._door.log.event("octets behind a message left out", link=self.link, octets=octets)
        self._door.counts.left_out[self.link] += 1

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
            arrived = self._arrived(door.ids.next(), pdu) if door.open else None
            if not door.steps.refuse(arrived, lambda: connection.answer(sequence, OK)):
                connection.answer(sequence, COME_AGAIN)
            return None
        id = self._newest = door.ids.next()
        self._unproven[id] = None
        if pdu.data_coding in self._packed:
            pdu = self._unpacked(pdu)
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

    def _unpacked(self, pdu: DeliverSm | DataSm) -> DeliverSm | DataSm:
        """Dialogues have their own way of packing, and receipts mostly come as they are."""
        as_it_is = heard_by(self._ussd, pdu) or b"stat:" in pdu.payload.lower()
        return pdu if as_it_is else unpacked(pdu)

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
        step = self._door.steps.begin(work, lambda: connection.answer(sequence, OK, id))

        def done(result: object) -> None:
            if isinstance(work, Arrived):
                self._door.unanswered.pop(lane_of(work), None)
            if step is not None and step.done(result):
                return
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
        arrived = Arrived(
            id,
            self._bind,
            settings.name,
            fingerprint(pdu, self._door.fingerprint_key),
            mobile(pdu.source_addr),
            f"{pdu.source_addr_ton}.{pdu.source_addr_npi}.{pdu.source_addr}",
            self._port(pdu),
            said.text if said else "" if fragment else text_of(pdu, self._meant),
            fragment,
            self._meant,
            settings.trusted,
            turn,
        )
        return arrived if turn is None else self._door.steps.seen(arrived, self._door.unanswered)

    def _port(self, pdu: DeliverSm | DataSm) -> str:
        """The number that was written to; where the SMSC does not say, ours."""
        if not pdu.destination_addr.strip():
            return f"0.1.{self._door.number}"
        return f"{pdu.dest_addr_ton}.{pdu.dest_addr_npi}.{pdu.destination_addr}"

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
        if part.parcel.repeats:
            self._door.counts.repeated[self.link] += 1

    def parts_of(self, message: Outgoing) -> list[SubmitSm]:
        """Raises ValueError for what no PDU of this link can carry."""
        return submits(message, self._settings, self._ussd)


def _note(work: object, *, alone: bool = False) -> Job:
    """Something the desk shall know, and whose doing nobody waits for."""
    return Job(work, "", lambda _result: None, alone)
