"""Several gateways on one machine under one command: a supervisor, and pages that speak for all."""
