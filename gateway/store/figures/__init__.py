"""Figures: counted from the journal, kept by hour and day, read for reports."""
