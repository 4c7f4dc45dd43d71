"""Members: several gateways on one store; who sends what waits in the outbox"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _number(name: str, **more: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, **more)  # type: ignore[arg-type]


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        _words("holder"),
        *[_number(name, server_default="0") for name in ("epoch", "beat", "seen")],
        _flag("own"),
        _flag("sends"),
        _words("version"),
        _number("since", server_default="0"),
        sa.PrimaryKeyConstraint("slot"),
    )
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "slot_changes",
        sa.Column("id", serial, nullable=False),
        _number("at_ms"),
        _number("slot"),
        _number("epoch"),
        sa.Column("what", sa.Text(), nullable=False),
        _words("holder"),
        _words("before"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(_number("owner", server_default="0"))
        batch_op.add_column(_number("turn", server_default="0"))
        batch_op.add_column(_flag("handed"))
    op.execute("UPDATE outbox SET turn = id WHERE state = 0")
    op.drop_index("outbox_waiting", table_name="outbox")
    waits = sa.text("state = 0")
    handed = sa.text("state = 0 AND handed")
    for name, columns, where in (
        ("outbox_waiting", ["owner", "turn"], waits),
        ("outbox_waiting_for", ["destination"], waits),
        ("outbox_handed", ["owner"], handed),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
