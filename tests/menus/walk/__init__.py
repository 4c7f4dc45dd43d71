"""Tests of menus/walk."""
