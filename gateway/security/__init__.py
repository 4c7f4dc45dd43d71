"""Keys, sealing of secrets, TLS certificates, digits that nobody can foresee."""
