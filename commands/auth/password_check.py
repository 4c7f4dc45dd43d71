"""Service passwords: compared, counted when wrong, locked after three, reminded of when weak."""

from __future__ import annotations

from typing import Final

from commands.auth import password_spraying
from commands.model.credentials import PasswordTries
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request, Secret

WRONG: Final = "password.wrong"  # an attempt on a number, from its own phone …
ELSEWHERE: Final = "password.elsewhere"  # … and from any other
CLOSED: Final = "password.closed"  # since then no other phone may use the number's password


def check_password(request: Request, password: Secret, hall: Hall) -> None:
    """Return if the subject's password is right; raise Refusal, and count, if it is not (R5).

    A number has two counts: of its own phone, and of all other phones together. Three wrong
    passwords lock the side that they came from, so strangers lock out strangers only. The counts
    go over all channels, and a number that does not exist is counted for strangers like any other:
    whoever guesses learns nothing. While it is locked, even the right password opens nothing.
    """
    password_spraying.check_not_spraying(request, password, hall)
    tries = not_locked(request, hall)
    if hall.passwords.matches(request.subject, password):
        _forgive(request, tries, hall)
        return
    password_spraying.count_wrong_password(request, password, hall)
    tries = _one_more(request, hall)
    if tries.locked_until:
        raise _locked(request, tries)
    raise Refusal("auth.pw_wrong", {"left": hall.settings.wrong_passwords - tries.wrong})


def not_locked(request: Request, hall: Hall) -> PasswordTries:
    """The wrong tries so far. Raises Refusal while no password is taken from this phone."""
    tries = hall.passwords.tries(request.subject) if request.own else _elsewhere(request, hall)
    if tries.locked_until > request.now:
        raise _locked(request, tries)
    return tries


def _one_more(request: Request, hall: Hall) -> PasswordTries:
    """Those of the last 24 hours count, whenever they began; after a lock they count anew."""
    subject, now, attempts = request.subject, request.now, hall.attempts
    if not request.own:
        attempts.add(ELSEWHERE, subject, now)
        attempts.add(ELSEWHERE, _pair(request), now)
        tries = _tries(_elsewhere(request, hall).wrong, request, hall)
        if tries.locked_until:
            attempts.add(CLOSED, subject, now)
        return tries
    attempts.add(WRONG, subject, now)
    wrong = attempts.count(WRONG, subject, now - hall.settings.wrong_window)
    tries = _tries(wrong, request, hall)
    if tries.locked_until:
        attempts.clear(WRONG, subject)
    hall.passwords.record_tries(subject, tries)
    return tries


def _tries(wrong: int, request: Request, hall: Hall) -> PasswordTries:
    rules = hall.settings
    return PasswordTries(wrong, request.now + rules.lock if wrong >= rules.wrong_passwords else 0)


def _elsewhere(request: Request, hall: Hall) -> PasswordTries:
    """What came from all phones that are not the number's own."""
    subject, rules = request.subject, hall.settings
    closed = hall.attempts.last(CLOSED, subject)
    since = max(request.now - rules.wrong_window, closed)
    wrong = hall.attempts.count(ELSEWHERE, subject, since)
    return PasswordTries(wrong, closed + rules.lock if closed else 0)


def _forgive(request: Request, tries: PasswordTries, hall: Hall) -> None:
    """A right password clears the slips of the phone that it came from, and no others: a family's
    right one must not give whoever guesses beside it three tries more."""
    if not tries.wrong:
        return
    subject, attempts = request.subject, hall.attempts
    if request.own:
        hall.passwords.record_tries(subject, PasswordTries())
        attempts.clear(WRONG, subject)
        return
    since = max(request.now - hall.settings.wrong_window, attempts.last(CLOSED, subject))
    if request.phone and attempts.count(ELSEWHERE, _pair(request), since) == tries.wrong:
        attempts.clear(ELSEWHERE, subject)
        attempts.clear(ELSEWHERE, _pair(request))


def _pair(request: Request) -> str:
    return f"{password_spraying.counted_phone(request)} {request.subject}"


def _locked(request: Request, tries: PasswordTries) -> Refusal:
    hours = -(-(tries.locked_until - request.now) // 3600)  # rounded up: never promise too early
    return Refusal("auth.pw_locked", {"hours": hours, "own": request.own})


def strong_enough(request: Request, hall: Hall) -> None:
    """Where the configuration asks for it, a weak or initial password proves nothing. Raises
    Refusal."""
    if request.spec.operation in hall.settings.weak_blocks:
        state = hall.passwords.state(request.subject)
        if state.weak or state.initial:
            raise Refusal("auth.weak_blocks", {"name": request.spec.name})


def reminders(subject: str, hall: Hall) -> tuple[Reply, ...]:
    """A weak or initial password is served first and reminded of afterwards (R4)."""
    state = hall.passwords.state(subject)
    if state.initial:
        return (Reply("auth.initial_tip"),)
    if state.weak:
        return (Reply("auth.weak_tip"),)
    return ()
