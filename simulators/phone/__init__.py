"""A subscriber's phone in the terminal, and the port of a simulator that it talks to."""
