"""An operator's own system over HTTP: `hallgate simulate boss`."""
