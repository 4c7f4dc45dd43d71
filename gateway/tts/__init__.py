"""Sounds for what the hall says on calls: made from text, or recorded by people."""
