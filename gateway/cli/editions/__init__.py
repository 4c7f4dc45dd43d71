"""`hallgate edition`: all of conf/ looked at, tried out, put into force, taken back."""
