"""One call by AsyncAGI, without I/O: prompts, keys, recordings, transfers."""
