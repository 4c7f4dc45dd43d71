"""Notices and campaigns: what travels between those who write them and the store."""
