"""How long what grows with an operator takes, with a million of each. Run by hand:
`python -m tests.scale figures`. docs/management.md has what came of it."""
