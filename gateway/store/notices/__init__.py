"""Notices: their rows, whom they concern, and what came of them."""
