"""commands.ports.Quota: questions per number and hour, counted in this process."""

from __future__ import annotations

import threading

from commands.ports import Verdict

HOUR = 3600
_FREE = Verdict(allowed=True)


class HourlyQuota:
    """The hour is a number's own: it begins with its first question. Told once, then silent."""

    def __init__(self, per_hour: int) -> None:
        self.per_hour = per_hour  # 0: no limit
        self._asked: dict[
            str, tuple[int, int]
        ] = {}  # number -> when its hour began, questions since
        self._swept_at = 0
        self._one = threading.Lock()  # several desks count at once

    def take(self, msisdn: str, now: int) -> Verdict:
        if not self.per_hour:
            return _FREE
        with self._one:
            return self._count(msisdn, now)

    def _count(self, msisdn: str, now: int) -> Verdict:
        began, count = self._asked.get(msisdn, (now, 0))
        if now - began >= HOUR:
            began, count = now, 0
        self._asked[msisdn] = (began, count + 1)
        self._sweep(now)
        if count < self.per_hour:
            return _FREE
        minutes = -(-(began + HOUR - now) // 60)
        return Verdict(allowed=False, tell=count == self.per_hour, minutes=minutes)

    def give_back(self, msisdn: str) -> None:
        """One question that came to nothing."""
        with self._one:
            began, count = self._asked.get(msisdn, (0, 0))
            if count:
                self._asked[msisdn] = (began, count - 1)

    def _sweep(self, now: int) -> None:
        """Forget the numbers whose hour is over, once an hour: memory is bound by an hour's
        askers."""
        if now - self._swept_at < HOUR:
            return
        self._swept_at = now
        self._asked = {m: (at, n) for m, (at, n) in self._asked.items() if now - at < HOUR}


class BatchQuota:
    """The questions of one batch, which count only if it does not come to nothing."""

    def __init__(self, quota: HourlyQuota) -> None:
        self._quota = quota
        self._taken: list[str] = []

    def take(self, msisdn: str, now: int) -> Verdict:
        self._taken.append(msisdn)
        return self._quota.take(msisdn, now)

    def give_back(self) -> None:
        for msisdn in self._taken:
            self._quota.give_back(msisdn)
