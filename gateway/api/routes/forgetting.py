"""Forgetting a subscriber on request: erased and kept, line by line."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import Asked, Msisdn, Told, printable
from gateway.operators.forgetting import FORGET, erase_recordings, forget_number, messages_to

routes = Routes("subscribers")


class ForgettingForm(Asked):
    number: Msisdn
    reason: Annotated[
        str,
        Field(min_length=1, max_length=300, description="whose request it answers; in the audit"),
        AfterValidator(printable),
    ]


class ErasedTold(Told):
    table: str
    what: str
    rows: int


class KeptTold(Told):
    table: str
    what: str
    rows: int
    why: str


class ForgettingTold(Told):
    erased: list[ErasedTold]
    kept: list[KeptTold]


@routes.post("/subscribers/forget", FORGET, Runs.ITSELF)
def forget_subscriber(act: Act, form: ForgettingForm) -> ForgettingTold:
    """Erase what the law lets erase of a number; once more erases what has come since."""
    sent = messages_to(act.store, form.number)
    with act.store.transaction() as connection:
        act.within(connection)
        report, told = forget_number(act.store, connection, form.number, form.reason, act.now, sent)
        act.note(subscriber=form.number, reason=form.reason, result=told)
    erase_recordings(act.context.settings.ivr.recordings, report)
    return ForgettingTold(
        erased=[ErasedTold(table=e.table, what=e.what, rows=e.rows) for e in report.erased],
        kept=[KeptTold(table=k.table, what=k.what, rows=k.rows, why=k.why) for k in report.kept],
    )
