"""An SMSC that loads its ESMEs as fast as they bear, and measures them."""

from simulators.load.esme_socket import EsmeDisconnected
from simulators.load.load_smsc import LoadPhase, LoadSmsc
from simulators.load.measurement import LoadResult
from simulators.load.pace import CappedPace, Pace, SteadyPace, UnboundedPace
from simulators.load.packed_pdus import MalformedSubmit
from simulators.load.subscribers import LoadSubscribers, Subscribers, UssdSubscribers

__all__ = [
    "CappedPace",
    "EsmeDisconnected",
    "LoadPhase",
    "LoadResult",
    "LoadSmsc",
    "LoadSubscribers",
    "MalformedSubmit",
    "Pace",
    "SteadyPace",
    "Subscribers",
    "UnboundedPace",
    "UssdSubscribers",
]
