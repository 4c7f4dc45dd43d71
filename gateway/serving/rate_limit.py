"""commands.model.hall.Quota: messages per number and hour, counted in this process; those that
other gateways have served are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commands.model.request_quota import QuotaCategory, QuotaDecision

HOUR = 3600
ROBOT: Final = 1_000
"""What is not understood is answered so often where nothing else is limited: more than any person
sends, and two machines that answer each other stop all the same."""
Asked = tuple[int, QuotaCategory]
"""When something was asked, in seconds since 1970, and what it took of the hour."""
_FREE = QuotaDecision(allowed=True)
# What is limited apart from questions: as often as a person may do so in an hour, and half as much
# again.
_APART: Final[Mapping[QuotaCategory, int]] = {QuotaCategory.CHANGE: 30, QuotaCategory.SAFETY: 60}


class HourlyQuota:
    """The hour is a number's own: it begins with its first message. Told once, then silent."""

    def __init__(self, per_hour: int) -> None:
        self.per_hour = per_hour  # questions; 0: no limit for what is sent by its code
        self._asked: dict[
            str, tuple[int, int]
        ] = {}  # number and matter -> when its hour began, messages since
        self._swept_at = 0
        self._one = threading.Lock()  # several desks count at once

    def take(
        self, msisdn: str, now: int, matter: QuotaCategory, elsewhere: Sequence[Asked] = ()
    ) -> QuotaDecision:
        """`elsewhere`: what other gateways have answered to this number lately, oldest first."""
        most = self._most(matter)
        if not most:
            return _FREE
        theirs = [] if matter in _APART else [at for at, what in elsewhere if self._most(what)]
        with self._one:
            return self._count(_key(msisdn, matter), now, most, theirs)

    def _most(self, matter: QuotaCategory) -> int:
        """0: no limit."""
        if not self.per_hour:
            return ROBOT if matter is QuotaCategory.UNCLEAR else 0
        return _APART.get(matter, self.per_hour)

    def _count(self, key: str, now: int, most: int, theirs: Sequence[int]) -> QuotaDecision:
        first = min((at for at in theirs if now - at < HOUR), default=now)
        began, count = self._asked.get(key, (first, 0))
        if now - began >= HOUR:
            began, count = now, 0
        self._asked[key] = (began, count + 1)
        self._sweep(now)
        count += sum(at >= began for at in theirs)
        if count < most:
            return _FREE
        minutes = -(-(began + HOUR - now) // 60)
        return QuotaDecision(allowed=False, tell=count == most, minutes=minutes)

    def give_back(self, msisdn: str, matter: QuotaCategory) -> None:
        """One message that came to nothing."""
        key = _key(msisdn, matter)
        with self._one:
            began, count = self._asked.get(key, (0, 0))
            if count:
                self._asked[key] = (began, count - 1)

    def _sweep(self, now: int) -> None:
        """Forget the numbers whose hour is over, once an hour: memory is bound by an hour's
        askers."""
        if now - self._swept_at < HOUR:
            return
        self._swept_at = now
        self._asked = {m: (at, n) for m, (at, n) in self._asked.items() if now - at < HOUR}


def _key(msisdn: str, matter: QuotaCategory) -> str:
    """Questions are counted together, whether they were understood or not."""
    return f"{matter.value} {msisdn}" if matter in _APART else msisdn


class BatchQuota:
    """The messages of one batch, which count only if it does not come to nothing."""

    def __init__(self, quota: HourlyQuota) -> None:
        self._quota = quota
        self.elsewhere: Callable[[str], Sequence[Asked]] = lambda msisdn: ()
        self._taken: list[tuple[str, QuotaCategory]] = []

    def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
        self._taken.append((msisdn, matter))
        return self._quota.take(msisdn, now, matter, self.elsewhere(msisdn))

    def give_back(self) -> None:
        for msisdn, matter in self._taken:
            self._quota.give_back(msisdn, matter)
