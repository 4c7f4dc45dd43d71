"""Walking a book: a position and an input in, a position and a step out. Pure."""
