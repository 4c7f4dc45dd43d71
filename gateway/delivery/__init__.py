"""What leaves: the outbox, routes, throttling."""
