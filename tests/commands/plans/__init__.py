"""Tests of commands/plans."""
