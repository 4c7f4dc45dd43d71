"""Tests of menus/model."""
