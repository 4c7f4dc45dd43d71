"""Who has taken an alarm of the console; calls and errands of a subscriber are found by an index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0058"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    op.create_table(
        "taken_alarms",
        sa.Column("alarm", sa.Text(), primary_key=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("calls_by_phone", "calls", ["phone", "id"])
    op.create_index("errands_by_phone", "errands", ["phone", "id"])
