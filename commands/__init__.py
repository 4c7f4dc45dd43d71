"""What a subscriber can ask for, whatever the channel. No I/O, no clock, no chance."""
