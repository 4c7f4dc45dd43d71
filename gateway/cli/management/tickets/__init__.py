"""`hallgate tickets`."""
