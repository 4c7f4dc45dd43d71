"""Lists of customers: types, entries, files that are taken in, and who is listed as what."""
