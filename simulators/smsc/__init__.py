"""An SMSC and USSD centre that misbehaves on demand: `hallgate simulate smsc`."""
