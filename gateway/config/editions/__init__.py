"""Editions of conf/: what one is, and its files."""
