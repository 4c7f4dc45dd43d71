"""The operator's own system, the BOSS: what it is asked over HTTP, and the lane in which that
happens."""
