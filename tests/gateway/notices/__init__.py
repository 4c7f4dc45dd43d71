"""Notices: whom they concern, their words, their rules."""
