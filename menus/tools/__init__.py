"""A book seen from outside: drawn, compared, played by scripts, its keys put in order of use."""
