"""Forgetting one number: what is erased of it, what has to stay, and why."""
