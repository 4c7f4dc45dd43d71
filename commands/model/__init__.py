"""What a request, an answer and a turn are, and the ports that commands need. Imports no other part
of commands but sentences."""
