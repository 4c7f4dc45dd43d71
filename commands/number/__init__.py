"""The number itself (号码): suspended or not, its record, PUK, points, region, V-net,
portability."""
