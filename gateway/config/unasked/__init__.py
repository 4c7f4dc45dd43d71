"""What conf/ says of what the hall says without being asked."""
