"""Why somebody may read something twice, or get no answer to what he says again: what was sent may
have been lost, as far as the hall could know; what was acknowledged might have come again."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator
from typing import Final

from gateway.model.redelivery import IN_FLIGHT, LATE, UNREAD_FOR
from simulators.smsc.audit import AuditedDeliver, AuditedSubmit, national_number
from smpp.session_limits import SmppLimits
from tests.simulation.hall import Hall
from tests.simulation.people import Shown

GRACE: Final = 1.0  # seconds in which what was read is noted, where nothing is slow
PROBE: Final = SmppLimits().probe_delay
TAKEN_OVER: Final = 10.0  # seconds after which others may take over
HORIZON: Final = 3_600.0  # seconds: limits.redelivery


class Excuses:
    """Each is good for one repetition."""

    def __init__(self, hall: Hall, *, calm: bool) -> None:
        self._hall = hall
        self._calm = calm
        self._submits = {id(mt.message): mt for mt in hall.smsc.audit.mts}

    def of(self, number: str, repeat: Shown, used: Container[object]) -> object:
        """One that has not been used yet; None: there is no more."""
        if self._calm:
            return None
        every = (*self._in_doubt(number, repeat), *self._came_again(number, repeat))
        return next((excuse for excuse in every if excuse not in used), None)

    def _in_doubt(self, number: str, repeat: Shown) -> Iterator[object]:
        """It was sent before, and whether it was taken the hall did not hear, or not note."""
        for mt in self._hall.smsc.audit.mts:
            if mt.shown is None or mt.shown.text != repeat.text or mt.at > repeat.at:
                continue
            if mt.at == repeat.at and not self._was_on_its_way(mt):
                continue
            if national_number(mt.message.destination) == number:
                parts = [self._submits[id(part)] for part in mt.shown.parts]
                if any(self._unheard(part, repeat.at) for part in parts):
                    yield ("sent", id(mt))

    def _was_on_its_way(self, mt: AuditedSubmit) -> bool:
        """For long: its link stood still."""
        return any(0.0 <= mt.at - ended <= GRACE for _, ended in self._hall.stood_still)

    def _unheard(self, mt: AuditedSubmit, until: float) -> bool:
        ended = self._hall.smsc.audit.ended.get(mt.link, math.inf)
        if mt.answered_at is None or ended <= self._noted(mt.answered_at):
            return True
        noted = self._noted(mt.answered_at)
        deaths = [at for place in self._hall.places for at in place.deaths]
        return any(mt.at <= died <= min(noted, until) for died in deaths)

    def _noted(self, at: float) -> float:
        """Until when what came then may not have been noted."""
        for began, ended in self._hall.hindered:
            if began - GRACE <= at <= ended:
                at = max(at, ended)
        return at + GRACE

    def _came_again(self, number: str, repeat: Shown) -> Iterator[object]:
        for mo in self._hall.smsc.audit.written():
            if mo.lane == number:
                yield from self._deliveries(mo, repeat)

    def _deliveries(self, mo: AuditedDeliver, repeat: Shown) -> Iterator[object]:
        """All but the last try were perhaps answered, and perhaps kept."""
        for tried, again in zip(mo.attempts, mo.attempts[1:], strict=False):
            if again.sent_at > repeat.at:
                continue
            refused = tried.answered_at is not None and tried.status != 0
            if not refused or self._hall.was_doubtful(tried.sent_at, again.sent_at):
                yield ("came", mo.key, tried.sequence, tried.link)

    # -- what looks like a message before it -----------------------------------------------------

    def lookalikes(self, sent: list[AuditedDeliver]) -> int:
        """How many may have been taken for one before, of what a subscriber wrote."""
        return sum(self.looks_alike(one, sent) for one in sent)

    def looks_alike(self, mo: AuditedDeliver, sent: list[AuditedDeliver]) -> bool:
        """Whether it looks like one before it that the SMSC might have delivered again then, as far
        as the hall could know (docs/cluster.md, What may be taken for a repetition)."""
        before = sent[: sent.index(mo)]
        return any(
            one.body == mo.body and self._might_come_again(one, mo, before[place + 1 :])
            for place, one in enumerate(before)
        )

    def _might_come_again(
        self, one: AuditedDeliver, mo: AuditedDeliver, between: list[AuditedDeliver]
    ) -> bool:
        """`between`: what he wrote between the two."""
        served = mo.attempts[-1].answered_at or math.inf
        left = mo.attempts[0].sent_at
        for since in self._doubts(one):
            told = shows_that_it_was_read(between, since, mo)
            if since <= served and not told and left - one.attempts[0].sent_at <= HORIZON:
                return True
        return False

    def _doubts(self, one: AuditedDeliver) -> Iterator[float]:
        """Since when the hall could not know whether the SMSC had read its answer in time."""
        tried = one.attempts[-1]
        answered = tried.answered_at if tried.answered_at is not None else math.inf
        proven = self._proven(tried.link, answered)
        yield from (at for at in self._losses(tried.link) if tried.sent_at <= at <= proven)
        if answered - tried.sent_at >= LATE or proven - tried.sent_at >= UNREAD_FOR:
            yield answered
            yield self._read(tried.link, answered)
        if self._hall.was_doubtful(one.attempts[0].sent_at, answered):
            yield tried.sent_at

    def _proven(self, link: int, answered: float) -> float:
        """When it was noted that what the hall had answered then had been read."""
        return self._noted(self._read(link, answered))

    def _read(self, link: int, answered: float) -> float:
        """When the hall saw that: the SMSC answered a message or, after a second, an enquire_link
        that left later by the same bind. Neither it nor the link stood still by then."""
        later = [
            mt.answered_at
            for mt in self._hall.smsc.audit.mts
            if mt.link == link and mt.at > answered and mt.answered_at is not None
        ]
        read = min([*later, answered + PROBE])
        still = [*self._hall.place_of(link).frozen, *self._hall.stood_still]
        return max([read, *(ended for began, ended in still if began - GRACE <= read <= ended)])

    def _losses(self, link: int) -> Iterator[float]:
        """When the bind ended, or its gateway stood still or could not note anything: others take
        over from it then, and do not know how far it had come."""
        place = self._hall.place_of(link)
        yield self._hall.smsc.audit.ended.get(link, math.inf)
        for began, ended in (*place.frozen, *place.cut_off):
            if ended - began >= TAKEN_OVER:
                yield began


def shows_that_it_was_read(between: list[AuditedDeliver], since: float, mo: AuditedDeliver) -> bool:
    """Something new came when the SMSC knew of the loss; or something came again, and other words
    stood between the two that look alike: those would have come again first. What came for the
    first time within a moment of the loss may have been on its way."""
    new = any(each.attempts[0].sent_at > since + IN_FLIGHT for each in between)
    again = any(each.attempts[-1].sent_at > since for each in between if len(each.attempts) > 1)
    return new or (again and any(each.body != mo.body for each in between))
