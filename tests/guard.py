"""Keep a server exactly as long as the test run that asked for it.

    python guard.py FOLDER USER SIGNAL PROGRAM ARGUMENT…

Standard input is the owner's life: when it ends, in whatever way the owner ended, the server gets
the signal and its folder is removed. When the server ends first, the guard ends and leaves the
folder, so that the owner can read the log and start it again. Only the standard library: it
starts in a few milliseconds and never sees the project.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

PATIENCE_SECONDS = 10


def main(folder: str, user: str, farewell: str, *command: str) -> int:
    # A signal to us is meant for the owner as well; its end will tell us what to do. Handled, not
    # ignored: what is ignored stays so in the server.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
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
    owner_ended = threading.Event()

    def outlive_owner() -> None:
        os.read(0, 1)
        owner_ended.set()
        server.send_signal(signal.Signals[farewell])
        try:
            server.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()

    threading.Thread(target=outlive_owner, daemon=True).start()
    status = server.wait()
    if owner_ended.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
