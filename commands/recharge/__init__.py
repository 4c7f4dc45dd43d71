"""Recharging (充值): money from a recharge card, and whether a card is good."""
