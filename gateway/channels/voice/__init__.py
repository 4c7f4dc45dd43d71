"""Calls from an Asterisk, and what a caller hears."""
