"""Who may do what: the proof that an operation demands, and the locks after wrong passwords."""

from __future__ import annotations

from typing import Final

from commands import spray
from commands.ports import Account, Hall, Tries
from commands.vocabulary import Level, Refusal, Reply, Request, Secret

WRONG: Final = "password.wrong"  # the strike against a number, from its own phone …
ELSEWHERE: Final = "password.elsewhere"  # … and from any other
CLOSED: Final = "password.closed"  # since then no other phone may use the number's password


def demanded(request: Request, account: Account | None, listed: Level) -> Level:
    """The level this request needs, given the one its operation lists for its channel (R1, R3,
    R9). Of another number it is the same whether there is an account or not."""
    if listed >= Level.A2:
        return listed
    if not request.own or account is None or not account.real_named:
        return Level.A2
    return listed


def check_password(request: Request, password: Secret, hall: Hall) -> None:
    """Return if the subject's password is right; raise Refusal, and count, if it is not (R5).

    A number has two doors: its own phone, and all other phones together. Three wrong ones close
    the door that they came by, so strangers can close it for strangers only. The counts go over
    all channels, and a number that does not exist has a door for strangers like any other: who
    guesses learns nothing by it. While a door is closed, even the right password opens nothing.
    """
    spray.look(request, password, hall)
    tries = not_locked(request, hall)
    if hall.passwords.matches(request.subject, password):
        _forgive(request, tries, hall)
        return
    spray.wrong(request, password, hall)
    tries = _one_more(request, hall)
    if tries.locked_until:
        raise _locked(request, tries)
    raise Refusal("auth.pw_wrong", {"left": hall.settings.wrong_passwords - tries.wrong})


def not_locked(request: Request, hall: Hall) -> Tries:
    """The wrong tries so far. Raises Refusal while no password is taken from this phone."""
    tries = hall.passwords.tries(request.subject) if request.own else _elsewhere(request, hall)
    if tries.locked_until > request.now:
        raise _locked(request, tries)
    return tries


def _one_more(request: Request, hall: Hall) -> Tries:
    """Those of the last 24 hours count, whenever they began; after a lock they count anew."""
    subject, now, strikes = request.subject, request.now, hall.strikes
    if not request.own:
        strikes.add(ELSEWHERE, subject, now)
        strikes.add(ELSEWHERE, _pair(request), now)
        tries = _tries(_elsewhere(request, hall).wrong, request, hall)
        if tries.locked_until:
            strikes.add(CLOSED, subject, now)
        return tries
    strikes.add(WRONG, subject, now)
    wrong = strikes.count(WRONG, subject, now - hall.settings.wrong_window)
    tries = _tries(wrong, request, hall)
    if tries.locked_until:
        strikes.clear(WRONG, subject)
    hall.passwords.record_tries(subject, tries)
    return tries


def _tries(wrong: int, request: Request, hall: Hall) -> Tries:
    rules = hall.settings
    return Tries(wrong, request.now + rules.lock if wrong >= rules.wrong_passwords else 0)


def _elsewhere(request: Request, hall: Hall) -> Tries:
    """What came from all phones that are not the number's own."""
    subject, rules = request.subject, hall.settings
    closed = hall.strikes.last(CLOSED, subject)
    since = max(request.now - rules.wrong_window, closed)
    wrong = hall.strikes.count(ELSEWHERE, subject, since)
    return Tries(wrong, closed + rules.lock if closed else 0)


def _forgive(request: Request, tries: Tries, hall: Hall) -> None:
    """A right password clears the slips of the phone that it came from, and no others: a family's
    right one must not give whoever guesses beside it three tries more."""
    if not tries.wrong:
        return
    subject, strikes = request.subject, hall.strikes
    if request.own:
        hall.passwords.record_tries(subject, Tries())
        strikes.clear(WRONG, subject)
        return
    since = max(request.now - hall.settings.wrong_window, strikes.last(CLOSED, subject))
    if request.phone and strikes.count(ELSEWHERE, _pair(request), since) == tries.wrong:
        strikes.clear(ELSEWHERE, subject)
        strikes.clear(ELSEWHERE, _pair(request))


def _pair(request: Request) -> str:
    return f"{spray.phone(request)} {request.subject}"


def _locked(request: Request, tries: Tries) -> Refusal:
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
