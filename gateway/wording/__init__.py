"""Texts: templates filled with facts, amounts and dates as people read them, texts as they are
spoken."""
