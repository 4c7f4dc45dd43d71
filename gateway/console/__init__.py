"""The pages of `hallgate console`: HTML made here, from the same functions that the API serves."""
