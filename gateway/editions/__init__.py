"""Editions of the menus: published, tried out, taken back, and followed by running gateways."""
