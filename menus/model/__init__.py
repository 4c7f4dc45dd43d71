"""A book of menus as values: screens, options, conditions, texts, a position in it."""
