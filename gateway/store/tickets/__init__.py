"""Tickets in the store: their rows and steps, lists, what is late, what the BOSS gets, traces."""
