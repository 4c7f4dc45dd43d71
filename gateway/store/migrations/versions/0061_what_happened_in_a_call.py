"""What happened in a call: keys without secrets, screens, who took it, and what came of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0048"
branch_labels = None
depends_on = None

_WORDS = ("keys", "screens", "agent", "outcome")


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("calls", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column(
        "calls", sa.Column("talked_ms", sa.BigInteger(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    for name in (*_WORDS, "talked_ms"):
        op.drop_column("calls", name)
