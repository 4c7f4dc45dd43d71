"""Tests of commands/number."""
