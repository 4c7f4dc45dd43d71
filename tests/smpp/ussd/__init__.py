"""USSD dialogues over SMPP."""
