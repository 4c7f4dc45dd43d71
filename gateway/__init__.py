"""The gateway: it alone joins channels, commands, wording and the store."""
