"""Who may do what: the proof that an operation demands, and the lock after wrong passwords."""

from __future__ import annotations

from typing import Final

from commands import spray
from commands.ports import Account, Hall, Tries
from commands.vocabulary import Level, Refusal, Reply, Request, Secret

WRONG: Final = "password.wrong"  # the strike against a number


def demanded(request: Request, account: Account, listed: Level) -> Level:
    """The level this request needs, given the one its operation lists for its channel (R1, R3,
    R9)."""
    if listed >= Level.A2:
        return listed
    if not request.own or not account.real_named:
        return Level.A2
    return listed


def check_password(request: Request, password: Secret, hall: Hall) -> None:
    """Return if the subject's password is right; raise Refusal, and count, if it is not (R5).

    The count is one per target number over all channels, so that it cannot be spread over doors.
    While the lock holds, even the right password opens nothing: a guesser must not learn from us.
    """
    subject, now = request.subject, request.now
    spray.look(request, password, hall)
    tries = not_locked(subject, hall, now)
    if hall.passwords.matches(subject, password):
        if tries.wrong:
            hall.passwords.record_tries(subject, Tries())
            hall.strikes.clear(WRONG, subject)
        return
    spray.wrong(request, password, hall)
    tries = _one_more(subject, hall, now)
    hall.passwords.record_tries(subject, tries)
    if tries.locked_until:
        raise _locked(tries, now)
    raise Refusal("auth.pw_wrong", {"left": hall.settings.wrong_passwords - tries.wrong})


def not_locked(subject: str, hall: Hall, now: int) -> Tries:
    """The wrong tries so far. Raises Refusal while no password is taken for the number."""
    tries = hall.passwords.tries(subject)
    if tries.locked_until > now:
        raise _locked(tries, now)
    return tries


def _one_more(subject: str, hall: Hall, now: int) -> Tries:
    """Those of the last 24 hours count, whenever they began; after a lock they count anew."""
    rules, strikes = hall.settings, hall.strikes
    strikes.add(WRONG, subject, now)
    wrong = strikes.count(WRONG, subject, now - rules.wrong_window)
    if wrong < rules.wrong_passwords:
        return Tries(wrong)
    strikes.clear(WRONG, subject)
    return Tries(wrong, now + rules.lock)


def _locked(tries: Tries, now: int) -> Refusal:
    hours = -(-(tries.locked_until - now) // 3600)  # rounded up: never promise too early
    return Refusal("auth.pw_locked", {"hours": hours})


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
