"""The pages of docs/ that are made from the code: what exists stands there once, in the code, and
the pages cannot fall behind it. `python -m tests.catalogues` writes them."""
