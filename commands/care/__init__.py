"""Customer care (客服): tickets, callbacks, a new SIM card, ratings, menu and language."""
