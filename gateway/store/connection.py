"""What the rest of the gateway sees of SQLAlchemy: a connection to hand on, and what may fail."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

__all__ = ["Connection", "RowExists", "StoreFailure", "StoreRefusal"]

StoreFailure = SQLAlchemyError
"""Anything that the store may raise."""
StoreRefusal = DBAPIError
"""What the database itself, or its driver, has said."""
RowExists = IntegrityError
"""Somebody else was quicker."""
