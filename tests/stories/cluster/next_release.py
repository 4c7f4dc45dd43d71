"""A release after this one: this program, with a migration more that adds what this one does not
know."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

import gateway
from gateway.store import migrate

VERSION: Final = "9000"
_MIGRATION: Final = '''
"""More of everything"""

import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = "{before}"
branch_labels = None
depends_on = None
works_with = "{works_with}"


def upgrade() -> None:
    for name in ("inbox", "outbox", "subscribers", "members", "binds"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("later", sa.Text(), server_default="new", nullable=False))
            table.add_column(sa.Column("later_still", sa.BigInteger()))
    op.create_index("outbox_later", "outbox", ["later"])
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
'''
_PROGRAM: Final = """#!{python}
import sys

sys.path.insert(0, "{folder}")
from gateway.cli import main

sys.exit(main())
"""


def next_release(folder: Path, works_with: str) -> Path:
    """Its `hallgate`. `works_with`: the oldest schema whose program goes on with its store."""
    shutil.copytree(Path(gateway.__file__).parent, folder / "gateway", symlinks=True)
    versions = folder / "gateway" / "store" / "migrations" / "versions"
    about = {"version": VERSION, "before": migrate.newest(), "works_with": works_with}
    (versions / f"{VERSION}_later.py").write_text(_MIGRATION.format(**about))
    program = folder / "hallgate"
    program.write_text(_PROGRAM.format(python=sys.executable, folder=folder))
    program.chmod(0o755)
    return program
