"""A file for each screen: what it shows, and what can be done on it."""
