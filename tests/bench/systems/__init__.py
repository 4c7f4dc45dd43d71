"""Systems under test: Hallgate, Kannel, and a stand-in that does nothing but answer."""
