"""Log, metrics, health over HTTP."""
