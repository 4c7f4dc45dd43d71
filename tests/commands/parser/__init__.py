"""Tests of commands/parser."""
