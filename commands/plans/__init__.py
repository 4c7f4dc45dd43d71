"""Main plans (主套餐): the one in force, changing it, and price cards (资费)."""
