"""Who may do what: the proof that an operation demands, and the lock after wrong passwords."""

from __future__ import annotations

from commands import spray
from commands.ports import Account, Hall, Tries
from commands.vocabulary import Level, Refusal, Reply, Request, Secret


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
    tries = hall.passwords.tries(subject)
    if tries.locked_until > now:
        raise _locked(tries, now)
    if hall.passwords.matches(subject, password):
        if tries.wrong:
            hall.passwords.record_tries(subject, Tries())
        return
    spray.wrong(request, password, hall)
    tries = _one_more(tries, hall, now)
    hall.passwords.record_tries(subject, tries)
    if tries.locked_until:
        raise _locked(tries, now)
    raise Refusal("auth.pw_wrong", {"left": hall.settings.wrong_passwords - tries.wrong})


def _one_more(tries: Tries, hall: Hall, now: int) -> Tries:
    rules = hall.settings
    fresh = not tries.wrong or tries.locked_until or now - tries.first_at >= rules.wrong_window
    wrong, first_at = (1, now) if fresh else (tries.wrong + 1, tries.first_at)
    locked_until = now + rules.lock if wrong >= rules.wrong_passwords else 0
    return Tries(wrong, first_at, locked_until)


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
