"""What is done about tickets at the desk, each in one transaction: subscribers told, alarms raised,
the answers of the operator's own system taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from commands.care import satisfaction_rating
from commands.care.ticket_news import TicketNews, told
from commands.model.care.due_times import due_after
from commands.model.daily_hours import not_before_opening
from commands.model.hall import Hall
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.model.messages import OutgoingMessage
from gateway.model.operators.audit import Actor
from gateway.model.ticket_record import BOSS, HALL, TicketAnswer
from gateway.security.encryption import Seal
from gateway.serving.replying import ReplyAddresses
from gateway.store.connection import Connection
from gateway.store.operators.audit import SqlAudit
from gateway.store.tickets.giving_back import GIVEN_BACK, give_back
from gateway.store.tickets.handed_over import (
    AnswerTaken,
    HandOver,
    handed_over,
    hear,
    put_off,
    take_answer,
    to_hand_over,
)
from gateway.store.tickets.ticket_rows import TicketRows
from gateway.store.tickets.ticket_watch import TicketAlarm, due_news, raise_alarms, take_news

MOST_ALARMS = 200  # in one transaction


class TellNews(NamedTuple):
    """Tell what is due, at most as much as there are ids for."""

    now: int
    ids: tuple[int, ...]


class RaiseAlarms(NamedTuple):
    now: int


class DueHandOvers(NamedTuple):
    now: int
    limit: int


class KeepHandOver(NamedTuple):
    """The BOSS has taken it (`detail`: its name for it) or refused it (`detail`: why); or it is to
    be asked again, at `again`."""

    number: str
    state: str
    detail: str
    now: int
    again: int = 0


class TakeAnswers(NamedTuple):
    """What the BOSS said after `before`."""

    before: int
    answers: tuple[TicketAnswer, ...]
    now: int


TicketWork = TellNews | RaiseAlarms | DueHandOvers | KeepHandOver | TakeAnswers


class NewsTold(NamedTuple):
    answers: tuple[OutgoingMessage, ...]


class AlarmsRaised(NamedTuple):
    alarms: list[TicketAlarm]


class HandOversDue(NamedTuple):
    due: list[HandOver]


class AnswersTaken(NamedTuple):
    taken: list[AnswerTaken]


TicketResult = NewsTold | AlarmsRaised | HandOversDue | AnswersTaken | None


class TicketDesk(NamedTuple):
    """One transaction."""

    connection: Connection
    seal: Seal
    hall: Hall
    editions: EditionsInForce

    def do(self, work: TicketWork) -> TicketResult:
        match work:
            case TellNews():
                return self._tell(work)
            case RaiseAlarms(now):
                rules = self.hall.settings.tickets
                polite = self._polite(now)
                connection, seal = self.connection, self.seal
                raised = raise_alarms(connection, seal, rules, now, polite, MOST_ALARMS)
                return AlarmsRaised([*raised, *self._given_back(now)])
            case DueHandOvers(now, limit):
                return HandOversDue(to_hand_over(self.connection, self.seal, now, limit))
            case KeepHandOver():
                return self._keep(work)
            case TakeAnswers():
                return self._take(work)

    def _given_back(self, now: int) -> list[TicketAlarm]:
        """What nobody does anything with is for others to take, and in the audit."""
        rules, zone = self.hall.settings.tickets, self.hall.catalogue.zone
        accept_by = due_after(now, rules.accept, zone, self.hall.workdays, rules.hours)
        given = give_back(self.connection, self.seal, rules, now, accept_by, MOST_ALARMS)
        entries = [
            Actor(HALL, HALL).did(
                "tickets.release", now, subscriber=one.phone,
                reason=f"nothing was done for {rules.give_back // 60} min",
                result=f"done: ticket {one.number} back from {one.holder}",
            )
            for one in given
        ]  # fmt: skip
        if entries:
            SqlAudit(self.connection, self.seal).append(*entries)
        return [
            TicketAlarm(GIVEN_BACK, one.number, one.kind, one.team or one.region, one.level)
            for one in given
        ]

    def _tell(self, work: TellNews) -> NewsTold:
        base = self.editions.base
        replies, found = ReplyAddresses(base), list[OutgoingMessage]()
        port = base.register.port_of(satisfaction_rating.RATES)
        rows = TicketRows(self.connection, self.seal)
        due = due_news(self.connection, work.now, len(work.ids))
        for id, each in zip(work.ids, due, strict=False):
            record = rows.by_id(each.ticket) if take_news(self.connection, each.id) else None
            if record is None or not record.phone:
                continue
            news = TicketNews(
                each.what, record.phone, record.told(), record.appointed_until, record.place
            )
            letters = told(news, self.hall, work.now, port)
            words = self.editions.begins(record.phone).conversation
            found += replies.told(id, words.later(letters, "", self.hall))
        return NewsTold(tuple(found))

    def _keep(self, work: KeepHandOver) -> None:
        if work.again:
            put_off(self.connection, work.number, work.again)
            return
        rows = TicketRows(self.connection, self.seal)
        if handed_over(rows, work.number, work.state, work.detail, work.now):
            self._audit([(work.number, work.state)], work.now)

    def _take(self, work: TakeAnswers) -> AnswersTaken:
        upto = max(answer.seq for answer in work.answers)
        if not hear(self.connection, work.before, upto):
            return AnswersTaken([])
        rows, rules = TicketRows(self.connection, self.seal), self.hall.settings.tickets
        zone = self.hall.catalogue.zone
        accept_by = due_after(work.now, rules.accept, zone, self.hall.workdays, rules.hours)
        polite = self._polite(work.now)
        taken = [
            take_answer(rows, answer, work.now, polite, accept_by)
            for answer in sorted(work.answers, key=lambda answer: answer.seq)
            if answer.seq > work.before
        ]
        self._audit([(one.number, one.what) for one in taken if one.fits], work.now)
        return AnswersTaken(taken)

    def _audit(self, done: Sequence[tuple[str, str]], now: int) -> None:
        rows, actor = TicketRows(self.connection, self.seal), Actor(BOSS, BOSS)
        entries = []
        for number, what in done:
            record = rows.find(number)
            phone, result = record.phone if record else "", f"done: ticket {number} {what}"
            entries.append(actor.did("tickets.boss", now, subscriber=phone, result=result))
        if entries:
            SqlAudit(self.connection, self.seal).append(*entries)

    def _polite(self, now: int) -> int:
        return not_before_opening(now, self.hall.settings.tickets.tell, self.hall.catalogue.zone)
