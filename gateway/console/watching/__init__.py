"""How the hall is at this moment: what its gateways tell of themselves, and what the store says."""
