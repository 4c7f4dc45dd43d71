"""Editions of conf/: published, tried out, taken back, and followed by running gateways."""
