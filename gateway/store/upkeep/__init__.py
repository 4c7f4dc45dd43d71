"""Looking after a store: what it is, copies of one in use, and stores made of copies."""
