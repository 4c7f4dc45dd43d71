"""A bind: messages from an SMSC or a USSD centre to the desk, answers and receipts back.

deliver_sm ─▶ ShortMessage or UssdInput ─▶ desk ─▶ deliver_sm_resp, and the answers to the outbox
"""

from __future__ import annotations

from collections.abc import Callable

from commands.mobile_number import mobile_number
from gateway.channels.smpp.channel import SmppChannel
from gateway.channels.smpp.delivered import DeliveredWork
from gateway.channels.smpp.pdu_reader import PduReader
from gateway.channels.smpp.reading_rounds import SCREENS, TOGETHER, ReadingRounds
from gateway.channels.smpp.submit import submits
from gateway.channels.smpp.unread_answers import UnreadAnswers
from gateway.channels.smpp.ussd import way_of
from gateway.config.settings import LinkSettings
from gateway.delivery.route import MessagePart
from gateway.model.message_id import moment_of
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    BindNote,
    BindOverlaps,
    OutgoingMessage,
    ReceiptArrived,
    ScreenAct,
    ShortMessage,
    SmppInput,
    UssdInput,
)
from gateway.model.redelivery import LATE
from gateway.serving.work import HallJob
from smpp.connection import SmppConnection
from smpp.messages.receipts import Receipt, message_id_forms, receipt_of
from smpp.pdu import BindKind, DataSm, DeliverSm, SubmitSm
from smpp.session_events import (
    AnswersSeen,
    BindAccepted,
    BindRefused,
    ConnectionStoodStill,
    MessageReceived,
    OutbindReceived,
    SmppProtocolFault,
    SmppSessionEnded,
    SmppSessionEvent,
    SubmitAnswered,
    SubmitAnsweredLate,
    SubmitTimedOut,
    TrailingOctetsIgnored,
)
from smpp.statuses import message_verdict, status_number

OK = status_number("ESME_ROK")
COME_AGAIN = status_number("ESME_RMSGQFUL")  # the SMSC keeps the message and delivers it later


