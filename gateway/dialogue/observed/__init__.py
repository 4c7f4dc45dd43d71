"""What is observed of turns: the use of menus, recorded walks, outcomes of an edition."""
