"""The files of conf/menus read into a book."""
