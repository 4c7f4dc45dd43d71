"""Tests of menus/tools."""
