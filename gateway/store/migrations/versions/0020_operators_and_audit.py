"""Operators, their sessions, and the audit of what they do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"
branch_labels = None
depends_on = None


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    op.create_table(
        "operators",
        _words("number"),
        _words("name"),
        _words("role"),
        _words("organisation", ""),
        _words("state", "active"),
        _words("password_hash", ""),
        sa.Column(
            "password_initial", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("totp_sealed", sa.LargeBinary()),
        _number("totp_step", "0"),
        _number("created_at"),
        _number("changed_at"),
        sa.PrimaryKeyConstraint("number"),
    )
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        _number("at"),
        _words("operator"),
        _words("origin"),
        _words("action"),
        _words("subscriber", ""),
        _words("reason", ""),
        _words("result"),
        _words("hash"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("audit_by_time", "audit", ["at"])
    op.create_index("audit_by_operator", "audit", ["operator", "id"])
    op.create_index("audit_by_subscriber", "audit", ["subscriber", "id"])
    op.create_table(
        "operator_sessions",
        _words("id_mark"),
        _words("operator"),
        _words("origin"),
        _number("made_at"),
        _number("seen_at"),
        _number("until_at"),
        sa.PrimaryKeyConstraint("id_mark"),
    )
    op.create_index("operator_sessions_by_operator", "operator_sessions", ["operator"])
    op.create_index("operator_sessions_by_age", "operator_sessions", ["until_at"])
    op.create_table(
        "lookups",
        _words("id_mark"),
        _words("operator"),
        _number("msisdn"),
        _words("reason", ""),
        _number("open_until"),
        _number("until_at"),
        sa.PrimaryKeyConstraint("id_mark"),
    )
    op.create_index("lookups_by_age", "lookups", ["until_at"])
    op.create_table(
        "api_answers",
        _words("key_mark"),
        _words("request_mark"),
        _number("status"),
        sa.Column("answer_sealed", sa.LargeBinary()),
        _number("until_at"),
        sa.PrimaryKeyConstraint("key_mark"),
    )
    op.create_index("api_answers_by_age", "api_answers", ["until_at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
