"""Starting processes, watching what they cost, and ending them with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.bench.host.machine import cores, described, file_system
from tests.bench.host.processes import (
    Unable,
    cpu_seconds,
    family,
    free_port,
    last_words,
    listens,
    peak_megabytes,
    started,
    wait_until,
)

PARENT = """
import subprocess, sys, time
code = "import time; print('child', flush=True); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code])
time.sleep(60)
"""
COUNTER = """
import time
while time.process_time() < 0.5: pass
print("done", flush=True)
time.sleep(60)
"""


def test_a_started_process_ends_with_all_it_has_started(tmp_path: Path):
    """Even what it forgot to end itself."""
    with started("parent", [sys.executable, "-c", PARENT], cores().others, tmp_path) as parent:
        wait_until("the child speaks", lambda: "child" in last_words(tmp_path), parent)
        pids = family(parent)
        assert len(pids) == 2
        assert peak_megabytes(pids) > 1

    assert family(parent) == []


def test_cpu_seconds_are_those_spent(tmp_path: Path):
    """Half a second of counting is seen as such, sleeping as nothing."""
    command = [sys.executable, "-c", COUNTER]
    with started("counter", command, cores().others, tmp_path) as counter:
        wait_until("counted", lambda: "done" in last_words(tmp_path), counter)

        assert 0.45 <= cpu_seconds([counter.pid]) <= 0.75


def test_a_process_that_ends_before_it_is_ready_is_told(tmp_path: Path):
    """At once, not after the time-out."""
    command = [sys.executable, "-c", "raise SystemExit('no such store')"]
    with (
        pytest.raises(Unable, match="ready: the process ended with status 1"),
        started("short", command, cores().others, tmp_path) as process,
    ):
        wait_until("ready", lambda: False, process)

    assert "no such store" in last_words(tmp_path)


def test_a_listener_is_seen_without_being_called(tmp_path: Path):
    """Kannel would take a call for a box that comes and goes."""
    port = free_port()
    assert not listens(port)
    command = [sys.executable, "-m", "tests.bench.systems.kannel_balance_service", str(port)]
    with started("backend", command, cores().others, tmp_path) as backend:
        wait_until("listening", lambda: listens(port), backend)


def test_the_machine_is_described(tmp_path: Path):
    """What the stores lie on decides what an fsync means."""
    assert file_system(Path("/proc")) == "proc"
    assert "an fsync there takes" in described(tmp_path, cores())


def named(environment: bytes) -> list[Path]:
    """Every process that has inherited this."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if environment in (process / "environ").read_bytes():
                found.append(process)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path, ending: signal.Signals):
    """No process, no folder, whoever interrupts it."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.bench", "--only", "driver", "--quick"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as bench:
        wait_until("the ESME is there", lambda: len(named(bytes(tmp_path))) == 2, bench)
        bench.send_signal(ending)

    assert bench.returncode == 128 + ending
    assert named(bytes(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
