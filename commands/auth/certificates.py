"""Certificates as proof: compared, never shown, and not to be guessed (R7).

Wrong ones are counted for the certificate that the number is registered for, over all its numbers
and whatever they were tried for: so they cannot be spread over a family's phones.
"""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Request, Secret

WRONG: Final = "certificate"  # counted as this
DAY: Final = 24 * 3600  # seconds in which it counts


def check(request: Request, hall: Hall, *, wrong: str, name: str | None = None) -> None:
    """Return if the number is registered for the request's certificate, and under this name if one
    is given. Raises Refusal, and counts, if it is not: with the text `wrong`, until there are too
    many."""
    still_open(request, hall)
    certificate = request.args["certificate"]
    assert isinstance(certificate, Secret)  # its kind is one
    if not hall.owners.holds(request.subject, certificate, name):
        raise _one_more(request, hall, wrong)


def check_mark(request: Request, hall: Hall, mark: str, *, wrong: str) -> None:
    """The same for one that was typed into a step, of which a mark is kept; in its old form of
    fifteen digits too."""
    still_open(request, hall)
    registered = [digits.reveal() for digits in hall.passwords.forbidden_digits(request.subject)]
    forms = [form for whole in registered for form in (whole, whole[:6] + whole[8:17])]
    if mark not in [hall.passwords.mark(Secret(form)) for form in forms]:
        raise _one_more(request, hall, wrong)


def _one_more(request: Request, hall: Hall, wrong: str) -> Refusal:
    hall.attempts.add(WRONG, _counted_for(request, hall), request.now)
    left = _left(request, hall)
    return Refusal(wrong, {"left": left}) if left else _closed(hall)


def still_open(request: Request, hall: Hall) -> None:
    """Raises Refusal if too many wrong ones were tried for this number's certificate today."""
    if not _left(request, hall):
        raise _closed(hall)


def _closed(hall: Hall) -> Refusal:
    return Refusal("auth.id_locked", {"tries": hall.settings.certificate_errors})


def _left(request: Request, hall: Hall) -> int:
    made = hall.attempts.count(WRONG, _counted_for(request, hall), request.now - DAY)
    return max(0, hall.settings.certificate_errors - made)


def _counted_for(request: Request, hall: Hall) -> str:
    registered = hall.passwords.forbidden_digits(request.subject)
    return hall.owners.certificate_mark(registered[0]) if registered else request.subject
