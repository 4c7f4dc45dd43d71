"""What the store keeps of editions of conf/: their files, how menus are used, recorded walks."""
