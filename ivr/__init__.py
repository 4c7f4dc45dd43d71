"""Asterisk by AMI and AsyncAGI: messages, calls, and the Twisted shell round them."""
