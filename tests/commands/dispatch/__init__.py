"""Tests of commands/dispatch."""
