"""The doors of the gateway: each knows one wire and the desk."""
