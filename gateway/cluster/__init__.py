"""Which gateway serves a store: identity, leases, ownership."""
