"""Verbs for who looks after the machine: copies of the store, and what is wrong here."""
