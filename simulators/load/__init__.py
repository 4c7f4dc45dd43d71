"""An SMSC that loads its ESMEs as fast as they bear, and measures them."""

from simulators.load.esme_socket import EsmeDisconnected
from simulators.load.load_smsc import LoadPhase, LoadSmsc, Subscribers
from simulators.load.measurement import LoadResult
from simulators.load.pace import CappedPace, Pace, SteadyPace, UnboundedPace
from simulators.load.packed_pdus import MalformedSubmit

__all__ = [
    "CappedPace",
    "EsmeDisconnected",
    "LoadPhase",
    "LoadResult",
    "LoadSmsc",
    "MalformedSubmit",
    "Pace",
    "SteadyPace",
    "Subscribers",
    "UnboundedPace",
]