class BoundLink:
    """One connection to an SMSC, from its bind to its end."""

    def __init__(
        self,
        channel: SmppChannel,
        settings: LinkSettings,
        kind: BindKind,
        watch: Callable[[list[SmppSessionEvent]], None] = lambda events: None,
    ) -> None:
        """`watch` sees the events of a connection that is not bound yet, and those of its end."""
        self.channel = channel
        self._watch = watch
        self._settings = settings
        self.link = settings.name
        self._kind = kind
        self._sends = kind.sends
        self._bind = 0  # its id, once it is bound
        self._connection: SmppConnection | None = None
        self._unread = UnreadAnswers(channel.coalescer, channel.wall)
        self._at_the_desk: dict[bytes, int] = {}  # the newest of each fingerprint
        self._faults = 0  # of the peer's, on this connection
        self._overrides = {status_number(name): t for name, t in settings.statuses.items()}
        self._reader = PduReader(
            settings, channel.number, channel.ussd_code, channel.fingerprint_key
        )
        self._ussd = way_of(settings, channel.ussd_code)
        self._rounds = ReadingRounds(TOGETHER if self._ussd is None else SCREENS)

    # -- events of the connection ----------------------------------------------------------------

    def events(self, connection: SmppConnection, events: list[SmppSessionEvent]) -> None:
        if self._connection is None or (events and type(events[-1]) is SmppSessionEnded):
            self._watch(events)
        jobs: list[HallJob] = []
        for event in events:
            match event:
                case MessageReceived(sequence, pdu, may_be_old):
                    if may_be_old or self._stood_still():
                        self.come_again(connection, sequence)
                    elif (job := self._delivered(connection, sequence, pdu)) is not None:
                        jobs.append(job)
                case SubmitAnswered(MessagePart() as part, status, message_id):
                    verdict = message_verdict(status, self._overrides)
                    self.channel.counts.submitted(self.link, verdict.treatment)
                    self.channel.outbox.answered(self, part, verdict, message_id)
                case AnswersSeen(tokens):
                    self._unread.seen(tokens)
                case SubmitTimedOut(MessagePart() as part):
                    self._unanswered(part)
                case SubmitAnsweredLate(MessagePart() as part, status, message_id):
                    self.channel.counts.answered_late[self.link] += 1
                    verdict = message_verdict(status, self._overrides)
                    self.channel.outbox.answered_late(self, part, verdict, message_id)
                case BindAccepted():
                    self._bound(connection)
                case SmppSessionEnded(reason, keys, _):
                    self._ended(reason, [key for key in keys if isinstance(key, MessagePart)])
                case BindRefused(_, verdict):
                    self.channel.log.event("bind refused", link=self.link, reason=verdict.reason)
                case SmppProtocolFault(description):
                    self._fault(description)
                case TrailingOctetsIgnored(octets):
                    self._left_out(octets)
                case ConnectionStoodStill(seconds):
                    self._unread.stood_still()
                    facts = {"link": self.link, "seconds": round(seconds, 1)}
                    self.channel.log.event("link stood still", **facts)
                case OutbindReceived():
                    pass  # who called us has been told of already
                case SubmitAnswered() | SubmitTimedOut() | SubmitAnsweredLate():
                    raise TypeError("an answer to something that we did not send as a part")
        if jobs and self._may_answer_what_just_left(jobs):
            for job in jobs:
                self.channel.coalescer.soon(job)
        elif jobs:
            self.channel.coalescer.together(jobs, self._company(connection, len(jobs)))
        if self._connection is not None and self._sends:
            self.channel.outbox.pump()

    def _company(self, connection: SmppConnection, messages: int) -> float | None:
        """How long messages wait for others once they are read: not where they were read in a
        round; None: as usual."""
        pause = self._rounds.pause(messages, connection.read_at)
        if pause:
            connection.rest(pause)
        return 0.0 if pause else None

    def _may_answer_what_just_left(self, jobs: list[HallJob]) -> bool:
        """Where the SMSC takes our messages on another connection, who answers one may be heard
        before we hear that it was taken; what was taken counts, so he waits for it a moment."""
        if self._sends:
            return False
        works, on_its_way = (job.work for job in jobs), self.channel.outbox.lines.busy
        return any(isinstance(work, SmppInput) and on_its_way(work.source) for work in works)

    def _fault(self, description: str) -> None:
        """A peer can make thousands a second: told are the first, second, fourth, eighth …"""
        self._faults += 1
        if self._faults & (self._faults - 1) == 0:
            facts = {"what": description, "count": self._faults}
            self.channel.log.event("protocol fault", link=self.link, **facts)

    def _unanswered(self, part: MessagePart) -> None:
        """Told as seldom as faults. Late answers may come yet, and enquire_link tells whether
        anybody is there: the bind stays."""
        self.channel.counts.unanswered[self.link] += 1
        count = self.channel.counts.unanswered[self.link]
        if count & (count - 1) == 0:
            self.channel.log.event("no answer in time", link=self.link, count=count)
        self.channel.outbox.unanswered(part)

    def _left_out(self, octets: int) -> None:
        """A habit of the SMSC, not of one message: told once for a link."""
        if self.link not in self.channel.counts.left_out:
            self.channel.log.event(
                "octets behind a message left out", link=self.link, octets=octets
            )
        self.channel.counts.left_out[self.link] += 1

    def _bound(self, connection: SmppConnection) -> None:
        self._connection = connection
        self._bind = self.channel.ids.next()
        self._unread.begin(self._bind)
        self.channel.coalescer.soon(_note(BindBegan(self._bind, self.link, self._settings.group)))
        if self._sends:
            self.channel.sending += 1
            self.channel.outbox.attach(self)

    def _ended(self, reason: str, unanswered: list[MessagePart]) -> None:
        if self._connection is None:
            return
        self._connection = None
        self._unread.end()
        if self._sends:
            self.channel.sending -= 1
            self.channel.outbox.detach(self, unanswered)
        ended = BindEnded(self._bind, self._unread.noted_upto, int(self.channel.wall() * 1000))
        self.channel.coalescer.now([_note(ended, alone=True)])

    # -- messages from subscribers ---------------------------------------------------------------

    def _delivered(
        self, connection: SmppConnection, sequence: int, pdu: DeliverSm | DataSm
    ) -> HallJob | None:
        channel = self.channel
        if channel.desk.full or not channel.open:
            channel.counts.refused(self.link)
            arrived = self._arrived(channel.ids.next(), pdu) if channel.open else None
            if not channel.steps.refuse(arrived, lambda: connection.answer(sequence, OK)):
                connection.answer(sequence, COME_AGAIN)
            return None
        id = channel.ids.next()
        self._unread.came(id)
        pdu = self._reader.unpacked(pdu)
        if (receipt := receipt_of(pdu)) is not None:
            phone = mobile_number(pdu.source_addr)
            kept = self._receipt(id, receipt, phone)
            return DeliveredWork(self, connection, sequence, id, kept, "").job()
        arrived = self._arrived(id, pdu)
        if arrived is None:
            self.taken(connection, sequence, id)
            return None
        channel.counts.arrived(self.link)
        self._look_for_overlap(arrived)
        like_is_late = self._unread.is_like(id, arrived.fingerprint)
        if like_is_late or self._at_the_desk.get(arrived.fingerprint):
            arrived = arrived._replace(like_is_unanswered=True)
        self._at_the_desk[arrived.fingerprint] = id
        key = arrived.phone or str(arrived.source)
        return DeliveredWork(self, connection, sequence, id, arrived, key).job()

    def _stood_still(self) -> bool:
        standstill = self.channel.standstill
        return standstill is not None and standstill.just_over()

    def _look_for_overlap(self, arrived: SmppInput) -> None:
        """Parts of one message, and one that is sent again, may overlap with any peer, and so may
        what comes when that is over for which we let it wait too long; who leaves a dialogue does
        not wait; and who is no subscriber is nobody in particular."""
        match arrived:
            case ShortMessage():
                may_overlap = arrived.fragment is not None
            case UssdInput():
                may_overlap = arrived.act is ScreenAct.END
        if may_overlap or not arrived.phone:
            return
        waiting, dialogue = self.channel.unanswered, arrived.dialogue
        before = waiting.get(dialogue)
        waiting[dialogue] = arrived.id, arrived.fingerprint
        if self.link in self.channel.overlapping:
            return
        if before is not None and _overlap(*before, arrived):
            self.channel.overlapping.add(self.link)
            self.channel.coalescer.soon(_note(BindOverlaps(self._bind)))

    def left_the_desk(self, fingerprint: bytes, id: int) -> None:
        if self._at_the_desk.get(fingerprint) == id:
            del self._at_the_desk[fingerprint]

    def goes_on(self, connection: SmppConnection) -> bool:
        """What came by that connection can still be answered there."""
        return self._connection is connection and self.channel.open

    def taken(self, connection: SmppConnection, sequence: int, id: int) -> None:
        """It is kept."""
        connection.answer(sequence, OK, id)
        self._unread.answered(id)

    def come_again(self, connection: SmppConnection, sequence: int, id: int = 0) -> None:
        """It was not kept, as far as we know."""
        self.channel.counts.refused(self.link)
        self._unread.not_kept(id)
        connection.answer(sequence, COME_AGAIN)

    def _arrived(self, id: int, pdu: DeliverSm | DataSm) -> SmppInput | None:
        """None if there is nothing to serve."""
        arrived = self._reader.read(id, self._bind, pdu)
        if isinstance(arrived, UssdInput):
            return self.channel.steps.seen(arrived, self.channel.unanswered)
        return arrived

    def _receipt(self, id: int, receipt: Receipt, phone: str) -> ReceiptArrived:
        state = receipt.state.name.lower()
        self.channel.counts.receipted(self.link, state)
        at_ms = int(self.channel.wall() * 1000)
        return ReceiptArrived(
            id, self.link, message_id_forms(receipt.message_id), state, at_ms, phone
        )

    # -- messages to subscribers: the outbox's Way -----------------------------------------------

    @property
    def free(self) -> int:
        return self._connection.free if self._connection is not None else 0

    @property
    def window(self) -> int:
        return self._settings.window

    def submit(self, part: MessagePart) -> None:
        assert self._connection is not None  # free was asked first
        self._connection.submit(part.pdu, part)
        if part.delivery.repeats:
            self.channel.counts.repeated[self.link] += 1

    @property
    def flush(self) -> Callable[[], None]:
        assert self._connection is not None  # something was submitted
        return self._connection.flush

    def parts_of(self, message: OutgoingMessage) -> list[SubmitSm]:
        """Raises ValueError for what no PDU of this link can carry."""
        return submits(message, self._settings, self._ussd)


def _overlap(before: int, fingerprint: bytes, arrived: SmppInput) -> bool:
    """Whether the peer did not wait for the answer to the one before."""
    waited = moment_of(arrived.id) - moment_of(before)
    return fingerprint != arrived.fingerprint and waited < LATE


def _note(work: BindNote, *, alone: bool = False) -> HallJob:
    """Something the desk shall know, and whose doing nobody waits for."""
    return HallJob(work, "", lambda _result: None, alone)
