"""Tests of commands/bills."""
