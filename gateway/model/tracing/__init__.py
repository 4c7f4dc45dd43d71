"""What became of a message: why it was answered so, and how its answers left."""
