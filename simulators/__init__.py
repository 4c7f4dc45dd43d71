"""The other side of every wire: an SMSC and its phones, made to misbehave on demand."""
