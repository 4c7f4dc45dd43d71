"""What the desk does with a batch, in one transaction: acknowledged means safe, effects happen
once.

note what the peers took and read ─▶ read the batch's subscribers and dialogues together
  ─▶ each message: sent again? a part? else one step of its conversation
  ─▶ keep messages, answers, dialogues ─▶ commit
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection
from twisted.python.failure import Failure

from commands import close_ticket, rating
from commands.ports import Chance, Hall
from commands.vocabulary import Channel
from gateway.book import Book
from gateway.boss.ports import CardsElsewhere
from gateway.boss.work import DueErrands, ErrandDesk, PlanErrand, PutOff, SettleErrand, Settlement
from gateway.calls.cue import Cue, Then
from gateway.conversation import Letter
from gateway.counts import Counts
from gateway.desk import Unavailable
from gateway.housekeeping import Retention, tidy
from gateway.ids import floor_at, moment_of, reply_id
from gateway.log import Log, masked, place_of
from gateway.mail import (
    Act,
    Arrived,
    BindBegan,
    BindEnded,
    BindNote,
    CloseTicket,
    Endings,
    Entry,
    Notice,
    Outgoing,
    Overlaps,
    Proven,
    Receipted,
    Screen,
    Settled,
    Tidy,
    Waiting,
    international,
)
from gateway.menus.guide import Guided
from gateway.menus.recording import recorded
from gateway.menus.usage import Usage, counted
from gateway.outage import Outage, is_away, is_passing
from gateway.quota import BatchQuota, HourlyQuota
from gateway.redelivery import Before, Unproven, Unread
from gateway.sessions import Sessions
from gateway.standing import ANY_LINE, NOWHERE
from gateway.store.errands import Way
from gateway.store.parts import SqlParts
from gateway.store.receipts import SqlReceipts
from gateway.store.store import Ports, Store
from gateway.store.walks import SqlWalks
from gateway.talk import Said, Talk, digits
from menus.steps import End, Show
from smpp.text import Alphabet, join, measure
from tariffs.label import in_language

SCREEN_WITHIN_MS = 10_000  # a network waits little longer for the answer to a key

PUSHED_WITHIN_MS = 60_000

READS = (Waiting, DueErrands, Tidy)
"""Work that may write nothing: that it was done does not show that the store keeps anything."""


class Served(NamedTuple):
    """An arrived message is kept; these are its answers."""

    answers: tuple[Outgoing, ...] = ()
    cue: Cue | None = None
    """What a call is to do now."""
    failed: bool = False
    """It could not be served; an apology is all it got, and the log says why."""


class Counter:
    """The desk's work. One instance serves all desk threads."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        book: Book,
        quota: HourlyQuota,
        chance: Chance,
        unproven: Unproven,
        retention: Retention,
        counts: Counts,
        log: Log,
        *,
        message_lines: bool = True,
        placed: Callable[[], None] | None = None,
    ) -> None:
        """`placed`: there is a BOSS, and this tells its lane that it has got work; from any
        thread."""
        self.store = store
        self.sessions = sessions
        self.book = book
        self.quota = quota
        self.chance = chance
        self.unproven = unproven
        self.retention = retention
        self.counts = counts
        self.log = log
        self.message_lines = message_lines
        self.placed = placed
        self.usage = Usage()
        self.recorded = 0.0  # the share of walks through menus whose keys are kept
        self.outage = Outage()
        self.ours: Callable[[Connection], bool] = lambda _: True
        """Whether the store is still this gateway's to serve, asked before each commit."""
        self._doubtful: list[Arrived] = []  # the commit failed, and may have come through
        self._owed: list[BindNote] = []  # notes that could not be made
        self._taken: list[Settled] = []  # texts that asked for a confirm, not noted as taken yet
        self._catching_up = Lock()

    def remember_unproven(self, now: float) -> None:
        """After a start: what the peers may send again since the last run."""
        since = now - self.unproven.horizon
        messages = self.store.messages
        found: list[Unread] = []
        with self.store.transaction() as connection:
            for bind in messages.unended(connection, int(since * 1000), int(now * 1000)):
                after = max(bind.upto, floor_at(since))
                unread = messages.unproven(connection, bind.bind, after)
                found += messages.still_expected(connection, unread, bind.at_ms)
        self.unproven.add(found, now)

    def __call__(self, batch: Sequence[object]) -> Sequence[object]:
        try:
            return self._served(batch)
        except Exception as error:
            if is_away(error):
                self.outage.began(error, self.log)
            elif not isinstance(error, Unavailable):
                raise
            self._owed += [work for work in batch if isinstance(work, BindNote)]
            self._taken += [one for one in settled_in(batch) if one.asks_for and one.accepted]
            raise Unavailable(type(error).__name__) from error

    def _served(self, batch: Sequence[object]) -> Sequence[object]:
        try:
            self._catch_up()
            results = self._in_one_transaction(batch)
        except Exception as error:
            if is_passing(error):
                results = self._in_one_transaction(batch)
            elif len(batch) == 1 and isinstance(batch[0], Arrived) and not _is_refusal(error):
                return [self._apologise(batch[0], error)]
            else:
                raise
        if self.outage.what and self._shows_an_end(batch):
            self.outage.over(self.log)
        return results

    def _shows_an_end(self, batch: Sequence[object]) -> bool:
        """Only for messages the sessions are asked, and only what writes shows that the store
        keeps."""
        if self.outage.what == "store":
            return not all(isinstance(work, READS) for work in batch)
        return any(isinstance(work, Arrived) for work in batch)

    def _catch_up(self) -> None:
        """After the store was away. If it died while it committed, it may have kept everything and
        not said so; the peers were asked to send again, and that must be known for a repetition.
        And what became of binds in the meantime is noted before anything comes by the next, and
        which texts were taken, before they are answered."""
        if not (self._doubtful or self._owed or self._taken):
            return
        with self._catching_up:
            doubtful, owed, found = tuple(self._doubtful), tuple(self._owed), list[Unread]()
            taken = tuple(self._taken)
            with self.store.transaction() as connection:
                for one in taken:
                    self.store.ports(connection).orders.taken(
                        one.asks_for, one.id, one.at_ms // 1000
                    )
                for work in owed:
                    found += self.noted(connection, work)
                for bind in {message.bind for message in doubtful}:
                    ids = {message.id for message in doubtful if message.bind == bind}
                    kept = self.store.messages.unproven(connection, bind, min(ids) - 1)
                    found += [one for one in kept if one.came in ids]
            if found:
                self.unproven.add(found, moment_of(found[-1].came))
            del self._doubtful[: len(doubtful)]
            del self._owed[: len(owed)]
            del self._taken[: len(taken)]

    def noted(self, connection: Connection, work: BindNote) -> list[Unread]:
        """What became of a bind; what may come again because it ended."""
        messages = self.store.messages
        match work:
            case BindBegan():
                messages.began(connection, work)
            case Overlaps(bind):
                messages.overlaps(connection, bind)
            case BindEnded():
                messages.ended(connection, work)
                return messages.unproven(connection, work.bind, work.upto)
        return []

    def _in_one_transaction(self, works: Sequence[object]) -> Sequence[object]:
        began = time.perf_counter()
        with self._batch() as batch:
            results = batch.serve(works)
        if self.message_lines:
            self.log.events(batch.events)
        served = [(e.message.channel, e.action, e.result) for e in batch.inbox]
        self.usage.add(counted(batch.talk.walked))
        self.counts.offered(batch.tally.offers)
        self.counts.batch(served, batch.refused, time.perf_counter() - began)
        if self.placed is not None and batch.placed:
            self.placed()
        return results

    @contextmanager
    def _batch(self) -> Iterator[_Batch]:
        """A transaction whose end keeps everything, or of which nothing remains."""
        undo: list[Before] = []
        quota = BatchQuota(self.quota)
        committing: list[Entry] = []
        try:
            with self.store.transaction() as connection:
                batch = _Batch(self, connection, undo, quota)
                yield batch
                batch.keep()
                if not self.ours(connection):
                    raise Unavailable("another gateway may serve this store by now")
                committing = batch.inbox
        except BaseException as error:
            if not is_passing(error):
                self._doubtful += [entry.message for entry in committing]
            self.unproven.put_back(undo)
            quota.give_back()
            raise

    def _apologise(self, arrived: Arrived, error: Exception) -> Served:
        """A message that we cannot serve is kept and answered all the same: sent again and again,
        it would come back for ever."""
        phone = masked(arrived.phone)
        self.log.event("failed", id=arrived.id, phone=phone, error=place_of(error))
        with self._batch() as batch:
            return batch.apologise(arrived)._replace(failed=True)


