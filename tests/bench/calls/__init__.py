"""Calls a second on a real Asterisk: its own dialplan and Hallgate with the same menu."""
