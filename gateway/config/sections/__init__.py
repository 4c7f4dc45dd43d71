"""Sections of gateway.yaml that have a file of their own, and types of values that they share."""
