"""GH, XH, GHM, GM: what only the owner in person can do, at a hall, with which documents."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request


def hall_only(request: Request, hall: Hall) -> Reply:
    return Reply(f"hall_only.{request.args['matter']}")
