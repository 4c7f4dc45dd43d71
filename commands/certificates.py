"""Certificates as proof: compared, never shown, and not to be guessed (R7).

Wrong ones are counted for the certificate that the number is registered for, over all its numbers
and whatever they were tried for: so they cannot be spread over a family's phones.
"""

from __future__ import annotations

from typing import Final

from commands.ports import Hall
from commands.vocabulary import Request, Secret

WRONG: Final = "certificate"  # the strike
DAY: Final = 24 * 3600  # seconds in which it counts


def tries_left(request: Request, hall: Hall) -> int:
    """How many wrong certificates may still be tried for this number today."""
    made = hall.strikes.count(WRONG, _counted_for(request, hall), request.now - DAY)
    return max(0, hall.settings.certificate_errors - made)


def fits(request: Request, hall: Hall, certificate: Secret, name: str | None = None) -> bool:
    """Is the number registered for it, and under this name if one is given? Counted if not. Ask
    only while `tries_left`."""
    if hall.people.holds(request.subject, certificate, name):
        return True
    hall.strikes.add(WRONG, _counted_for(request, hall), request.now)
    return False


def _counted_for(request: Request, hall: Hall) -> str:
    registered = hall.passwords.forbidden_digits(request.subject)
    return hall.people.certificate_mark(registered[0]) if registered else request.subject
