"""Other interfaces in the store, and what they asked for."""
