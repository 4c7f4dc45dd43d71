"""Bills and balances (账单、余额): what has been spent, paid and is left."""
