"""From when until when something holds, as conf/ writes it. Pure."""
