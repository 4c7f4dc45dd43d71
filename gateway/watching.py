"""What those who watch a gateway are told of it, joined from its parts."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from gateway.config.settings import Settings
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.batch import BatchServer
from gateway.store.store import newest_schema

_HERE: Final = ("localhost", "127.0.0.1", "::1")
_SOUND: Final = 8_000  # octets of a second of sound


class UnusableFolder(Exception):
    """No sound can be put there, or nothing can be read."""


def open_metrics() -> Metrics:
    """Nothing is counted yet; what runs here is known."""
    counts = Metrics()
    counts.build = {"version": version("hallgate"), "schema": newest_schema()}
    return counts


def look_at_folders(settings: Settings) -> None:
    """Raises UnusableFolder. Where an Asterisk is on another machine, its folders may be there
    only: what is not here is then not ours to judge."""
    ivr = settings.ivr
    if not ivr.asterisk:
        return
    here = all(each.host in _HERE for each in ivr.asterisk)
    for name, folder in (("ivr.sounds", ivr.sounds), ("ivr.recordings", ivr.recordings)):
        if here or folder.exists():
            _look_at(name, folder)


def _look_at(name: str, folder: Path) -> None:
    """A file is written and read, as sounds are that are made, and taken away again."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(_SOUND))
            file.flush()
        next(folder.iterdir(), None)
    except OSError as error:
        raise UnusableFolder(f"{name}: {folder}: {error.strerror}") from error


def watch(counts: Metrics, log: Log, batches: BatchServer) -> None:
    """What others count, and how they stand."""
    lost = "Lines of the log that could not be written"
    counts.counter("log_lines_lost", lost, lambda: log.lost)
    stuck = "Seconds for which no line of the log could be written, though there are some"
    counts.gauge("log_stuck_seconds", stuck, lambda: log.stuck)
    counts.away = lambda: batches.outage.what
