"""Verbs of those who run the hall: operators, what they look at and what they do."""
