"""Reminders in the store: marks of what changed, what was told, what the BOSS has told."""
