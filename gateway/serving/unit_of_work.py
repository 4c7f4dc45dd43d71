"""One transaction: each piece of work has its function here, and nothing of it is kept before
`keep`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, get_args

from commands.model.request_quota import RequestQuota
from gateway.dialogue.observed.walk_recording import recorded
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.router import Router
from gateway.dialogue.voice_instruction import AfterPrompt, VoiceInstruction
from gateway.model.cluster_view import ClusterView, Place
from gateway.model.doors import DoorAnswer, DoorInput, DoorRequest, DoorWord
from gateway.model.known_caller import KnownCaller
from gateway.model.message_id import moment_of
from gateway.model.messages import (
    CallInput,
    InboxEntry,
    NoteAct,
    OutgoingMessage,
    ReadCaller,
    SendOutcomes,
    ShortMessage,
    SmppInput,
    SubscriberInput,
    UssdInput,
    UssdNotice,
)
from gateway.model.redelivery import Repeats, Undecided
from gateway.model.reply_route import ReplyRoute
from gateway.ops.log import masked
from gateway.serving.boss_work import (
    Due,
    DueErrands,
    ErrandDesk,
    ErrandWork,
    PlanErrand,
    PutOff,
    SettleErrand,
    Settlement,
)
from gateway.serving.delivery_work import DeliveryDesk, DeliveryResult, DeliveryWork
from gateway.serving.door_work import DoorDesk
from gateway.serving.redelivery import RepetitionCheck
from gateway.serving.replying import ReplyAddresses
from gateway.serving.ticket_work import NewsTold, TicketDesk, TicketResult, TicketWork
from gateway.serving.unasked_work import MoveUnasked, PutBackUnasked, moved, put_back
from gateway.serving.unit_context import BatchTally, UnitContext, hall_of
from gateway.serving.work import DeskWork, HeardTurn, Served, WorkResult
from gateway.store.connection import Connection
from gateway.store.editions.recorded_walks import SqlWalks
from gateway.store.figures.details import keep_calls, keep_details
from gateway.store.known_callers import read_callers
from gateway.store.message_parts import SqlParts
from gateway.store.operators.audit import SqlAudit
from gateway.store.ports.boss_jobs import ErrandPlan
from smpp.messages.segmentation import Fragment, join_fragments


class UnitOfWork:
    def __init__(
        self,
        context: UnitContext,
        connection: Connection,
        quota: RequestQuota,
        view: ClusterView,
    ) -> None:
        self._context = context
        self._connection = connection
        self._view = view
        self._messages = context.store.messages
        self._editions = editions = context.editions  # a reload meanwhile is for the next batch
        self._book = book = editions.base
        self._ports = ports = context.store.ports(connection)
        self._replies = ReplyAddresses(book)
        self.repetitions = RepetitionCheck(context.redelivery, connection)
        self.tally = BatchTally()
        self.placed = False  # there is new work for the lane
        self.inbox: list[InboxEntry] = []
        self.outbox: list[OutgoingMessage] = []
        self.events: list[dict[str, object]] = []
        self.refused: list[tuple[str, str]] = []  # by interface: why
        self.handed: frozenset[int] = frozenset()  # of the outbox: what others send
        self.deliveries = DeliveryDesk(
            context, connection, view, ports, self.repetitions, self.events
        )
        self._hall = hall_of(context, book, ports, quota, self.tally)
        self.router = Router(editions, self._hall, context.store.seal)

    def prepare(self, works: Sequence[DeskWork]) -> None:
        """What the peers took is known to all that comes; who is asked about is read together."""
        phones: set[str] = set()
        dialogues: set[str] = set()
        arrived: list[SmppInput] = []
        for work in works:
            if isinstance(work, SmppInput):
                if work.phone:
                    arrived.append(work)
                    phones.add(work.phone)
                    dialogues.add(work.dialogue)
            elif isinstance(work, SendOutcomes):
                self.deliveries.settle(work.settled)
            elif isinstance(work, CallInput):
                phones.add(work.phone)
                if work.stands is None:
                    dialogues.add(work.dialogue)
            elif isinstance(work, HeardTurn) and work.again:
                dialogues.add(work.message.dialogue)
            elif isinstance(work, DoorRequest | DoorWord):
                phones.add(work.message.phone)
                dialogues.add(work.message.dialogue)
            elif isinstance(work, SettleErrand):
                phones.update((work.errand.phone, work.errand.subject))
        phones.discard("")
        if phones:
            self._ports.accounts.load(phones)
            self.repetitions.load(phones, self._ports.accounts.find, arrived)
        if dialogues:
            self.router.read_together(self._connection, self._context.sessions, dialogues)

    # -- what comes from a subscriber ------------------------------------------------------------

    def short_message(self, message: ShortMessage) -> Served | Undecided:
        """New, sent again, or a part of one."""
        if (verdict := self.repetitions.verdict(message)) is not None:
            return self._again(message, verdict)
        if message.fragment is not None:
            whole = self._joined(message, message.fragment)
            if whole is None:
                return self._kept(InboxEntry(message, "part", "kept"))
            message = whole
        if not message.phone:
            return self._kept(InboxEntry(message, "foreign", "ignored"))
        if not message.text.strip():
            return self._kept(InboxEntry(message, "empty", "ignored"))
        turn = self.router.short_message(message)
        route = self._replies.to_sender(message)
        answers = self._replies.letters(message, route, turn, turn.asks_for)
        return self._answered(message, route, turn, tuple(answers))

    def ussd(self, message: UssdInput) -> Served | Undecided:
        """New, or sent again."""
        if (verdict := self.repetitions.verdict(message)) is not None:
            return self._again(message, verdict)
        if not message.phone:
            return self._kept(InboxEntry(message, "foreign", "ignored"))
        turn = self.router.ussd(message)
        route = self._replies.to_phone(message, turn.number)
        answers = self._replies.shown(message, route, turn)
        return self._answered(message, route, turn, tuple(answers))

    def call(self, message: CallInput) -> Served:
        turn = self.router.call(message)
        route = self._replies.to_caller(message, turn.number)
        answers = self._replies.letters(message, route, turn, turn.asks_for)
        served = self._answered(message, route, turn, tuple(answers))
        return served._replace(stands=self.router.stands(message))

    def _door(self, work: DoorRequest | DoorWord) -> DoorAnswer:
        """Of another interface; what it was answered before is not served again."""
        message, asked = work.message, self.router.dialogue(work.message.dialogue)
        seal, there = self._context.store.seal, self.router.begins(message.phone)
        desk = DoorDesk(self._connection, seal, there.hall, there.snapshot, asked)
        answer, turn, asks = desk.do(work)
        if turn is not None:
            self.router.served_on = there.snapshot.version
            route = self._replies.to_number(message)
            letters = tuple(self._replies.letters(message, route, turn, turn.asks_for))
            self._answered(message, route, turn, letters)
        if asks is not None:
            self.router.asks_besides(message.dialogue, asks, message.id)
        return answer

    def _heard(self, work: HeardTurn) -> Served:
        """Once, however often it is brought; and where the caller stood is no news by then, if he
        stands elsewhere already."""
        message, said = work.message, work.turn.said
        if work.again and self._messages.has(self._connection, message.id):
            return Served()
        if not work.again or self.router.stands(message) == message.stands:
            self.router.heard(message, work.turn)
        return self._kept(InboxEntry(message, said.action, said.result, said.heard, why=said.why))

    def _caller(self, work: ReadCaller) -> KnownCaller:
        return read_callers(self._connection, [work.phone], work.now)[work.phone]

    def _answered(
        self,
        message: SubscriberInput | DoorInput,
        route: ReplyRoute,
        turn: RoutedTurn,
        answers: tuple[OutgoingMessage, ...],
    ) -> Served:
        """`route`: by which a result that comes later reaches who asked."""
        self.tally.note(message.id, turn.refused)
        self.refused += [(self._replies.interface_of(message), why) for why in turn.refused]
        for errand in self._ports.errands.placed_now():
            self.placed = True
            self._ports.errands.address(errand, route, self.router.served_on)
        entry = InboxEntry(message, turn.action, turn.result, turn.heard, why=turn.why)
        return self._kept(entry, answers, turn.cue)

    def _joined(self, message: ShortMessage, part: Fragment) -> ShortMessage | None:
        """The whole message, if this was its last part."""
        context = self._context
        seal, patience = context.store.seal, context.retention.parts
        kept = SqlParts(self._connection, seal, patience, context.smscs)
        parts = kept.keep(message, part)
        return message._replace(text=join_fragments(parts, message.default)) if parts else None

    def _again(self, message: SmppInput, repeated: Repeats | Undecided) -> Served | Undecided:
        """The peer sends again what it saw no answer to. What was said to it and has been taken is
        said again in the same words; what has not been taken yet is still on its way. Where nobody
        can be sure that it is a repetition, it has an answer of its own in any case; where we have
        asked for it, none."""
        if isinstance(repeated, Undecided):
            return repeated
        if repeated.asked_for and isinstance(message, ShortMessage):
            return self._kept(InboxEntry(message, "again", "repeated", same_as=repeated.message))
        waiting = not repeated.in_order
        said = self._messages.replies(self._connection, repeated.answered_as, waiting=waiting)
        entry = InboxEntry(message, "again", "repeated", same_as=repeated.message)
        return self._kept(entry, self._replies.again(message, said))

    def apologise(self, message: SubscriberInput) -> Served:
        """A message that cannot be served is kept and answered all the same."""
        self.router.failed(message, self._connection, self._context.sessions)
        entry = InboxEntry(message, "failed", "failed")
        if isinstance(message, CallInput):
            words = self._book.conversation.busy(message.channel)
            return self._kept(entry, cue=VoiceInstruction(words, "zh", AfterPrompt.HANG_UP))
        return self._kept(entry, (self._replies.sorry(message),) if message.phone else ())

    def _kept(
        self,
        entry: InboxEntry,
        answers: tuple[OutgoingMessage, ...] = (),
        cue: VoiceInstruction | None = None,
    ) -> Served:
        entry = self.repetitions.kept(entry)
        message = entry.message
        self.inbox.append(entry)
        self.outbox.extend(answers)
        self.events.append(
            {
                "event": "served",
                "id": message.id,
                "phone": masked(message.phone),
                "channel": message.channel.value,
                "link": message.link,
                "action": entry.action,
                "result": entry.result,
            }
        )
        return Served(answers, cue)

    # -- what nobody has asked for ---------------------------------------------------------------

    def _notice(self, notice: UssdNotice) -> Served:
        answers = (self._replies.notice(notice),)
        self.outbox.extend(answers)
        return Served(answers)

    def _tickets(self, work: TicketWork) -> TicketResult:
        seal = self._context.store.seal
        done = TicketDesk(self._connection, seal, self._hall, self._editions).do(work)
        if isinstance(done, NewsTold):
            self.outbox.extend(done.answers)
        return done

    def _note_act(self, work: NoteAct) -> None:
        SqlAudit(self._connection, self._context.store.seal).append(work.entry)

    def _move_unasked(self, work: MoveUnasked) -> Served:
        answers = moved(self._connection, self._context.store.seal, work, self._replies)
        self.outbox.extend(answers)
        return Served(tuple(answers))

    def _put_back_unasked(self, work: PutBackUnasked) -> None:
        self.deliveries.settle(work.ended)
        put_back(self._connection, self._context.store.seal, work.ended)

    def _errand(self, work: ErrandWork) -> Due | ErrandPlan | Settlement | None:
        there = self.router.goes_on(*_asked_for(work))
        done = ErrandDesk(self._ports, there.hall, there.snapshot).do(work)
        if isinstance(done, Settlement):
            self.outbox.extend(done.answers)
        return done

    def _deliver(self, work: DeliveryWork) -> DeliveryResult:
        return self.deliveries.do(work)

    # -- before the commit -----------------------------------------------------------------------

    def keep(self) -> None:
        """All but the outbox: where its rows stand is decided last."""
        self._messages.keep(self._connection, self.inbox)
        keep_details(self._connection, self.tally.details)
        keep_calls(self._connection, self.inbox)
        if self.inbox:
            now = int(moment_of(self.inbox[-1].message.id))
            self._context.sessions.save(self._connection, self.router.changed, now)
        if walked := self.router.walked:
            SqlWalks(self._connection).add(recorded(walked, self._context.recorded))

    def put(self, places: Mapping[int, Place]) -> None:
        """The outbox, each row in its place, or in our own slot."""

        def place(id: int) -> Place:
            return places.get(id) or self._view.default_place(id)

        self._messages.put(self._connection, self.outbox, place)
        self.handed = frozenset(id for id, place in places.items() if place.handed)

    DOES: ClassVar[dict[type[DeskWork], Callable[..., WorkResult]]]


def _asked_for(work: ErrandWork) -> tuple[str, str]:
    """By which edition, and by whom; empty: nobody's."""
    match work:
        case PlanErrand(kept):
            return kept.edition, kept.errand.phone
        case SettleErrand(errand):
            return "", errand.phone
        case _:
            return "", ""


UnitOfWork.DOES = {
    ShortMessage: UnitOfWork.short_message,
    UssdInput: UnitOfWork.ussd,
    CallInput: UnitOfWork.call,
    DoorRequest: UnitOfWork._door,
    DoorWord: UnitOfWork._door,
    HeardTurn: UnitOfWork._heard,
    ReadCaller: UnitOfWork._caller,
    UssdNotice: UnitOfWork._notice,
    NoteAct: UnitOfWork._note_act,
    MoveUnasked: UnitOfWork._move_unasked,
    PutBackUnasked: UnitOfWork._put_back_unasked,
    **dict.fromkeys(DeliveryDesk.DOES, UnitOfWork._deliver),
    DueErrands: UnitOfWork._errand,
    PlanErrand: UnitOfWork._errand,
    PutOff: UnitOfWork._errand,
    SettleErrand: UnitOfWork._errand,
    **dict.fromkeys(get_args(TicketWork), UnitOfWork._tickets),
}
"""What is done for each kind of work."""
