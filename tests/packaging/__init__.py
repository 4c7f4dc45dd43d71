"""What is given away: units, container file, Debian package."""
