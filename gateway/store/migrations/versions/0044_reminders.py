"""Reminders: marks of what has changed, what was told, events of the BOSS"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None

_MONEY = ("balance_fen", "used_fen", "past_due_fen", "state")
# name, table, event, columns, condition, what, ref. `{new}` and `{old}` are the row
_TRIGGERS = (
    ("account_changed", "subscribers", "UPDATE", _MONEY, "changed", "account", "0"),
    ("plan_end_changed", "subscribers", "UPDATE", ("plan_until",), "changed", "dates", "0"),
    ("plan_end_given", "subscribers", "INSERT", (), "NEW.plan_until > 0", "dates", "0"),
    (
        "endings_changed", "profiles", "UPDATE",
        ("contract_until", "points_expire_at", "points_expiring"), "changed", "dates", "0",
    ),
    (
        "endings_given", "profiles", "INSERT", (),
        "NEW.contract_until > 0 OR NEW.points_expire_at > 0", "dates", "0",
    ),
    ("use_changed", "usage", "UPDATE", ("used",), "changed", "usage", "0"),
    ("use_begun", "usage", "INSERT", (), "NEW.used > 0", "usage", "0"),
    ("charged", "ledger", "INSERT", (), "NEW.kind = 'fee' AND NEW.fen < 0", "charge", "NEW.id"),
    ("paid", "payments", "INSERT", (), "NEW.fen > 0", "payment", "NEW.id"),
    (
        "amount_named", "preferences", "INSERT", (), "NEW.name = 'balance_reminder'", "wish", "0",
    ),
)  # fmt: skip
_FUNCTION = """
CREATE FUNCTION hallgate_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reminder_marks (msisdn, what, ref)
  VALUES (NEW.msisdn, TG_ARGV[0],
          CASE WHEN TG_ARGV[1] = '0' THEN 0 ELSE (to_jsonb(NEW) ->> 'id')::bigint END);
  RETURN NULL;
END $$
"""
_SEED = (
    (
        "INSERT INTO reminder_marks (msisdn, what) SELECT msisdn, 'dates' FROM subscribers"
        " WHERE plan_until > 0"
    ),
    (
        "INSERT INTO reminder_marks (msisdn, what) SELECT msisdn, 'dates' FROM profiles"
        " WHERE contract_until > 0 OR points_expire_at > 0"
    ),
)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "reminder_marks",
        sa.Column("id", whole, nullable=False),
        _number("msisdn"),
        _words("what"),
        _number("ref", "0"),
        _number("due_at", "0"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("reminder_marks_due", "reminder_marks", ["due_at", "id"])
    op.create_table(
        "reminders",
        sa.Column("id", whole, nullable=False),
        _number("msisdn"),
        *[_words(name) for name in ("kind", "key", "meaning", "source", "result")],
        sa.Column("lasts", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _number("told_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reminders_once", "reminders", ["msisdn", "kind", "key"], unique=True)
    op.create_index("reminders_by_age", "reminders", ["told_at"])
    op.create_table(
        "boss_events",
        sa.Column("id", sa.Text(), nullable=False),
        _number("msisdn"),
        _words("kind"),
        _number("happened_at"),
        _words("facts"),
        _number("received_at"),
        _number("due_at", "0"),
        _number("done_at", "0"),
        sa.PrimaryKeyConstraint("id"),
    )
    waits = sa.text("done_at = 0")
    op.create_index(
        "boss_events_due", "boss_events", ["due_at", "id"],
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.create_index("boss_events_by_age", "boss_events", ["received_at"])
    for statement in (*_SEED, *triggers(op.get_bind().dialect.name)):
        op.execute(statement)


def triggers(dialect: str) -> Iterator[str]:
    """A change is marked in its own transaction, whoever makes it: the hall, or a program that
    brings the copy up to date. What only looks, or changes something else, runs none of these."""
    if dialect == "postgresql":
        yield _FUNCTION
    for name, table, event, columns, condition, what, ref in _TRIGGERS:
        of = f" OF {', '.join(columns)}" if columns else ""
        different = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
        if condition == "changed":
            condition = " OR ".join(f"NEW.{c} {different} OLD.{c}" for c in columns)
        head = f"CREATE TRIGGER {name} AFTER {event}{of} ON {table} FOR EACH ROW WHEN ({condition})"
        if dialect == "postgresql":
            yield f"{head} EXECUTE FUNCTION hallgate_mark('{what}', '{ref}')"
        else:
            values = f"VALUES (NEW.msisdn, '{what}', {ref})"
            yield f"{head} BEGIN INSERT INTO reminder_marks (msisdn, what, ref) {values}; END"


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
