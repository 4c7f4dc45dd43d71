"""Every reply the hall can give and the facts its text may name, to check conf/replies."""
