"""Texts and numbers as they are said."""
