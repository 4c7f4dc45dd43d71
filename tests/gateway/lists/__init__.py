"""Lists of customers: files, entries, verbs, and what they do to a subscriber."""
