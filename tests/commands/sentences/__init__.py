"""Tests of commands/sentences."""
