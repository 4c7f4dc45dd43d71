"""`hallgate menus`: looking at menus, trying them, putting them into force."""
