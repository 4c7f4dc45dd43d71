"""The JSON API under /api/v1/: a process of its own on the same store (`hallgate console`).

A file of `routes/` for each subject. Whatever is asked goes through `guard.Routes`, which knows for
every route which right it needs, opens its transaction, and writes the audit.
"""
