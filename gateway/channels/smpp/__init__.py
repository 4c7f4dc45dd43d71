"""Short messages and USSD over SMPP links."""
