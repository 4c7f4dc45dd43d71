"""An SMSC that loads its ESMEs as fast as they bear, and measures them."""

from simulators.load.link import LinkLost
from simulators.load.pace import Cap, Flood, Pace, Rate
from simulators.load.smsc import LoadSmsc, Phase, Subscribers
from simulators.load.tally import Result
from simulators.load.wire import Malformed

__all__ = [
    "Cap",
    "Flood",
    "LinkLost",
    "LoadSmsc",
    "Malformed",
    "Pace",
    "Phase",
    "Rate",
    "Result",
    "Subscribers",
]
