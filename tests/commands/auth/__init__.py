"""Tests of commands/auth."""
