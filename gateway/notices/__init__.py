"""Notices and campaigns: written, looked at, approved, told at a pace, and what came of them."""
