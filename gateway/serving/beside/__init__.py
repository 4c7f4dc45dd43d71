"""The work of a desk in a process that is no gateway: verbs, and the door of other interfaces."""
