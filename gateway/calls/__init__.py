"""Calls to 10086: what is said, what the keys mean, and whom a caller is handed to."""
