"""Alembic's migrations, numbered in one line."""
