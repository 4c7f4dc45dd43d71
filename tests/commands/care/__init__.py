"""Tests of commands/care."""
