"""Whole gateways called on 10086, by a simulated exchange and by a real Asterisk."""
