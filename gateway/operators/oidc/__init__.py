"""Logging in through the operator's own provider of identities (OpenID Connect)."""
