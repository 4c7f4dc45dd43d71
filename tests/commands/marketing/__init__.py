"""Tests of commands/marketing."""
