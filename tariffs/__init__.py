"""Plans, services and prices as values, and the rules over them. Pure."""
