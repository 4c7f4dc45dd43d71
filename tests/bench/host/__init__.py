"""The machine and the processes on it that are measured."""
