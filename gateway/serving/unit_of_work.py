"""One transaction: each piece of work has its function here, and nothing of it is kept before
`keep`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from commands.care import close_ticket, satisfaction_rating
from commands.model.hall import Hall
from commands.model.request_quota import QuotaCategory, RequestQuota
from gateway.boss.ports import CardsElsewhere
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.router import Router
from gateway.dialogue.voice_instruction import AfterPrompt, VoiceInstruction
from gateway.dialogue.walk_recording import recorded
from gateway.model.cluster_view import ClusterView, Place
from gateway.model.known_caller import KnownCaller
from gateway.model.message_id import moment_of
from gateway.model.messages import (
    CallInput,
    CloseTicket,
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
from gateway.serving.redelivery import RepetitionCheck
from gateway.serving.replying import ReplyAddresses
from gateway.serving.unit_context import BatchTally, UnitContext
from gateway.serving.work import DeskWork, HeardTurn, Served, WorkResult
from gateway.store.connection import Connection
from gateway.store.known_callers import read_callers
from gateway.store.menus.recorded_walks import SqlWalks
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
        self._book = book = context.book  # a reload in the meantime is for the next batch
        self._ports = ports = context.store.ports(connection)
        self._replies = ReplyAddresses(book)
        self._repetitions = RepetitionCheck(context.redelivery, connection)
        self.tally = BatchTally()
        self.placed = False  # there is new work for the lane
        self.inbox: list[InboxEntry] = []
        self.outbox: list[OutgoingMessage] = []
        self.events: list[dict[str, object]] = []
        self.refused: list[tuple[str, str]] = []  # by interface: why
        self.handed: frozenset[int] = frozenset()  # of the outbox: what others send
        self.deliveries = DeliveryDesk(
            context, connection, view, ports, self._repetitions, self.events
        )
        self._hall = Hall(
            ports.accounts,
            ports.services,
            ports.passwords,
            ports.orders,
            book.catalogue,
            context.chance,
            quota,
            ports.profiles,
            ports.bills,
            ports.people,
            ports.strikes,
            ports.codes,
            CardsElsewhere() if context.placed else ports.cards,
            ports.tickets,
            ports.preferences,
            ports.links,
            book.register.settings,
            book.regions,
            book.holidays,
            self.tally,
            ports.errands if context.placed else None,
        )
        self.router = Router(book, self._hall, context.store.seal)

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
            elif isinstance(work, SettleErrand):
                phones.update((work.errand.phone, work.errand.subject))
        phones.discard("")
        if phones:
            self._ports.accounts.load(phones)
            self._repetitions.load(phones, self._ports.accounts.find, arrived)
        if dialogues:
            self.router.read_together(self._connection, self._context.sessions, dialogues)

    def asked_elsewhere(self, phone: str) -> list[tuple[int, QuotaCategory]]:
        """When, and what, while other gateways serve the store too."""
        return self._repetitions.asked_elsewhere(phone)

    # -- what comes from a subscriber ------------------------------------------------------------

    def short_message(self, message: ShortMessage) -> Served | Undecided:
        """New, sent again, or a part of one."""
        if (verdict := self._repetitions.verdict(message)) is not None:
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
        if (verdict := self._repetitions.verdict(message)) is not None:
            return self._again(message, verdict)
        if not message.phone:
            return self._kept(InboxEntry(message, "foreign", "ignored"))
        turn, route = self.router.ussd(message), self._replies.to_phone(message)
        answers = self._replies.shown(message, route, turn)
        return self._answered(message, route, turn, tuple(answers))

    def call(self, message: CallInput) -> Served:
        turn, route = self.router.call(message), self._replies.to_caller(message)
        answers = self._replies.letters(message, route, turn, turn.asks_for)
        served = self._answered(message, route, turn, tuple(answers))
        return served._replace(stands=self.router.stands(message))

    def _heard(self, work: HeardTurn) -> Served:
        """Once, however often it is brought; and where the caller stood is no news by then, if he
        stands elsewhere already."""
        message, said = work.message, work.turn.said
        if work.again and self._messages.has(self._connection, message.id):
            return Served()
        if not work.again or self.router.stands(message) == message.stands:
            self.router.heard(message, work.turn)
        return self._kept(InboxEntry(message, said.action, said.result, said.heard))

    def _caller(self, work: ReadCaller) -> KnownCaller:
        return read_callers(self._connection, [work.phone], work.now)[work.phone]

    def _answered(
        self,
        message: SubscriberInput,
        route: ReplyRoute,
        turn: RoutedTurn,
        answers: tuple[OutgoingMessage, ...],
    ) -> Served:
        """`route`: by which a result that comes later reaches who asked."""
        if turn.refused:
            interface = self._book.register.interfaces[message.channel]
            self.refused += [(interface, reason) for reason in turn.refused]
        for errand in self._ports.errands.placed_now():
            self.placed = True
            self._ports.errands.address(errand, route)
        entry = InboxEntry(message, turn.action, turn.result, turn.heard)
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
        can be sure that it is a repetition, it has an answer of its own in any case."""
        if isinstance(repeated, Undecided):
            return repeated
        waiting = not repeated.in_order
        said = self._messages.replies(self._connection, repeated.answered_as, waiting=waiting)
        entry = InboxEntry(message, "again", "repeated", same_as=repeated.message)
        return self._kept(entry, self._replies.again(message, said))

    def apologise(self, message: SubscriberInput) -> Served:
        """A message that cannot be served is kept and answered all the same."""
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
        entry = self._repetitions.kept(entry)
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

    def _close_ticket(self, work: CloseTicket) -> int:
        """How many messages tell it; 0: there is no such ticket, or it is closed already."""
        book, now = self._book, int(moment_of(work.id))
        port = book.register.port_of(satisfaction_rating.RATES)
        replies = close_ticket.close(work.number, work.result, self._hall, now, port)
        answers = self._replies.told(work, book.conversation.later(replies, "", self._hall))
        self.outbox.extend(answers)
        return len(answers)

    def _note_act(self, work: NoteAct) -> None:
        SqlAudit(self._connection, self._context.store.seal).append(work.entry)

    def _errand(self, work: ErrandWork) -> Due | ErrandPlan | Settlement | None:
        done = ErrandDesk(self._ports, self._hall, self._book).do(work)
        if isinstance(done, Settlement):
            self.outbox.extend(done.answers)
        return done

    def _deliver(self, work: DeliveryWork) -> DeliveryResult:
        return self.deliveries.do(work)

    # -- before the commit -----------------------------------------------------------------------

    def keep(self) -> None:
        """All but the outbox: where its rows stand is decided last."""
        self._messages.keep(self._connection, self.inbox)
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


UnitOfWork.DOES = {
    ShortMessage: UnitOfWork.short_message,
    UssdInput: UnitOfWork.ussd,
    CallInput: UnitOfWork.call,
    HeardTurn: UnitOfWork._heard,
    ReadCaller: UnitOfWork._caller,
    UssdNotice: UnitOfWork._notice,
    CloseTicket: UnitOfWork._close_ticket,
    NoteAct: UnitOfWork._note_act,
    **dict.fromkeys(DeliveryDesk.DOES, UnitOfWork._deliver),
    DueErrands: UnitOfWork._errand,
    PlanErrand: UnitOfWork._errand,
    PutOff: UnitOfWork._errand,
    SettleErrand: UnitOfWork._errand,
}
"""What is done for each kind of work."""
