"""CXLL: how much of the month's data is used and left."""

from __future__ import annotations

from typing import Final

from commands.allowance.allowance import lines
from commands.model.hall import Hall
from commands.model.request import Reply, Request

DATA: Final = "data_mb"


def data(request: Request, hall: Hall) -> Reply:
    """As the allowance has it; with nothing included, what was used all the same."""
    for line in lines(request, hall):
        if line["item"].code == DATA:
            text = "q.data.unlimited" if line["unlimited"] else "q.data"
            return Reply(text, {"now": request.now, **line})
    used = {use.item: use.used for use in hall.services.usage(request.subject, request.now)}
    item = hall.catalogue.items[DATA]
    return Reply("q.data.none", {"now": request.now, "item": item, "used": used.get(DATA, 0)})
