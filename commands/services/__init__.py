"""Services (业务): ordering, changing and cancelling them, what they cost, which are running."""
