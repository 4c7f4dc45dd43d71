"""The store: tables, migrations, and one file per port of commands/model/hall.py."""
