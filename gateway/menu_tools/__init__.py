"""Looking at menus without a server: `hallgate menus tree | preview | simulate | diff`."""
