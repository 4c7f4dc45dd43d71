"""The simulated SMSC and USSD centre, from an ESME's side."""
