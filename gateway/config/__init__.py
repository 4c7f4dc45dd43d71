"""conf/ and settings: read, bounded, checked, with every mistake at its file and line."""
