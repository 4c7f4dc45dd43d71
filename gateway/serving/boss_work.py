"""What the lane asks of the desk: each in one transaction, and none of it waits for the BOSS.

accepted ─ fetched ─▶ planned: the command has run on what the BOSS said, its changes are kept
         ─ asked ───▶ settled: our own copy has the changes, the result is in the outbox
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from commands.dispatch.command_kinds import ChangeCommand, QueryCommand
from commands.dispatch.command_table import ACTIONS
from commands.dispatch.execution import check_classes
from commands.model.boss_jobs import BossJob
from commands.model.hall import Hall
from commands.model.orders import ASKED_AT
from commands.model.request import AuthLevel, Refusal, Reply, Request
from gateway.boss.ports import (
    BossAccounts,
    BossCards,
    BossProfiles,
    BossServices,
    NotedChanges,
    SeenRecords,
)
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.address import Address
from gateway.model.boss_changes import make
from gateway.model.message_id import moment_of, reply_id, spoken_number
from gateway.model.messages import OutgoingMessage
from gateway.model.reply_route import ReplyRoute
from gateway.model.reply_text import ReplyText
from gateway.store.ports.boss_jobs import ErrandPlan, KeptErrand
from gateway.store.store import TransactionPorts

DONE, REFUSED, DROPPED = "done", "refused", "dropped"


class DueErrands(NamedTuple):
    """Asks for errands that can be run, and how many there are in all."""

    now: int
    limit: int


class Due(NamedTuple):
    errands: list[KeptErrand]
    depth: int


class PlanErrand(NamedTuple):
    """Run the command on what the BOSS said. `message`: the id that a refusal would leave under."""

    kept: KeptErrand
    seen: SeenRecords
    message: int
    now: int


class PutOff(NamedTuple):
    """Nothing came of it; again at that moment."""

    id: int
    until: int


class SettleErrand(NamedTuple):
    errand: BossJob
    result: str  # DONE, REFUSED by the BOSS, or DROPPED before it was asked to do anything
    message: int  # the id that the result leaves under
    now: int


class Settlement(NamedTuple):
    """It is over, and these say so; none if it was settled before."""

    result: str
    answers: tuple[OutgoingMessage, ...]


ErrandWork = DueErrands | PlanErrand | PutOff | SettleErrand


class ErrandDesk(NamedTuple):
    """One transaction."""

    ports: TransactionPorts
    hall: Hall
    book: HallSnapshot

    def do(self, work: ErrandWork) -> Due | ErrandPlan | Settlement | None:
        errands = self.ports.errands
        match work:
            case DueErrands(now, limit):
                return Due(errands.due(now, limit), errands.depth())
            case PlanErrand():
                return self._plan(work)
            case PutOff(id, until):
                errands.put_off(id, until)
                return None
            case SettleErrand():
                return self._settle(work)

    def _plan(self, work: PlanErrand) -> ErrandPlan | Settlement:
        errand, notes = work.kept.errand, NotedChanges()
        action = ACTIONS[errand.action]
        assert isinstance(action, ChangeCommand | QueryCommand)  # nothing else is ever accepted
        request, theirs = _request(errand, work.now, self.book), self._theirs(work.seen, notes)
        asked_at, shown = str(errand.args.get(ASKED_AT, "")), int(moment_of(errand.id))
        agreed = theirs.catalogue.of(asked_at, shown)
        if agreed is not theirs.catalogue:
            theirs = replace(theirs, catalogue=agreed)
        try:
            check_classes(action, request, theirs)
            replies = _replies(action, request, theirs)
        except Refusal as refusal:
            return self._over(errand, REFUSED, [refusal.reply], work.message, work.now)
        if not notes.changes:  # it was only looked at
            return self._over(errand, DONE, replies, work.message, work.now)
        letters = self._told(replies, errand, work.kept.way)
        plan = ErrandPlan(work.seen.versions(), notes.changes)
        self.ports.errands.plan(errand.id, plan, letters)
        return plan

    def _theirs(self, seen: SeenRecords, notes: NotedChanges) -> Hall:
        """The hall as the BOSS keeps it; what only we keep stays ours."""
        return replace(
            self.hall,
            accounts=BossAccounts(seen, notes, self.hall.accounts),
            services=BossServices(seen, notes),
            cards=BossCards(seen, notes),
            records=BossProfiles(seen, self.ports.profiles),
            boss_jobs=None,
        )

    def _settle(self, work: SettleErrand) -> Settlement:
        errand = work.errand
        if work.result != DONE:
            name = self.book.register.spec(errand.action, errand.args).name
            told = Reply("sys.undone", {"name": name, "number": spoken_number(errand.id)})
            return self._over(errand, work.result, [told], work.message, work.now)
        taken = self.ports.errands.settle(errand.id, DONE, work.now, work.message)
        if taken is None:
            return Settlement(DONE, ())
        plan, letters, way = taken
        if plan is not None:
            make(plan.changes, self.ports, errand.id, work.now)
        return Settlement(DONE, self._addressed(errand, letters, way, work.message))

    def _over(
        self, errand: BossJob, result: str, replies: Sequence[Reply], message: int, now: int
    ) -> Settlement:
        """With nothing done, and these said."""
        taken = self.ports.errands.settle(errand.id, result, now, message)
        if taken is None:
            return Settlement(result, ())
        letters = self._told(replies, errand, taken[2])
        return Settlement(result, self._addressed(errand, letters, taken[2], message))

    def _told(
        self, replies: Sequence[Reply], errand: BossJob, way: ReplyRoute | None
    ) -> tuple[ReplyText, ...]:
        """In the words of the service number from which they leave."""
        book = self.book.at_number(way.source.digits) if way is not None else self.book
        return book.conversation.told(replies, errand.phone, self.hall)

    def _addressed(
        self, errand: BossJob, letters: Sequence[ReplyText], way: ReplyRoute | None, message: int
    ) -> tuple[OutgoingMessage, ...]:
        """By the way the errand came, to who asked; some of it to others. Who withholds their
        number gets nothing."""
        if way is None:
            way = ReplyRoute("", Address(0, 0, self.book.number), None)
        asker = way.destination or Address.international(errand.phone)
        return tuple(
            OutgoingMessage(
                reply_id(message, count),
                way.link,
                way.source,
                Address.international(letter.to) if letter.to not in ("", errand.phone) else asker,
                letter.words,
                letter.secret,
                receipt=True,
                after_ms=letter.at * 1000,
            )
            for count, letter in enumerate(letters, 1)
            if letter.to or errand.phone
        )


def _replies(
    action: ChangeCommand | QueryCommand, request: Request, hall: Hall
) -> tuple[Reply, ...]:
    """Raises Refusal."""
    if isinstance(action, ChangeCommand):
        return action.carry_out(request, hall)
    answer = action.run(request, hall)
    return answer if isinstance(answer, tuple) else (answer,)


def _request(errand: BossJob, now: int, book: HallSnapshot) -> Request:
    """As it was asked, at the moment it is done."""
    spec = book.register.spec(errand.action, errand.args)
    return Request(
        errand.id, now, errand.channel, errand.interface, errand.phone, errand.subject, spec,
        errand.args, AuthLevel(errand.level), asserted=errand.asserted,
    )  # fmt: skip
