"""Seeing to tickets: who may do which step, what follows from it, and its rows in the audit."""
