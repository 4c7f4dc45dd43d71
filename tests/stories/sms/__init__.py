"""Whole gateways asked by short messages: commands, passwords, texts."""
