"""Recommendations (推荐), and what a subscriber wants to be sent."""
