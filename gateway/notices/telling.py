"""A notice that was approved goes on by itself, in steps that last no longer than a message's:

    approved ─ all are drawn, its time has come ─▶ running ─ the SMSC has all of them ─▶ done

Each step is one transaction in which the notice is locked: several gateways may do so. What is said
is made before it, beside whoever writes: answers wait for what is kept, and not for what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.model.notices.notice import DRAWN, Notice, NoticeState
from gateway.model.unasked import UnaskedMessage
from gateway.notices.consent import refusal
from gateway.notices.drawing import Drawing, Drawn
from gateway.notices.refusals import NoSuchList
from gateway.notices.world import NoticeWorld
from gateway.store.connection import Connection
from gateway.store.notices import audience
from gateway.store.notices.people import LEFT_OUT, TOLD, SqlNoticePeople
from gateway.store.notices.rows import SqlNotices
from gateway.store.store import Store
from gateway.store.unasked import SqlUnasked

DRAW: Final = 200  # subscribers looked at in one step
AHEAD: Final = 200  # messages of a notice that wait for their turn; the others are not made yet
MAKE: Final = 25  # of them in one step


class MadeMessages(NamedTuple):
    """The next of a notice; nobody was told beyond `after` when they were read."""

    after: int
    phones: Sequence[int]
    messages: Sequence[UnaskedMessage]


class Telling:
    def __init__(self, store: Store, world: NoticeWorld) -> None:
        self._store = store
        self._world = world

    def step(self, now: int) -> bool:
        """One of each notice that is under way; whether there is more to do at once."""
        with self._store.reading() as connection:
            under_way = SqlNotices(connection).in_state(NoticeState.APPROVED, NoticeState.RUNNING)
            made = {
                notice.number: self._made(connection, notice, now)
                for notice in under_way
                if notice.state is NoticeState.RUNNING
            }
        numbers = [notice.number for notice in under_way]
        return any([self._step(n, now, made.get(n)) for n in numbers if n not in made or made[n]])

    def _made(self, connection: Connection, notice: Notice, now: int) -> MadeMessages | None:
        """None, if enough of it wait."""
        if SqlUnasked(connection, self._store.seal).waiting_of(notice.source) > AHEAD - MAKE:
            return None
        phones = SqlNoticePeople(connection, notice.number).next(notice.told_upto, MAKE)
        return MadeMessages(
            notice.told_upto, phones, self._messages(connection, notice, phones, now)
        )

    def _step(self, number: int, now: int, made: MadeMessages | None) -> bool:
        with self._store.transaction() as connection:
            notice = SqlNotices(connection).find(number, lock=True)
            if notice is None:
                return False
            if notice.state is NoticeState.APPROVED:
                if not notice.is_drawn:
                    return self._draw(connection, notice, now)
                if notice.draft.start_at <= now:
                    SqlNotices(connection).set_state(
                        number, NoticeState.RUNNING, now, started_at=now
                    )
                    return True
            if notice.state is NoticeState.RUNNING and made is not None:
                return self._tell(connection, notice, now, made)
            return False

    def _draw(self, connection: Connection, notice: Notice, now: int) -> bool:
        """All of them before the first is told: else who is told later would be chosen by what the
        telling has done."""
        drawn = Drawn()
        drawn.left_out.update(notice.left_out)
        drawing = Drawing(connection, self._world, now)
        try:
            people, upto = drawing.step(notice, notice.drawn_upto, DRAW, drawn)
        except NoSuchList:  # it was there when it was approved
            people, upto = {}, 0
        SqlNoticePeople(connection, notice.number).draw(people)
        SqlNotices(connection).note(
            notice.number, drawn_upto=upto or DRAWN, left_out=dict(drawn.left_out)
        )
        return True

    def _tell(self, connection: Connection, notice: Notice, now: int, made: MadeMessages) -> bool:
        if made.after != notice.told_upto:
            return True  # somebody else has gone on with it
        queue = SqlUnasked(connection, self._store.seal)
        if not made.phones:
            if not queue.waiting_of(notice.source) and not queue.on_the_way(notice.source):
                SqlNotices(connection).set_state(notice.number, NoticeState.DONE, now, ended_at=now)
            return False
        people = SqlNoticePeople(connection, notice.number)
        kept = {int(each.phone) for each in queue.add(made.messages)}
        people.are([phone for phone in made.phones if phone in kept], TOLD)
        people.are([phone for phone in made.phones if phone not in kept], LEFT_OUT)
        SqlNotices(connection).note(notice.number, told_upto=made.phones[-1])
        return True

    def _messages(
        self, connection: Connection, notice: Notice, phones: Sequence[int], now: int
    ) -> list[UnaskedMessage]:
        """For who may be told still: a wish may have changed since all were drawn."""
        kind, classes, rule = (
            notice.draft.kind, self._world.classes, self._world.rules.advertising,
        )  # fmt: skip
        found = audience.these(connection, phones, now, self._world.regions)
        return [
            UnaskedMessage(
                whom.phone,
                *self._world.words.whole(notice.draft, whom),
                notice.meaning,
                notice.source,
                now,
            )
            for whom in found
            if not refusal(kind, whom, classes, rule)
        ]
