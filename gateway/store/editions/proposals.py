"""Editions that wait for somebody else to approve them, in the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.config.editions.edition import EditionProposal, ProposalState, Wanted
from gateway.store.tables import edition_proposals

_C = edition_proposals.c


class SqlProposals:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposal: EditionProposal) -> EditionProposal:
        row = {
            "proposed_at": proposal.at,
            "author": proposal.author,
            "reason": proposal.reason,
            "what": proposal.what.value,
            "version": proposal.version,
            "share": proposal.share,
            "numbers": ",".join(sorted(proposal.numbers)),
            "held": proposal.held,
            "state": proposal.state.value,
        }
        made = self._connection.execute(insert(edition_proposals).returning(_C.id), row)
        return replace(proposal, number=int(made.scalar_one()))

    def find(self, number: int) -> EditionProposal | None:
        query = select(edition_proposals).where(_C.id == number).with_for_update()
        row = self._connection.execute(query).first()
        return _proposal(row) if row else None

    def newest(self, limit: int) -> list[EditionProposal]:
        query = select(edition_proposals).order_by(_C.id.desc()).limit(limit)
        return [_proposal(row) for row in self._connection.execute(query)]

    def decide(self, number: int, state: ProposalState, who: str, now: int) -> None:
        change = update(edition_proposals).where(_C.id == number)
        values = {"state": state.value, "decided_by": who, "decided_at": now}
        self._connection.execute(change.values(**values))


def _proposal(row: Row[Any]) -> EditionProposal:
    return EditionProposal(
        int(row.proposed_at),
        row.author,
        row.reason,
        Wanted(row.what),
        row.version,
        row.held,
        int(row.share),
        frozenset(filter(None, row.numbers.split(","))),
        ProposalState(row.state),
        int(row.decided_at),
        row.decided_by,
        int(row.id),
    )
