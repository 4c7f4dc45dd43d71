"""SMPP 3.4 as an ESME: bytes, sessions, and the Twisted shell round them."""
