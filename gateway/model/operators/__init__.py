"""People who work here: who they are, what they may, what they did."""
