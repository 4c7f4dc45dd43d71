"""A file for each subject; each has `routes`, which `console_app` mounts."""
