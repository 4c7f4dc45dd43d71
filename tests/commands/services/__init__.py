"""Tests of commands/services."""
