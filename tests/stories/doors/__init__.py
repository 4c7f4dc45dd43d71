"""What other interfaces ask for, and what subscribers see of it."""
