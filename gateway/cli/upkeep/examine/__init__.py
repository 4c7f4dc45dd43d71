"""What `hallgate doctor` looks at, by subject: each finds lines, and changes nothing."""
