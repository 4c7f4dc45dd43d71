"""The people who work here: accounts, the audit of what they do, sessions, open look-ups."""
