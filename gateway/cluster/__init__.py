"""The gateways that share a store: who is there, what each may send, leases."""
