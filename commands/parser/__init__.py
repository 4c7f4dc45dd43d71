"""A text as it was sent: which command, which parameters, which answer to an open question."""
