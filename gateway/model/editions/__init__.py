"""What editions are compared by."""
