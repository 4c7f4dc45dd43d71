"""Whole gateways dialled by *139#."""
