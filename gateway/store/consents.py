"""`hallgate consent`: what somebody was asked to confirm, what they answered, when, and by which
interface. The proof that nothing was ordered for them that they did not want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Connection, or_, select

from commands.parser.masking import masked_number
from gateway.security.encryption import Seal
from gateway.store.tables import orders


@dataclass(frozen=True, slots=True)
class Consent:
    """One order and how it was answered. `answered_at` 0: not yet, or never."""

    order: int
    action: str
    state: str  # waiting, done, declined
    phone: str  # who was asked
    subject: str  # whom it was for
    channel: str
    interface: str
    operator: str  # empty where nobody sits between
    proposed_at: int
    expires_at: int
    answered_at: int
    answer: str
    shown: str  # the very words; empty where they are no longer kept
    shown_at: int  # when the network took them; 0: it has not


def consents(connection: Connection, seal: Seal, msisdn: str, limit: int = 100) -> list[Consent]:
    """Those of this number and those given from it, newest first."""
    columns, number = orders.c, int(msisdn)
    mine = or_(columns.phone == number, columns.subject == number)
    query = select(orders).where(mine).order_by(columns.id.desc()).limit(limit)
    return [
        Consent(
            row.id,
            row.action,
            row.state,
            str(row.phone),
            str(row.subject),
            row.channel,
            row.interface,
            row.operator,
            row.proposed_at,
            row.expires_at,
            row.answered_at,
            row.answer,
            seal.open(row.shown_sealed) if row.shown_sealed else "",
            row.shown_at,
        )
        for row in connection.execute(query)
    ]


def lines(found: Sequence[Consent], now: int, zone: tzinfo) -> Iterator[str]:
    """A few lines for each, with a blank one between them."""
    for consent in found:
        yield f"order {consent.order}  {consent.action}  {_outcome(consent, now)}"
        yield f"  number    {consent.subject}{_by(consent)}"
        yield f"  by        {consent.channel}, interface {consent.interface}{_clerk(consent)}"
        yield f"  asked     {_time(consent.proposed_at, zone)}"
        yield f"  shown     {_shown(consent, zone)}"
        if consent.answered_at:
            answer = consent.answer or "(a newer order took its place)"
            yield f"  answered  {_time(consent.answered_at, zone)}  {answer}"
        yield ""


def _outcome(consent: Consent, now: int) -> str:
    if consent.state == "waiting":
        return "expired unanswered" if consent.expires_at <= now else "waiting for an answer"
    return {"done": "confirmed"}.get(consent.state, "declined")


def _shown(consent: Consent, zone: tzinfo) -> str:
    if not (consent.shown_at or consent.shown):
        return "never: the network has not taken the text that asks"
    words = consent.shown or "(no longer kept)"
    if not consent.shown_at:  # of a time when nobody noted it
        return f"{_time(consent.proposed_at, zone)}  {words}"
    return f"{_time(consent.shown_at, zone)}  {words}"


def _by(consent: Consent) -> str:
    other = consent.phone != consent.subject
    return f", asked from {masked_number(consent.phone)}" if other else ""


def _clerk(consent: Consent) -> str:
    return f", operator {consent.operator}" if consent.operator else ""


def _time(moment: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(moment, zone).isoformat(sep=" ")
