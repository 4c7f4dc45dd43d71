"""Menus with the clerk behind them: the walk at the desk, the books in force, what is used."""
