"""Tickets as values: what is promised with each kind, and by when it is due."""
