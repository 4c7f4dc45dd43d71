"""The store: tables, migrations, and one file per port of commands/ports.py."""
