"""Everything that can be wrong with a book, found before a subscriber finds it."""
