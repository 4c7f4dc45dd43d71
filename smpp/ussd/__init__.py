"""USSD dialogues over SMPP: what centres say, in the words of each maker, and our screens."""
