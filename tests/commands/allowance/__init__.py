"""Tests of commands/allowance."""
