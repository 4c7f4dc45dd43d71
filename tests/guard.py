"""Keep a server exactly as long as the test run that asked for it.

    python guard.py FOLDER USER SIGNAL PROGRAM ARGUMENT…

Standard input is the owner's life: when it ends, in whatever way the owner ended, the server gets
the signal and its folder is removed. When the server ends first, the guard ends and leaves the
folder, so that the owner can read the log and start it again. What a server began and left behind
ends with it: the PostgreSQL of a Patroni that could not stop it. Only the standard library: it
starts in a few milliseconds and never sees the project.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans of our children become ours
PATIENCE_SECONDS = 10


def main(folder: str, user: str, farewell: str, *command: str) -> int:
    # A signal to us is meant for the owner as well; its end will tell us what to do. Handled, not
    # ignored: what is ignored stays so in the server.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    with Path(folder, "log").open("ab") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user or None,
            extra_groups=[] if user else None,
        )
    print(server.pid, flush=True)
    owner_ended, server_ended = threading.Event(), threading.Event()

    def outlive_owner() -> None:
        os.read(0, 1)
        owner_ended.set()
        for number in (signal.Signals[farewell], signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(server.pid, number)
            if server_ended.wait(PATIENCE_SECONDS):
                return

    threading.Thread(target=outlive_owner, daemon=True).start()
    status = end_of(server.pid)
    server_ended.set()
    end_orphans()
    if owner_ended.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return status


def end_of(server: int) -> int:
    """Its exit status. Orphans that end before it are taken note of as well: somebody may look
    whether they are still there."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == server:
            return os.waitstatus_to_exitcode(status)


def end_orphans() -> None:
    """Kill what the server left behind, and what that leaves behind in turn."""
    me = os.getpid()
    while True:
        left = Path(f"/proc/{me}/task/{me}/children").read_text().split()
        if not left:
            return
        for pid in map(int, left):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
