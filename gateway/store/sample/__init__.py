"""Putting sample subscribers into a store: who they are, their history, what they may agree to."""
