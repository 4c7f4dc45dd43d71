"""What people do with notices; each act with its audit row.

draft ─ somebody else approves ─▶ approved ─▶ running ⇄ paused
approved, running, paused ─ stop ─▶ stopped
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gateway.model.notices.notice import Notice, NoticeDraft, NoticeState
from gateway.model.operators.audit import Actor
from gateway.model.unasked import UnaskedMessage
from gateway.notices.checks import problems, too_late
from gateway.notices.drawing import Drawing, Drawn
from gateway.notices.refusals import NoticeRefusal, UnknownNotice
from gateway.notices.wording import NoticeSize
from gateway.notices.world import NoticeWorld
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.notices import audience
from gateway.store.notices.results import NoticeResults, results
from gateway.store.notices.rows import SqlNotices
from gateway.store.operators.audit import SqlAudit
from gateway.store.unasked import SqlUnasked

TRIAL: Final = 10  # numbers at most
_UNDER_WAY: Final = (NoticeState.APPROVED, NoticeState.RUNNING, NoticeState.PAUSED)


@dataclass(frozen=True, slots=True)
class Preview:
    """What it would be, and cost, if it began now."""

    notice: Notice
    drawn: Drawn
    sizes: tuple[NoticeSize, ...]
    cost_fen: int  # at most: with the longer of its texts
    seconds: int  # that telling all takes at least, by one gateway
    too_late: str


class Campaigns:
    """In one transaction, for one actor."""

    def __init__(
        self,
        connection: Connection,
        seal: Seal,
        world: NoticeWorld,
        actor: Actor,
        now: int,
    ) -> None:
        self._connection = connection
        self._seal = seal
        self._world = world
        self._actor = actor
        self._now = now
        self._notices = SqlNotices(connection)
        self._queue = SqlUnasked(connection, seal)

    # -- looking ---------------------------------------------------------------------------------

    def all(self) -> list[Notice]:
        return self._notices.all()

    def find(self, number: int) -> Notice:
        """Raises UnknownNotice."""
        if (found := self._notices.find(number)) is None:
            raise UnknownNotice(number)
        return found

    def preview(self, number: int) -> Preview:
        """Raises NoticeRefusal."""
        notice = self.find(number)
        drawn = Drawing(self._connection, self._world, self._now).size(notice)
        sizes = tuple(self._world.words.sizes(notice.draft))
        rules, parts = self._world.rules, max(size.parts for size in sizes)
        return Preview(
            notice,
            drawn,
            sizes,
            drawn.told * parts * rules.part_fen,
            -(-drawn.told // rules.per_second),
            too_late(notice.draft, self._now, self._world),
        )

    def results(self, number: int) -> NoticeResults:
        """Raises UnknownNotice."""
        effect = self._world.rules.effect
        return results(self._connection, self._seal, self.find(number), effect)

    # -- writing ---------------------------------------------------------------------------------

    def add(self, draft: NoticeDraft, numbers: Sequence[str] = (), reason: str = "") -> Notice:
        """Raises NoticeRefusal."""
        draft = self._checked(draft, numbers)
        made = self._notices.add(draft, self._actor.operator, self._now)
        self._notices.give_numbers(made.number, numbers)
        self._note("add", made, reason)
        return made

    def rewrite(
        self,
        number: int,
        draft: NoticeDraft,
        numbers: Sequence[str] = (),
        reason: str = "",
        seen: str = "",
    ) -> Notice:
        """Only as long as nobody has approved it. Numbers that were given stay, unless others are,
        or a list is named. `seen`: as for `approve`. Raises NoticeRefusal."""
        notice = self._as_read(number, seen)
        if notice.draft.target.numbers and not (numbers or draft.target.list):
            draft = self._checked(draft, ("those that were given",))
        else:
            draft = self._checked(draft, numbers)
            self._notices.give_numbers(number, numbers)
        self._notices.rewrite(number, draft, self._actor.operator, self._now)
        self._note("change", notice, reason)
        return self.find(number)

    def given(self, number: int, shown: int) -> tuple[int, list[str]]:
        """How many numbers were given with it, and the first of them."""
        first = self._notices.numbers_after(number, 0, shown)
        return self._notices.given(number), list(map(str, first))

    def more_numbers(self, number: int, numbers: Sequence[str]) -> None:
        """Beside those that were given with it. Raises NoticeRefusal."""
        notice = self._locked(number, NoticeState.DRAFT)
        if not notice.draft.target.numbers:
            raise NoticeRefusal(f"notice {number} is not for the numbers of a file")
        self._notices.add_numbers(number, numbers)

    def _as_read(self, number: int, seen: str) -> Notice:
        """A draft; the one of this mark, if one was seen. Raises NoticeRefusal."""
        notice = self._locked(number, NoticeState.DRAFT)
        if seen and seen != notice.mark:
            raise NoticeRefusal(f"notice {number} was changed after you read it: read it again")
        return notice

    def _checked(self, draft: NoticeDraft, numbers: Sequence[str]) -> NoticeDraft:
        draft = replace(draft, target=replace(draft.target, numbers=bool(numbers)))
        if found := list(problems(draft, self._world)):
            raise NoticeRefusal("; ".join(found))
        return draft

    def trial(self, number: int, phones: Sequence[str], reason: str = "") -> int:
        """To a few phones of colleagues, at once; the same words to each once a day. How many are
        told. Raises NoticeRefusal."""
        notice = self.find(number)
        if notice.state is not NoticeState.DRAFT:
            raise NoticeRefusal(f"notice {number} is {notice.state.value}: only a draft is tried")
        wanted = sorted(set(phones))
        if not 0 < len(wanted) <= TRIAL:
            raise NoticeRefusal(f"a trial goes to 1 to {TRIAL} numbers")
        found = audience.these(
            self._connection, [int(p) for p in wanted], self._now, self._world.regions
        )
        if strange := sorted(set(wanted) - {whom.phone for whom in found}):
            raise NoticeRefusal(f"{len(strange)} of these numbers are no subscribers of ours")
        source = f"trial {number}"
        messages = [
            UnaskedMessage(
                whom.phone,
                *self._world.words.whole(notice.draft, whom),
                f"{source} {notice.changed_at}",
                source,
                self._now,
                True,
            )
            for whom in found
        ]
        kept = self._queue.add(messages)
        for message in kept:
            self._note("trial", notice, reason, subscriber=message.phone)
        if not kept:
            raise NoticeRefusal("all of these were told these words today")
        return len(kept)

    # -- answering for it ------------------------------------------------------------------------

    def approve(self, number: int, reason: str = "", seen: str = "") -> Notice:
        """By somebody else than who wrote it. `seen`: the mark of what was read; empty: whatever it
        says by now. Raises NoticeRefusal."""
        notice = self._as_read(number, seen)
        if notice.written_by == self._actor.operator:
            raise NoticeRefusal("whoever wrote a notice does not approve it: ask a colleague")
        if found := list(problems(notice.draft, self._world)):
            raise NoticeRefusal("; ".join(found))
        if late := too_late(notice.draft, self._now, self._world):
            raise NoticeRefusal(late)
        if notice.draft.ends_at and notice.draft.ends_at <= self._now:
            raise NoticeRefusal("it is over already")
        if notice.draft.target.list:
            Drawing(self._connection, self._world, self._now).check_list(notice)
        self._move(notice, NoticeState.APPROVED, "approve", reason, self._actor.operator)
        return self.find(number)

    def pause(self, number: int, reason: str = "") -> Notice:
        """Nobody more is told for now, within a second. Raises NoticeRefusal."""
        notice = self._locked(number, NoticeState.APPROVED, NoticeState.RUNNING)
        self._queue.hold(notice.source)
        self._move(notice, NoticeState.PAUSED, "pause", reason)
        return self.find(number)

    def resume(self, number: int, reason: str = "") -> Notice:
        """Raises NoticeRefusal."""
        notice = self._locked(number, NoticeState.PAUSED)
        late = "" if notice.started_at else too_late(notice.draft, self._now, self._world)
        if late:
            raise NoticeRefusal(late)
        self._queue.release(notice.source)
        running = NoticeState.RUNNING if notice.started_at else NoticeState.APPROVED
        self._move(notice, running, "resume", reason)
        return self.find(number)

    def stop(self, number: int, reason: str = "") -> Notice:
        """For good: nobody more is told, within a second. Raises NoticeRefusal."""
        notice = self._locked(number, *_UNDER_WAY, NoticeState.DRAFT, NoticeState.DONE)
        self._queue.drop(notice.source)
        self._move(notice, NoticeState.STOPPED, "stop", reason)
        self._notices.note(number, ended_at=notice.ended_at or self._now)
        return self.find(number)

    def _locked(self, number: int, *states: NoticeState) -> Notice:
        notice = self._notices.find(number, lock=True)
        if notice is None:
            raise UnknownNotice(number)
        if notice.state not in states:
            raise NoticeRefusal(f"notice {number} is {notice.state.value}")
        return notice

    def _move(
        self, notice: Notice, state: NoticeState, act: str, reason: str, approved_by: str = ""
    ) -> None:
        more = {"approved_by": approved_by} if approved_by else {}
        self._notices.set_state(notice.number, state, self._now, **more)
        self._note(act, notice, reason)

    def _note(self, act: str, notice: Notice, reason: str, subscriber: str = "") -> None:
        entry = self._actor.did(
            f"notices.{act}",
            self._now,
            subscriber=subscriber,
            reason=reason,
            result=f"done: notice {notice.number}",
        )
        SqlAudit(self._connection, self._seal).append(entry)
