"""Menus that operations people write, and the walk through them. Pure."""
