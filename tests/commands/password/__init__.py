"""Tests of commands/password."""