def tell_failed(log: Log, error: Exception, results: Sequence[object]) -> None:
    """Why a batch failed that is no outage: by the jobs that failed alone as well, or, if none did,
    by what the batch itself ran into."""
    alone = [one.value for one in results if isinstance(one, Failure) and one.value is not None]
    for each in alone:
        if not isinstance(each, Unavailable):
            log.event("work failed", error=place_of(each))
    if not alone and not any(isinstance(one, Served) and one.failed for one in results):
        log.event("batch failed", error=place_of(error), jobs=len(results))


def _is_refusal(error: Exception) -> bool:
    """The message would fare no better alone."""
    return isinstance(error, Unavailable) or is_away(error)


@dataclass(slots=True)
class BatchTally:
    """commands.keeping.Tally: counted once the batch is kept."""

    offers: list[tuple[str, str]] = field(default_factory=list)

    def offer(self, code: str, result: str) -> None:
        self.offers.append((code, result))


@dataclass(slots=True)
class _Batch:
    """One transaction."""

    counter: Counter
    connection: Connection
    undo: list[Before]  # what was taken from the messages that may come again
    quota: BatchQuota
    book: Book = field(init=False)  # a reload in the meantime is for the next batch
    ports: Ports = field(init=False)
    hall: Hall = field(init=False)
    talk: Talk = field(init=False)
    tally: BatchTally = field(default_factory=lambda: BatchTally())
    placed: bool = False  # there is new work for the lane
    inbox: list[Entry] = field(default_factory=list)
    outbox: list[Outgoing] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)  # by interface: why

    def __post_init__(self) -> None:
        counter = self.counter
        self.book = counter.book
        self.ports = ports = counter.store.ports(self.connection)
        self.hall = Hall(
            ports.accounts,
            ports.services,
            ports.passwords,
            ports.orders,
            self.book.catalogue,
            counter.chance,
            self.quota,
            ports.profiles,
            ports.bills,
            ports.people,
            ports.strikes,
            ports.codes,
            CardsElsewhere() if counter.placed else ports.cards,
            ports.tickets,
            ports.preferences,
            ports.links,
            self.book.register.settings,
            self.book.regions,
            self.book.holidays,
            self.tally,
            ports.errands if counter.placed else None,
        )
        self.talk = Talk(self.book, self.hall, counter.store.seal)

    def serve(self, works: Sequence[object]) -> list[object]:
        self._settle(settled_in(works))
        self._read_together([work for work in works if isinstance(work, Arrived)], works)
        return [self._one(work) for work in works]

    def _read_together(self, arrived: Sequence[Arrived], works: Sequence[object]) -> None:
        phones = {message.phone for message in arrived}
        told = [work.errand for work in works if isinstance(work, SettleErrand)]
        phones.update(number for errand in told for number in (errand.phone, errand.subject))
        self.ports.accounts.load(phones - {""})
        if arrived:
            self.talk.read_together(self.connection, self.counter.sessions, arrived)

    def _one(self, work: object) -> object:
        messages = self.counter.store.messages
        match work:
            case Arrived():
                return self._arrived(work)
            case Notice():
                return self._noticed(work)
            case CloseTicket():
                return self._ticket_done(work)
            case Endings():
                return None  # done together, above
            case Receipted():
                self._receipted(work)
            case Proven():
                messages.proven(self.connection, work)
            case BindBegan() | Overlaps() | BindEnded():
                if unread := self.counter.noted(self.connection, work):
                    self.counter.unproven.add(unread, moment_of(unread[-1].came))
            case Waiting(limit, now_ms):
                return messages.waiting(self.connection, limit, now_ms)
            case Tidy(now):
                return tidy(self.connection, now, self.counter.retention)
            case DueErrands() | PlanErrand() | PutOff() | SettleErrand():
                done = ErrandDesk(self.ports, self.hall, self.book).do(work)
                if isinstance(done, Settlement):
                    self.outbox.extend(done.answers)
                return done
            case _:
                raise TypeError(f"no work for the desk: {work!r}")
        return None

    # -- a message from a subscriber -------------------------------------------------------------

    def _arrived(self, message: Arrived) -> Served:
        if message.on_call:  # an exchange sends nothing twice
            return self._text(message)
        if (repeated := self.counter.unproven.take(message, self.undo)) is not None:
            return self._again(message, repeated)
        if message.fragment is None:
            return self._text(message)
        patience = self.counter.retention.parts
        kept = SqlParts(self.connection, self.counter.store.seal, patience)
        parts = kept.keep(message, message.fragment)
        if not parts:
            return self._kept(Entry(message, "part", "kept"))
        return self._text(message._replace(text=join(parts, message.default)))

    def _again(self, message: Arrived, repeated: Unread) -> Served:
        """The peer sends again what it saw no answer to. What was said to it and has been taken is
        said again in the same words; what has not been taken yet is still on its way. Where nobody
        can be sure that it is a repetition, it has an answer of its own in any case."""
        messages = self.counter.store.messages
        said = messages.replies(self.connection, repeated.message, waiting=not repeated.in_order)
        again = [
            each._replace(id=reply_id(message.id, n), screen=_anew(message, each.screen))
            for n, each in enumerate(said, 1)
        ]
        return self._kept(Entry(message, "again", "repeated", same_as=repeated.message), *again)

    def _text(self, message: Arrived) -> Served:
        if not (message.phone or message.on_call):
            return self._kept(Entry(message, "foreign", "ignored"))
        if message.turn is None and not message.text.strip():
            return self._kept(Entry(message, "empty", "ignored"))
        said = self.talk.said(message)
        self.refused += [(self._interface(message), reason) for reason in said.refused]
        for errand in self.ports.errands.placed_now():
            self.placed = True
            self.ports.errands.address(errand, self._way(message))
        answers = list(self._answers(message, said))
        served = self._kept(Entry(message, said.action, said.result, said.heard), *answers)
        return served if said.cue is None else served._replace(cue=said.cue)

    def _way(self, message: Arrived) -> Way:
        """How a result that comes later reaches who asked."""
        source = self._source(message, Letter("", False))
        return Way(self._sms_link(message), source, message.source)

    def _interface(self, message: Arrived) -> str:
        return self.book.register.interfaces[message.channel]

    def _answers(self, message: Arrived, said: Said) -> Iterator[Outgoing]:
        """The first of them answers, and asks for a confirm if one is wanted."""
        asks_for, first = said.asks_for, 1
        if said.screen is not None:
            yield self._screen(message, said.screen)._replace(asks_for=asks_for)
            asks_for, first = 0, 2
        for count, letter in enumerate(said.letters, first):
            if not (letter.to or message.phone):
                continue  # who withholds their number gets no short messages
            outgoing = self._outgoing(message, letter, count, said.changed)
            yield outgoing._replace(asks_for=asks_for) if asks_for else outgoing
            asks_for = 0

    def _screen(self, message: Arrived, guided: Guided) -> Outgoing:
        """In the dialogue that it belongs to, as long as somebody looks at it."""
        assert message.turn is not None
        act = Act.ON if isinstance(guided.step, Show) else Act.END
        late = guided.late
        otherwise = self._sms_link(message) if late else ""
        return Outgoing(
            reply_id(message.id, 1),
            message.link,
            message.port,
            message.source,
            guided.step.text,
            guided.secret,
            screen=Screen(
                act,
                message.turn.session,
                _seen_until_ms(message),
                otherwise,
                f"0.1.{self.book.number}",
            ),
            instead=late.words if late else "",
        )

    def _noticed(self, notice: Notice) -> Served:
        until_ms = int(moment_of(notice.id) * 1000) + PUSHED_WITHIN_MS
        book, link = self.book, self.book.sms_link or notice.link
        screen = Screen(Act.NOTE, ANY_LINE, until_ms, link, f"0.1.{book.number}")
        outgoing = Outgoing(
            notice.id,
            notice.link,
            f"0.1.{book.ussd_number}",
            international(notice.phone),
            notice.text,
            screen=screen,
            instead=notice.text + in_language(book.signature, _language_of(notice.text)),
        )
        self.outbox.append(outgoing)
        return Served((outgoing,))

    def _ticket_done(self, work: CloseTicket) -> Served:
        """No answers: there is no such ticket, or it is closed already."""
        book, now = self.book, int(moment_of(work.id))
        port = book.register.port_of(rating.RATES)
        replies = close_ticket.close(work.number, work.result, self.hall, now, port)
        told = tuple(
            Outgoing(
                reply_id(work.id, count),
                book.letters_link,
                f"0.1.{book.number}{letter.port}",
                international(letter.to),
                letter.words,
                after_ms=letter.at * 1000,
            )
            for count, letter in enumerate(book.conversation.later(replies, "", self.hall), 1)
        )
        self.outbox.extend(told)
        return Served(told)

    def _sms_link(self, message: Arrived) -> str:
        """A short message that answers a USSD dialogue leaves by a link to an SMSC."""
        if message.on_call:
            return self.book.letters_link
        return self.book.sms_link or message.link if message.turn else message.link

    def apologise(self, message: Arrived) -> Served:
        if message.on_call:
            words = self.book.conversation.busy(Channel.VOICE)
            served = self._kept(Entry(message, "failed", "failed"))
            return served._replace(cue=Cue(words, "zh", Then.HANG_UP))
        answers = [self._busy(message)] if message.phone else []
        return self._kept(Entry(message, "failed", "failed"), *answers)

    def _busy(self, message: Arrived) -> Outgoing:
        words = self.book.conversation.busy(message.channel)
        if message.turn is None:
            return self._outgoing(message, Letter(words, False), 1, False)
        return self._screen(message, Guided(End(words), NOWHERE, ""))

    def _outgoing(self, message: Arrived, letter: Letter, count: int, changed: bool) -> Outgoing:
        """From the number that was written to; to who wrote, at the address that the network
        gave."""
        to_another = letter.to and letter.to != message.phone
        return Outgoing(
            reply_id(message.id, count),
            self._sms_link(message),
            self._source(message, letter),
            international(letter.to) if to_another else message.source,
            letter.words,
            letter.secret,
            receipt=changed or letter.secret,
            after_ms=letter.at * 1000,
        )

    def _source(self, message: Arrived, letter: Letter) -> str:
        """The number that was written to, or the sub-port where the answer is expected."""
        if message.turn is not None:
            return f"0.1.{self.book.number}{letter.port}"
        if not letter.port:
            return message.port
        kind = message.port.removesuffix(digits(message.port))  # its TON and NPI
        return f"{kind}{self.book.number}{letter.port}"

    def _kept(self, entry: Entry, *answers: Outgoing) -> Served:
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
        return Served(answers)

    # -- what became of ours ---------------------------------------------------------------------

    def _settle(self, settled: Sequence[Settled]) -> None:
        messages = self.counter.store.messages
        messages.settle(self.connection, settled)
        for one in settled:
            if one.asks_for and one.accepted:
                self.ports.orders.taken(one.asks_for, one.id, one.at_ms // 1000)
            word = "sent" if one.accepted else "unsent"
            event = {"event": word, "id": one.id, "link": one.link, "reason": one.reason}
            self.events.append(event)
            if one.message_ids:
                for state in SqlReceipts(self.connection).expect(one):
                    self.events.append({"event": "receipt", "id": one.id, "state": state})

    def _receipted(self, receipt: Receipted) -> None:
        id = SqlReceipts(self.connection).note(receipt)
        self.events.append(
            {"event": "receipt", "id": id, "link": receipt.link, "state": receipt.state}
        )

    # -- before the commit -----------------------------------------------------------------------

    def keep(self) -> None:
        messages = self.counter.store.messages
        messages.keep(self.connection, self.inbox)
        messages.put(self.connection, self.outbox)
        if self.inbox:
            now = int(moment_of(self.inbox[-1].message.id))
            self.counter.sessions.save(self.connection, self.talk.changed, now)
        SqlWalks(self.connection).add(recorded(self.talk.walked, self.counter.recorded))


def _language_of(text: str) -> str:
    """Of a text that people have written: its signature must not make it take more room."""
    return "en" if measure(text).alphabet is Alphabet.GSM7 else "zh"


def settled_in(works: Sequence[object]) -> list[Settled]:
    return [one for work in works if isinstance(work, Endings) for one in work.settled]


def _seen_until_ms(message: Arrived) -> int:
    """How long somebody looks for the answer, or what we begin may wait for a gateway."""
    within = SCREEN_WITHIN_MS if message.bind else PUSHED_WITHIN_MS
    return int(moment_of(message.id) * 1000) + within


def _anew(message: Arrived, screen: Screen | None) -> Screen | None:
    """Shown again to who looks again."""
    if screen is None or message.turn is None:
        return screen
    return screen._replace(until_ms=_seen_until_ms(message), session=message.turn.session)
