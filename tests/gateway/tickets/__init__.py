"""Seeing to tickets."""
