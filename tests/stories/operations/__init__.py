"""A gateway as operators handle it: configuration, signals, readiness, links, menus."""
