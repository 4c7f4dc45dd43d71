"""A provider of identities (OpenID Connect), right and wrong."""
