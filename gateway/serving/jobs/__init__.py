"""What a gateway does by itself, again and again, beside the messages that come."""
