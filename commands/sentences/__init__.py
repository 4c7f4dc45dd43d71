"""Sentences in a subscriber's own words (自然语言): words to tags, tags to the codes
they mean. Pure."""
