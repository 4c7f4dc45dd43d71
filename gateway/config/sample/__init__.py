"""The files of conf/sample: people, their past, and operators, for trying things out."""
