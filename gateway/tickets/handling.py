"""A ticket moved a step on by somebody who works here: who may, what follows, who is told; each
step with its row in the history and in the audit.

Whoever sees a ticket and moves it moves what they saw: if somebody was quicker, nothing is done,
and they hear who it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from commands.care.ticket_news import News
from commands.model.daily_hours import not_before_opening
from commands.model.tickets import TicketState
from gateway.config.tickets.ticket_book import TicketBook
from gateway.model.operators.audit import DONE as AS_ASKED
from gateway.model.operators.audit import Actor
from gateway.model.ticket_record import MOST_AHEAD, TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.ports.tickets import reopen_row
from gateway.store.tickets.closing import close_joined
from gateway.store.tickets.ticket_rows import TicketRows
from gateway.tickets import ticket_steps as steps
from gateway.tickets.refusals import StepForbidden, TicketHeld, TicketRefusal, UnknownTicket
from gateway.tickets.ticket_steps import StepRule, check_state

HIGHEST: Final = 5  # level of escalation


@dataclass(frozen=True, slots=True)
class TicketHandling:
    """In one transaction, for one actor. `may`: whether they have this right to tickets."""

    connection: Connection
    seal: Seal
    book: TicketBook
    actor: Actor
    may: Callable[[str], bool]
    now: int

    @property
    def rows(self) -> TicketRows:
        return TicketRows(self.connection, self.seal)

    def find(self, number: str) -> TicketRecord:
        """Raises UnknownTicket."""
        found = self.rows.find(number)
        if found is None:
            raise UnknownTicket(number)
        return found

    # -- the steps -------------------------------------------------------------------------------

    def accept(self, number: str, reason: str = "") -> TicketRecord:
        """Take it. Raises TicketHeld if somebody else has it."""
        seen, me = self._seen(number, steps.ACCEPT), self.actor.operator
        if seen.holder == me:
            return seen
        if seen.holder:
            raise self._held(seen)
        fresh = seen.state in (TicketState.OPEN, TicketState.REOPENED)
        moved = self._move(
            seen, steps.ACCEPT, reason=reason,
            state=TicketState.ACCEPTED if fresh else seen.state, holder=me, held_since=self.now,
            accept_by=0,
        )  # fmt: skip
        if fresh:
            self._tell(moved, News.ACCEPTED)
        return moved

    def put_back(self, number: str, reason: str = "") -> TicketRecord:
        """For somebody else to take."""
        seen = self._seen(number, steps.PUT_BACK)
        if not seen.holder:
            raise TicketRefusal(f"nobody has ticket {number}", seen.phone)
        state = TicketState.OPEN if seen.state == TicketState.ACCEPTED else seen.state
        return self._move(
            seen, steps.PUT_BACK, reason=reason, state=state, holder="", held_since=0
        )  # fmt: skip

    def assign(
        self, number: str, region: str = "", operator: str = "", reason: str = ""
    ) -> TicketRecord:
        """To a region, by default where the number is at home; or to somebody there."""
        seen = self._seen(number, steps.ASSIGN)
        if operator and operator != self.actor.operator and not self.may("assign"):
            raise StepForbidden("to give a ticket to a colleague takes the right tickets.assign")
        if operator:
            self._works_here(operator, seen)
        team = self._team(seen, region, operator)
        detail = f"{team} {operator}".strip()
        return self._move(
            seen, steps.ASSIGN, detail, reason, state=TicketState.ASSIGNED, team=team,
            holder=operator, held_since=self.now if operator else 0,
            accept_by=0 if operator else self.book.after(self.book.rules.accept, self.now),
        )  # fmt: skip

    def appoint(
        self, number: str, at: int, until: int, place: str = "", reason: str = ""
    ) -> TicketRecord:
        """Somebody comes, or expects the subscriber, between these moments."""
        seen = self._seen(number, steps.APPOINT)
        if not self.now <= at < until <= self.now + MOST_AHEAD:
            why = "an appointment lies ahead, within a year, and ends after it begins"
            raise TicketRefusal(why, seen.phone)
        moved = self._move(
            seen, steps.APPOINT, f"{at}-{until}", reason, state=TicketState.APPOINTED,
            appointed_at=at, appointed_until=until, place=place, accept_by=0,
            holder=seen.holder or self.actor.operator, held_since=seen.held_since or self.now,
        )  # fmt: skip
        self._tell(moved, News.APPOINTED)
        return moved

    def done(self, number: str, result: str, reason: str = "") -> TicketRecord:
        """Whoever opened it is told the result, and whoever opened one that was joined to it."""
        seen = self._seen(number, steps.DONE)
        if not result.strip():
            raise TicketRefusal("say what was done: the subscriber is told it", seen.phone)
        step = TicketStep(self.now, "done", self.actor.operator, "", result)
        closed = self.rows.move(
            seen, step, state=TicketState.DONE, result=result, done_at=self.now, accept_by=0,
            boss_state=_no_longer(seen),
        )  # fmt: skip
        if not closed:
            raise self._quicker(number)
        self._tell(seen, News.DONE)
        ended = close_joined(self.rows, number, result, self.now, frozenset({seen.phone}))
        self._audit(steps.DONE, seen, reason)  # last: others wait for the audit, and we for none
        for one in ended:
            self._audit(steps.DONE, one, reason, f"with {number}")
        return self.find(number)

    def join(self, number: str, other: str, reason: str = "") -> TicketRecord:
        """It ends with the other, which is about the same."""
        seen, main = self._seen(number, steps.JOIN), self.find(other)
        if main.id == seen.id or main.over:
            why = "itself" if main.id == seen.id else f"{other}, which is {main.state}"
            raise TicketRefusal(f"ticket {number} cannot be joined to {why}", seen.phone)
        if main.kind != seen.kind:
            raise TicketRefusal(f"{number} is {seen.kind} and {other} is {main.kind}", seen.phone)
        moved = self._move(
            seen, steps.JOIN, other, reason, state=TicketState.JOINED, joined_to=other,
            accept_by=0, boss_state=_no_longer(seen),
        )  # fmt: skip
        if seen.phone != main.phone:
            self._tell(moved, News.JOINED)
        return moved

    def reopen(self, number: str, reason: str) -> TicketRecord:
        """It was not done well: with a new promise. Raises TicketRefusal."""
        seen = self._seen(number, steps.REOPEN)
        if not reason.strip():
            raise TicketRefusal("say why it is opened again", seen.phone)
        due = self.book.due(self.book.rules.kind(seen.kind), self.now)
        step = TicketStep(self.now, "reopen", self.actor.operator, "", reason)
        if not reopen_row(self.rows, seen, step, due):
            raise self._quicker(number)
        self._audit(steps.REOPEN, seen, reason)
        moved = self.find(number)
        self._tell(moved, News.REOPENED)
        return moved

    def escalate(self, number: str, reason: str) -> TicketRecord:
        """To the next level: whoever lists those sees it."""
        seen = self._seen(number, steps.ESCALATE)
        if not reason.strip():
            raise TicketRefusal("say why it is escalated", seen.phone)
        level = min(seen.level + 1, HIGHEST)
        return self._move(seen, steps.ESCALATE, str(level), reason, level=level)

    def note(self, number: str, words: str) -> TicketRecord:
        """For colleagues: the subscriber hears nothing of it."""
        seen = self._seen(number, steps.NOTE)
        if not words.strip():
            raise TicketRefusal("a note has words", seen.phone)
        return self._move(seen, steps.NOTE, words=words)

    def hand_over(self, number: str, reason: str = "") -> TicketRecord:
        """To the operator's own system, which answers when it is done."""
        seen = self._seen(number, steps.HAND_OVER)
        if seen.boss_state in ("waiting", "taken"):
            raise TicketRefusal(f"ticket {number} is handed over already", seen.phone)
        return self._move(
            seen, steps.HAND_OVER, reason=reason, boss_state="waiting", boss_tries=0,
            boss_retry_at=0,
        )  # fmt: skip

    # -- what they have in common ----------------------------------------------------------------

    def _seen(self, number: str, rule: StepRule) -> TicketRecord:
        """Raises TicketRefusal if it is not there, not in a state for it, or not theirs to move."""
        seen = self.find(number)
        if not self.may(rule.verb):
            raise StepForbidden(f"this takes the right tickets.{rule.verb}", seen.phone)
        check_state(rule, seen)
        somebody_elses = seen.holder not in ("", self.actor.operator)
        if somebody_elses and not rule.others_too and not self.may("assign"):
            raise self._held(seen)
        return seen

    def _move(
        self, seen: TicketRecord, rule: StepRule, detail: str = "", reason: str = "",
        words: str = "", **values: object,
    ) -> TicketRecord:  # fmt: skip
        step = TicketStep(self.now, rule.name, self.actor.operator, detail, words or reason)
        if not self.rows.move(seen, step, **values):
            raise self._quicker(seen.number)
        self._audit(rule, seen, reason)
        return self.find(seen.number)

    def _audit(self, rule: StepRule, ticket: TicketRecord, reason: str, more: str = "") -> None:
        what = f"{AS_ASKED}: ticket {ticket.number}" + (f" {more}" if more else "")
        entry = self.actor.did(
            f"tickets.{rule.name}", self.now, subscriber=ticket.phone, reason=reason, result=what
        )
        SqlAudit(self.connection, self.seal).append(entry)

    def _tell(self, ticket: TicketRecord, what: News) -> None:
        """At once, or in the morning."""
        if not ticket.phone:
            return
        rules, at = self.book.rules, self.now
        if not rules.kind(ticket.kind).urgent:
            at = not_before_opening(at, rules.tell, self.book.zone)
        self.rows.tell(ticket.id, what, at)

    def _team(self, seen: TicketRecord, region: str, operator: str) -> str:
        """Raises TicketRefusal."""
        if region:
            if (named := self.book.region_named(region)) is None:
                known = ", ".join(map(str, self.book.region_names()))
                raise TicketRefusal(
                    f"there is no region '{region}'; there are: {known}", seen.phone
                )
            return named
        home = seen.team or seen.region or self.book.home(seen.phone)
        if not home and not operator:
            raise TicketRefusal(
                "where the number is at home is not known: name a region", seen.phone
            )
        return home

    def _works_here(self, operator: str, seen: TicketRecord) -> None:
        found = SqlOperators(self.connection, self.seal).find(operator)
        if found is None or not found.active:
            what = "is locked" if found else "is none"
            raise TicketRefusal(f"operator {operator} {what}", seen.phone)

    def _held(self, seen: TicketRecord) -> TicketHeld:
        found = SqlOperators(self.connection, self.seal).find(seen.holder)
        who = f"{found.name} ({seen.holder})" if found else seen.holder
        return TicketHeld(f"{who} has ticket {seen.number}", seen.phone)

    def _quicker(self, number: str) -> TicketHeld:
        now = self.find(number)
        if now.holder not in ("", self.actor.operator):
            return self._held(now)
        return TicketHeld(f"ticket {number} has just been moved: it is {now.state}", now.phone)


def _no_longer(seen: TicketRecord) -> str:
    """What has not left for the operator's own system yet need not."""
    return "" if seen.boss_state == "waiting" else seen.boss_state
