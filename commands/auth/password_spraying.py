"""Guessing by machine: one password tried on many numbers, or one phone that tries many.

Three wrong passwords close a number for all strange phones. A machine that has many numbers to try
would close them all; so it is recognised by its pattern and has to rest, longer each time, and what
it says meanwhile is not looked at: no number counts it, and nothing is learnt from us, not even
whether there is such a number.

Only passwords of other numbers are counted and only those rest: who asks from their own phone is no
spray, even if half the network has the same password.
"""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Channel, Refusal, Request, Secret
from commands.model.settings import SprayLimits

REST: Final = "spray.rest"


def check_not_spraying(request: Request, password: Secret, hall: Hall) -> None:
    """Before a password is compared. Raises Refusal while its phone or the password rests."""
    if request.own:
        return
    ends = max(_rests_until(key, hall, request.now) for key in _keys(request, password, hall))
    if ends > request.now:
        raise _resting(ends, request.now)


def count_wrong_password(request: Request, password: Secret, hall: Hall) -> None:
    """A password was wrong. Raises Refusal if that completes a pattern: then it shall not count
    for the number it was tried on."""
    if request.own:
        return
    limits, now = hall.settings.spray, request.now
    mark = hall.passwords.mark(password)
    since = now - limits.window
    found = []
    if _different("spray.password", mark, request.subject, since, hall, now) > (
        limits.numbers_per_password
    ):
        found.append(_by_password(mark))
    if caller := counted_phone(request):
        numbers = _different("spray.numbers", caller, request.subject, since, hall, now)
        passwords = _different("spray.passwords", caller, mark, since, hall, now)
        at_door = request.channel is Channel.DOOR
        most = limits.numbers_per_door if at_door else limits.numbers_per_phone
        if numbers > most or passwords > (
            limits.passwords_per_door if at_door else limits.passwords_per_phone
        ):
            found.append(_by_phone(caller))
    for key in found:
        hall.attempts.add(REST, key, now)
    if found:
        raise _resting(max(_rests_until(key, hall, now) for key in found), now)


def rest_seconds(limits: SprayLimits, times: int) -> int:
    """Seconds, the `times`th time in a row: twice as long as the last, up to the most."""
    doublings = min(max(times, 1) - 1, 30)  # enough for any rest_at_most
    return min(limits.rest << doublings, limits.rest_at_most)


def _different(kind: str, whose: str, what: str, since: int, hall: Hall, now: int) -> int:
    """How many different things were noted for one since then, this one among them."""
    attempts, pair = hall.attempts, f"{whose} {what}"
    if not attempts.count(kind, pair, since):
        for key in (whose, pair):
            attempts.add(kind, key, now)
    return attempts.count(kind, whose, since)


def _rests_until(key: str, hall: Hall, now: int) -> int:
    limits, attempts = hall.settings.spray, hall.attempts
    last = attempts.last(REST, key)
    if last <= now - limits.rest_at_most:
        return 0
    return last + rest_seconds(limits, attempts.count(REST, key, last - limits.remembered))


def _keys(request: Request, password: Secret, hall: Hall) -> list[str]:
    caller = counted_phone(request)
    by_phone = [_by_phone(caller)] if caller else []
    return [_by_password(hall.passwords.mark(password)), *by_phone]


def _by_password(mark: str) -> str:
    return f"password {mark}"


def _by_phone(caller: str) -> str:
    return f"phone {caller}"


def counted_phone(request: Request) -> str:
    """Whose guesses count together. Empty for withheld numbers: they would all rest for one. A
    number that nobody vouches for is kept apart, so that a forged sender cannot make its owner
    rest. What is typed at another interface counts for the interface."""
    if request.channel is Channel.DOOR:
        return f"@{request.interface}"
    return request.phone if request.asserted or not request.phone else f"?{request.phone}"


def _resting(until: int, now: int) -> Refusal:
    return Refusal("auth.resting", {"minutes": -(-(until - now) // 60)})
