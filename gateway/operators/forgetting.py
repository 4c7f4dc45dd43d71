"""Forgetting a number for somebody who asks for it with a reason: what verb and API share."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.model.operators.refusals import ActRefusal
from gateway.model.operators.rights import Right
from gateway.store.connection import Connection
from gateway.store.forgetting.forgetting import ForgettingReport, forget
from gateway.store.forgetting.number import sent_to
from gateway.store.store import Store

FORGET: Final = Right("forget", "subscribers")


class ReasonWanted(ActRefusal):
    """Nobody is forgotten without one."""


def messages_to(store: Store, msisdn: str) -> tuple[int, ...]:
    """Looked for before the transaction, and beside whoever writes."""
    with store.reading() as connection:
        return sent_to(connection, msisdn)


def forget_number(
    store: Store, connection: Connection, msisdn: str, reason: str, now: int, sent: tuple[int, ...]
) -> tuple[ForgettingReport, str]:
    """What was done, and what the audit is told of it. Raises ReasonWanted."""
    if not reason.strip():
        raise ReasonWanted("say why: --reason, and which request or ticket it answers", msisdn)
    report = forget(connection, store.seal, msisdn, now, sent)
    rows = sum(line.rows for line in report.erased)
    stays = ", ".join(f"{line.table} {line.rows}" for line in report.kept)
    return report, f"{rows} rows erased; kept: {stays or 'nothing'}"


def erase_recordings(folder: Path, report: ForgettingReport) -> int:
    """When the transaction is kept: sound files that nothing names any more. Names are as Asterisk
    wrote them, and lead nowhere else."""
    erased = 0
    for name in report.recordings:
        with suppress(FileNotFoundError):
            (folder / f"{Path(name).name}.wav").unlink()
            erased += 1
    return erased
