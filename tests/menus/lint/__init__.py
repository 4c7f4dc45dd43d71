"""Tests of menus/lint."""
