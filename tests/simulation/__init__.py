"""The whole hall in one process, on one seeded clock: what goes wrong comes again."""
