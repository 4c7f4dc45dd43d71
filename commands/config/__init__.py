"""The files of conf/ that say what the commands are, and whether they hold together."""
