"""AMI messages, sessions and connections."""
