"""HDMM: whether a caller knows the password of a number; asked for by an agent who talks to him."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request


def password_checked(request: Request, hall: Hall) -> Reply:
    """Whoever comes as far as this has proven it."""
    return Reply("pw.checked")
