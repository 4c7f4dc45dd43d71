"""Tickets that move: who has them, every step, what their subscribers are still to hear"""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_LIVE = sa.text("state NOT IN ('done', 'rated', 'joined')")
_TO_BOSS = sa.text("boss_state = 'waiting'")


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _key() -> sa.Column[int]:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", whole, primary_key=True)


def upgrade() -> None:
    for name in ("category", "region", "origin", "opened_by", "team", "holder", "joined_to",
                 "boss_state", "boss_reference"):  # fmt: skip
        op.add_column("tickets", _words(name, ""))
    for name in ("held_since", "accept_by", "appointed_at", "appointed_until", "reopened", "level",
                 "late_at", "asked_at", "score", "boss_tries", "boss_retry_at",
                 "version"):  # fmt: skip
        op.add_column("tickets", _number(name, "0"))
    op.add_column("tickets", sa.Column("place_sealed", sa.LargeBinary()))
    late = "UPDATE tickets SET late_at = due_at WHERE state <> 'done' AND due_at < :now"
    op.execute(sa.text(late).bindparams(now=int(time.time())))  # nobody is told years later
    op.create_index(
        "tickets_live", "tickets", ["due_at"], sqlite_where=_LIVE, postgresql_where=_LIVE
    )
    op.create_index("tickets_by_due", "tickets", ["due_at"])
    op.create_index("tickets_joined", "tickets", ["joined_to"])
    op.create_index(
        "tickets_to_boss", "tickets", ["id"], sqlite_where=_TO_BOSS, postgresql_where=_TO_BOSS
    )
    op.create_table(
        "ticket_steps",
        _key(),
        _number("ticket"),
        _number("at"),
        _words("step"),
        _words("who"),
        _words("detail", ""),
        sa.Column("words_sealed", sa.LargeBinary()),
    )
    op.create_index("ticket_steps_by_ticket", "ticket_steps", ["ticket", "id"])
    op.create_table(
        "ticket_promises", _key(), _number("ticket"), _number("due_at"), _number("done_at")
    )
    op.create_index("ticket_promises_by_due", "ticket_promises", ["due_at"])
    op.create_table("ticket_news", _key(), _number("ticket"), _words("what"), _number("at"))
    op.create_index("ticket_news_by_time", "ticket_news", ["at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
