"""Why somebody may read something twice: what was sent may have been lost, as far as the hall could
know, or what was acknowledged came again."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulators.smsc.audit import AuditedDeliver, AuditedSubmit, national_number
from tests.simulation.hall import Hall
from tests.simulation.people import Shown

GRACE = 1.0  # seconds in which what was read is noted, where nothing is slow


class Excuses:
    """Each is good for one repetition."""

    def __init__(self, hall: Hall, *, calm: bool) -> None:
        self._hall = hall
        self._calm = calm
        self._used: set[object] = set()
        self._submits = {id(mt.message): mt for mt in hall.smsc.audit.mts}

    def excuses(self, number: str, repeat: Shown) -> bool:
        if self._calm:
            return False
        for excuse in (*self._in_doubt(number, repeat), *self._came_again(number, repeat)):
            if excuse not in self._used:
                self._used.add(excuse)
                return True
        return False

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
        return any(0.0 <= mt.at - ended <= GRACE for ended in self._hall.stood_still)

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

    def lookalikes(self, sent: list[AuditedDeliver]) -> int:
        """How many look like one before that may have come again, as far as the hall could know."""
        return sum(
            any(one.body == other.body and self._unproven(one, other) for one in sent[:place])
            for place, other in enumerate(sent)
        )

    def _unproven(self, one: AuditedDeliver, other: AuditedDeliver) -> bool:
        """Nothing that the SMSC said showed that it had read the answer before its link ended."""
        tried, again = one.attempts[-1], other.attempts[0].sent_at
        answered = tried.answered_at or 0.0
        ended = min(self._hall.smsc.audit.ended.get(tried.link, math.inf), again)
        said = [
            self._noted(mt.answered_at)
            for mt in self._hall.smsc.audit.mts
            if mt.link == tried.link and mt.at > answered and mt.answered_at is not None
        ]
        return ended < again and not any(at < ended for at in said)
