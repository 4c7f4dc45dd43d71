"""promtool, which looks at metrics and alert rules as Prometheus does: the machine's own, or
fetched from the distribution's package without installing it, for that would start a server."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "var" / "promtool"


def promtool() -> Path:
    """Without it the test fails, with one sentence and no traceback."""
    if found := shutil.which("promtool"):
        return Path(found)
    program = HOME / "promtool"
    if not program.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        with open(HOME / "lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several processes of one run ask at once
            if not program.exists():
                _fetch(program)
    return program


def checked(*words: str | Path, said: bytes = b"") -> str:
    """What promtool finds wrong; empty: nothing."""
    done = subprocess.run(
        [promtool(), *map(str, words)], input=said, capture_output=True, check=False
    )
    told = (done.stdout + done.stderr).decode(errors="replace")
    return told if done.returncode else ""


def _fetch(program: Path) -> None:
    with tempfile.TemporaryDirectory(dir=HOME) as name:
        folder = Path(name)
        # apt's own user may not write here; what it says of that is no mistake
        _run(folder, "apt-get", "--option=APT::Sandbox::User=root", "download", "prometheus")
        for package in folder.glob("prometheus_*.deb"):
            _run(folder, "dpkg-deb", "--extract", str(package), "root")
        (folder / "root" / "usr" / "bin" / "promtool").rename(program)


def _run(folder: Path, *command: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.fail(f"promtool is fetched with {command[0]}, which is not here", pytrace=False)
    if done.returncode:
        pytest.fail(f"promtool cannot be fetched: {done.stderr.strip()}", pytrace=False)
