"""What verbs and API share about lists of customers: their rules, files that are taken in."""
