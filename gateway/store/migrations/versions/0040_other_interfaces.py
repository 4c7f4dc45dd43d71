"""Other interfaces, their keys, and what they asked for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interfaces",
        sa.Column("number", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("operations", sa.Text(), server_default="", nullable=False),
        sa.Column("operators", sa.Text(), server_default="", nullable=False),
        sa.Column("group_name", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), server_default="", nullable=False),
        sa.Column("per_minute", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("became", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "interface_keys",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.create_index("interface_keys_by_interface", "interface_keys", ["interface"])
    op.create_table(
        "door_requests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), server_default="", nullable=False),
        sa.Column("key_mark", sa.Text(), nullable=False),
        sa.Column("request_mark", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("until_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary()),
        sa.Column("kept_until", sa.BigInteger(), nullable=False),
    )
    op.create_index("door_requests_by_key", "door_requests", ["interface", "key_mark"], unique=True)
    op.create_index("door_requests_by_answer", "door_requests", ["kept_until"])
    op.add_column("orders", sa.Column("outcome", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
