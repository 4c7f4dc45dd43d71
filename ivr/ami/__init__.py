"""AMI: messages and their bytes, a session without I/O, and its Twisted shell."""
