"""Tests of commands/recharge."""
