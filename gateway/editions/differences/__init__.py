"""What changes between two editions, in the words of who is served by them."""
