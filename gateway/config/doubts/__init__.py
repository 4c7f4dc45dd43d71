"""What a process is started with that hardly anybody means."""
