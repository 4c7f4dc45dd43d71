"""The ports of `commands.model`, each over the connection of one transaction."""
