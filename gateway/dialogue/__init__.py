"""One turn of a subscriber: where they stand, who answers, in which words."""
