"""Calls: prompts, keys, recordings, queues."""
