"""Figures: counted, kept, reported."""
